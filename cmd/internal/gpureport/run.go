package gpureport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const (
	// maxOutput bounds what is kept of gpucheck's output: a report has 400 bytes a GPU.
	maxOutput = 1 << 20
	// maxDetail bounds what is quoted of output that is no report.
	maxDetail = 200
)

// Run starts gpucheck at path and reads its report. The error is one sentence
// that says what to do; a report of which something failed is no error: see
// Report.Failure. ctx bounds the time.
func Run(ctx context.Context, path string) (*Report, error) {
	var stdout, stderr head
	cmd := exec.CommandContext(ctx, path)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// A driver that hangs leaves a process that cannot be killed at once.
	cmd.WaitDelay = 2 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s gave no answer in time: the driver hangs or starts slowly: see whether nvidia-smi answers; nvidia-smi -pm 1 keeps the driver started", path)
	}
	report := new(Report)
	if json.Unmarshal(stdout.b.Bytes(), report) == nil && (report.Driver != "" || report.Failure() != "") {
		return report, nil
	}
	return nil, errors.New(sentence(path, stdout.b.String(), stderr.b.String(), err))
}

// sentence says why gpucheck gave no report.
func sentence(path, stdout, stderr string, err error) string {
	// gorgonia.org/cu initialises the driver before main, and where that fails it
	// prints a line to stdout and exits.
	if _, name, ok := strings.Cut(stdout, "Error in initialization, "); ok {
		if i := strings.LastIndex(name, ": "); i >= 0 {
			return "the CUDA driver does not start: " + Explain(strings.TrimSpace(name[i+2:]))
		}
	}
	switch {
	case strings.Contains(stderr, "libcuda.so.1: cannot open shared object file"):
		return "libcuda.so.1 is not found: install the NVIDIA driver, or give the container its GPU (docker run --gpus all)"
	case strings.Contains(stderr, "undefined symbol: cu"):
		_, symbol, _ := strings.Cut(stderr, "undefined symbol: ")
		return fmt.Sprintf("the NVIDIA driver is too old for %s (it has no %s): install a newer NVIDIA driver", path, firstWord(symbol))
	}
	detail := firstLine(stderr)
	if detail == "" {
		detail = firstLine(stdout)
	}
	switch exit := (*exec.ExitError)(nil); {
	case err == nil && detail == "":
		return fmt.Sprintf("%s printed nothing: build it again with make build-gpucheck", path)
	case err == nil:
		return fmt.Sprintf("%s printed no report but %q: build it again with make build-gpucheck", path, detail)
	case errors.As(err, &exit) && detail == "":
		return fmt.Sprintf("%s ended without a word (%v)", path, err)
	case errors.As(err, &exit):
		return fmt.Sprintf("%s ended without a report (%v): %s", path, err, detail)
	default: // it could not be started
		return fmt.Sprintf("gpucheck cannot be run: %v: build it again with make build-gpucheck", err)
	}
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return strings.TrimRight(f[0], ",;")
	}
	return ""
}

// firstLine is the first line of s that says anything, cut where it is long.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if line = strings.TrimSpace(line); len(line) > maxDetail {
		line = strings.ToValidUTF8(line[:maxDetail], "") + "…"
	}
	return line
}

// head keeps the beginning of what is written to it and drops the rest.
type head struct{ b bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	h.b.Write(p[:min(len(p), maxOutput-h.b.Len())])
	return len(p), nil
}
