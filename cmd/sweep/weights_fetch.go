package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/trainer/weights"
	"github.com/backbone-sweep/sweep/trainer/weights/fetch"
)

type fetchFlags struct {
	to, config, from, source, sha256 string
}

func newWeightsFetch(e *env) *cobra.Command {
	var o fetchFlags
	cmd := &cobra.Command{
		Use:   "fetch MODEL…",
		Short: "Download public ImageNet weights",
		Long: `fetch downloads the public ImageNet weights of backbones to where
"pretrained: true" finds them: the weights_dir of --config, else ./weights. With
--config and no MODEL these are the config's.

A download that broke off goes on where it was, at once or by the same command
later. A file gets its name when its checksum is right and it holds the backbone.
torchvision's file names carry their checksum; for timm's it is what the hub
announces. torchvision is the source, but for convnext_base, of which timm has
weights that saw ImageNet-22k before.

--from is a mirror: the address of one file, or of what holds files under the
publishers' names or is laid out as the Hugging Face hub. A folder will do, too.
Proxies are those of $HTTPS_PROXY, $HTTP_PROXY and $NO_PROXY; the hub's address
is $HF_ENDPOINT.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runFetch(cmd.Context(), e, o, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.to, "to", "", "`folder` to write to")
	f.StringVar(&o.config, "config", "", "config `file` whose weights_dir, and models, to take")
	f.StringVar(&o.from, "from", "", "mirror: the `URL` of a folder or of one file, or a path")
	f.StringVar(&o.source, "source", "", "torchvision or timm (default: the better start)")
	f.StringVar(&o.sha256, "sha256", "", "SHA-256 in `hex` that the file must have")
	must(cmd.RegisterFlagCompletionFunc("source", cobra.FixedCompletions([]string{weights.Torchvision, weights.Timm}, cobra.ShellCompDirectiveNoFileComp)))
	cmd.ValidArgs = configs.Backbones()
	cmd.Example = strings.TrimLeft(`
  sweep weights fetch resnet18 resnet50
  sweep weights fetch --config task02.yaml
  sweep weights fetch convnext_base --from http://mirror.lan/models`, "\n")
	return cmd
}

func runFetch(ctx context.Context, e *env, o fetchFlags, models []string) error {
	var dir string
	if o.config != "" {
		cfg, err := loadConfig(e, o.config)
		if err != nil {
			return err
		}
		dir = cfg.WeightsDir
		if len(models) == 0 {
			models = cfg.Models
		}
	}
	if o.to != "" {
		dir = o.to
	} else if dir == "" {
		dir = "weights"
	}
	if err := checkFetch(o, models); err != nil {
		return err
	}
	f := &fetcher{e: e, o: o, dir: dir, client: fetch.Client{
		HTTP: fetch.NewHTTPClient(), UserAgent: "sweep/" + programVersion(), Free: fetch.FreeSpace,
	}}
	var failed []error
	for _, model := range models {
		err := f.model(ctx, model)
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", model, err))
		}
	}
	f.say()
	return errors.Join(failed...)
}

// checkFetch finds mistakes in the command line before anything is loaded.
func checkFetch(o fetchFlags, models []string) error {
	known := configs.Backbones()
	if len(models) == 0 {
		return &usageError{fmt.Errorf("which weights? give some of %s, or --config FILE", strings.Join(known, ", "))}
	}
	for _, m := range models {
		if !slices.Contains(known, m) {
			return &usageError{fmt.Errorf("no public weights of %q are known: use %s", m, strings.Join(known, ", "))}
		}
	}
	switch {
	case o.source != "" && o.source != weights.Torchvision && o.source != weights.Timm:
		return &usageError{fmt.Errorf("--source %s: want torchvision or timm", o.source)}
	case len(models) > 1 && o.sha256 != "":
		return &usageError{errors.New("--sha256 is of one file: give one MODEL")}
	case len(models) > 1 && weights.IsFile(o.from):
		return &usageError{fmt.Errorf("--from %s is one file: give one MODEL, or the address of the folder", o.from)}
	case strings.Trim(o.sha256, "0123456789abcdefABCDEF") != "" || o.sha256 != "" && (len(o.sha256) < 8 || len(o.sha256) > 64):
		return &usageError{fmt.Errorf("--sha256 %s: want 8 to 64 hexadecimal digits", o.sha256)}
	}
	return nil
}

// fetcher puts weights into a folder.
type fetcher struct {
	e      *env
	o      fetchFlags
	dir    string
	client fetch.Client
	files  []string // "model: path" as a config names them
	others bool     // `pretrained: true` would not find some of them
}

// model gets the weights of a backbone from the first place that has them.
func (f *fetcher) model(ctx context.Context, model string) error {
	publisher := f.o.source
	if publisher == "" {
		publisher = weights.Preferred(model)
		if f.o.from != "" { // a checksum in the name is worth most there
			publisher = weights.Torchvision
		}
	}
	sources, err := weights.Sources(model, publisher, f.o.from, f.e.getenv)
	if err != nil {
		return withCode(exitUsage, err)
	}
	for _, s := range sources {
		if there, err := f.there(model, s); err != nil || there {
			return err
		}
	}
	var tried []string
	for _, s := range sources {
		err := f.get(ctx, model, s)
		var missing *fetch.NotFoundError
		if !errors.As(err, &missing) || len(sources) == 1 {
			return err
		}
		tried = append(tried, s.URL)
	}
	return fmt.Errorf("the mirror has none of %s", strings.Join(tried, ", "))
}

// wanted is the checksum that a source's file must have, as far as it is known,
// and where it is from.
func (f *fetcher) wanted(s weights.Source) (sum, by string) {
	if f.o.sha256 != "" {
		return strings.ToLower(f.o.sha256), "--sha256"
	}
	return s.SHA256, "the file's name"
}

// there reports whether a file is in its place already, and says so.
func (f *fetcher) there(model string, s weights.Source) (bool, error) {
	path := filepath.Join(f.dir, s.Name)
	if _, err := os.Stat(path); err != nil {
		return false, nil // the download will say what is wrong with the folder
	}
	digest, err := weights.Digest(path)
	if err != nil {
		return false, err
	}
	want, by := f.wanted(s)
	if !strings.HasPrefix(digest, want) {
		f.log("%s is there with the sha256 %s, want %s by %s: loading it again", path, digest, want, by)
		return false, nil
	}
	if err := holds(path, model); err != nil {
		f.log("%v: loading it again", err)
		return false, nil
	}
	fmt.Fprintf(f.e.stdout, "%s: %s is there already, sha256 %s\n", model, path, digest)
	f.took(model, path)
	return true, nil
}

func (f *fetcher) get(ctx context.Context, model string, s weights.Source) error {
	path := filepath.Join(f.dir, s.Name)
	bar := newTransfer(f.e, s.Name)
	f.client.Progress = func(p fetch.Progress) { bar.set(p.Done, p.Total) }
	f.client.Log = func(text string) {
		bar.clear()
		f.log("%s", text)
	}
	sum, by := f.wanted(s)
	got, err := f.client.Get(ctx, fetch.Request{
		URL: s.URL, Path: path, SHA256: sum, By: by,
		Check: func(part string) error { return holds(part, model) },
	})
	bar.clear()
	if err != nil {
		if errors.Is(err, context.Canceled) {
			f.log("%s: what has come is kept: the same command goes on", s.URL)
		}
		var request *url.Error
		if errors.As(err, &request) {
			err = fmt.Errorf("%w\nif this machine has no way out: give a mirror with --from, or put the file into %s as %s", err, f.dir, s.Name)
		}
		return err
	}
	checked := "no checksum of it is known"
	if got.Checked != "" {
		checked = "right by " + got.Checked
	}
	fmt.Fprintf(f.e.stdout, "%s: %s from %s, %.1f MiB, sha256 %s (%s)\n", model, path, s.URL, float64(got.Size)/(1<<20), got.SHA256, checked)
	f.took(model, path)
	return nil
}

// holds is nil for a file of a backbone's weights.
func holds(path, model string) error {
	report, err := weights.Inspect(path)
	switch {
	case err != nil:
		return err
	case report.Model == "":
		return fmt.Errorf("%s holds tensors, but not those of %s", path, model)
	case report.Model != model:
		return fmt.Errorf("%s holds %s, not %s", path, report.Model, model)
	}
	return nil
}

// took notes how a config names a file.
func (f *fetcher) took(model, path string) {
	f.files = append(f.files, fmt.Sprintf("%s: %s", model, f.inConfig(path)))
	found, err := weights.Find(model, f.dir, f.e.getenv)
	f.others = f.others || err != nil || found != path
}

// inConfig is a path as the config writes it: relative to its own folder.
func (f *fetcher) inConfig(path string) string {
	if info, err := os.Stat(f.o.config); err != nil || !info.Mode().IsRegular() {
		return path
	}
	base, err1 := filepath.Abs(filepath.Dir(f.o.config))
	abs, err2 := filepath.Abs(path)
	if rel, err := filepath.Rel(base, abs); err == nil && err1 == nil && err2 == nil {
		return rel
	}
	return path
}

// say prints the lines of a config that use the files.
func (f *fetcher) say() {
	if len(f.files) == 0 {
		return
	}
	fmt.Fprintln(f.e.stdout, "\nin the config:")
	if f.others {
		fmt.Fprintf(f.e.stdout, "  pretrained: {%s}\n", strings.Join(f.files, ", "))
		return
	}
	fmt.Fprintln(f.e.stdout, "  pretrained: true")
	if f.o.config == "" || f.o.to != "" {
		fmt.Fprintf(f.e.stdout, "  weights_dir: %s\n", f.inConfig(f.dir))
	}
}

func (f *fetcher) log(format string, args ...any) {
	fmt.Fprintf(f.e.stderr, "sweep: %s\n", fmt.Sprintf(format, args...))
}
