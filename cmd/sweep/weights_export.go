package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer"
	"github.com/backbone-sweep/sweep/trainer/weights"
)

// The formats of weights export.
const (
	formatTimm        = "timm"
	formatTorchvision = "torchvision"
	formatONNX        = "onnx"
)

func newWeightsExport(e *env) *cobra.Command {
	var out string
	export := &cobra.Command{
		Use:   "export ID -o FILE",
		Short: "Write a run's best weights to a file",
		Long: `export writes a run's best weights. While it writes, FILE keeps its old content.
Formats:

  timm         safetensors: the backbone under timm's names and shapes, the heads as
               heads.<task>.weight and .bias (the default)
  torchvision  safetensors under torchvision's names and shapes
  onnx         the whole network, opset 17, any batch size; the default where FILE
               ends in .onnx. Input: images, normalised; one output of logits a task;
               mean, std, image size and labels are in its metadata`,
		Args: needs("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := e.oneOf(formatTimm, formatTorchvision, formatONNX)
			if err != nil {
				return err
			}
			if e.flags.format == "" && strings.HasSuffix(out, ".onnx") {
				format = formatONNX
			}
			if ext := filepath.Ext(out); ext == ".pth" || ext == ".pt" {
				return usagef("%s: safetensors and ONNX are written, not torch's %s: name it .safetensors; safetensors.torch.load_file reads that", out, ext)
			}
			x := weightsExport{e, args[0], out, format}
			return e.reading(cmd.Context(), func(st sweep.Reader) error {
				err := x.run(cmd.Context(), st)
				if errors.Is(err, store.ErrReplaced) { // by better ones, just now
					err = x.run(cmd.Context(), st)
				}
				return err
			})
		},
	}
	export.Flags().StringVarP(&out, "output", "o", "", "`file` to write")
	must(export.MarkFlagRequired("output"))
	export.Example = strings.TrimLeft(`
  sweep weights export task02-resnet18-42 -o best.safetensors
  sweep weights export task02-resnet18-42 -o best.onnx`, "\n")
	return export
}

type weightsExport struct {
	e               *env
	id, out, format string
}

func (x weightsExport) run(ctx context.Context, st sweep.Reader) error {
	m, w, err := openBest(st, x.id)
	if err != nil {
		return err
	}
	defer w.Close()
	write := func(to io.Writer) error {
		_, err := io.Copy(to, w)
		return err
	}
	if x.format != formatTimm {
		f, err := x.open(w)
		if err != nil {
			return err
		}
		defer func() {
			f.Close()
			os.Remove(f.Path)
		}()
		r, err := st.Run(x.id)
		if err != nil {
			return notFound(err)
		}
		write = func(to io.Writer) error {
			if x.format == formatTorchvision {
				return f.ExportTorchvision(to, r.Spec.Model)
			}
			return trainer.ExportONNX(to, r.Spec, f, programVersion())
		}
	}
	bar := newTransfer(x.e, filepath.Base(x.out))
	err = replaceWith(x.out, func(to io.Writer) error {
		return write(&watched{ctx: ctx, w: to, written: func(n int64) { bar.set(n, -1) }})
	})
	bar.clear()
	if err != nil {
		return fmt.Errorf("write %s: %w", x.out, err)
	}
	info, err := os.Stat(x.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(x.e.stderr, "sweep: %s: %s of run %s, epoch %d, %s %.4f, %.1f MiB\n",
		x.out, m.Model, m.Run, m.Epoch, m.Metric, m.Value, float64(info.Size())/(1<<20))
	return nil
}

// open takes weights out of the store into a temporary file.
func (x weightsExport) open(content io.Reader) (*weights.File, error) {
	path, err := temporaryFile(content)
	if err != nil {
		return nil, fmt.Errorf("take the weights of run %s out of the store: %w", x.id, err)
	}
	f, err := weights.Open(path)
	if err != nil {
		os.Remove(path)
	}
	return f, err
}

// watched is a writer that fails when its context ends and tells how many bytes
// it has written.
type watched struct {
	ctx     context.Context
	w       io.Writer
	n       int64
	written func(n int64)
}

func (w *watched) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.w.Write(p)
	w.n += int64(n)
	w.written(w.n)
	return n, err
}
