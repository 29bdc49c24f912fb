package gpureport

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// script is a gpucheck that is a few lines of shell.
func script(t *testing.T, lines string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gpucheck")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+lines), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRunReadsTheReport(t *testing.T) {
	for name, c := range map[string]struct{ lines, failure string }{
		"good":           {`echo '{"driver":"13.0","devices":[{"index":0,"name":"H200","self_test":true}],"later":1}'`, ""},
		"a device fails": {`echo '{"driver":"13.0","devices":[{"index":0},{"index":1,"error":"GPU 1: broken"}]}'; echo broken >&2; exit 1`, "GPU 1: broken"},
		"none is tried":  {`echo '{"driver":"11.4","devices":[],"error":"too old"}'; exit 1`, "too old"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Run(t.Context(), script(t, c.lines))
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Failure(); got != c.failure {
				t.Errorf("got %q, want %q", got, c.failure)
			}
		})
	}
}

func TestRunSaysWhyThereIsNoReport(t *testing.T) {
	for name, c := range map[string]struct{ lines, want string }{
		"no GPU": {
			`echo 'Error in initialization, please refer to "https://docs.nvidia.com/x.html" for details on: NoDevice'; exit 1`,
			"the CUDA driver does not start: NoDevice: the driver sees no GPU",
		},
		"an error newer than cu": {
			`echo 'Error in initialization, please refer to "https://docs.nvidia.com/x.html" for details on: UnknownErrorCode:34'; exit 1`,
			"the CUDA driver does not start: UnknownErrorCode:34: the libcuda.so.1 that was found is the toolkit's stub",
		},
		"no driver": {
			`echo "$0: error while loading shared libraries: libcuda.so.1: cannot open shared object file: No such file or directory" >&2; exit 127`,
			"libcuda.so.1 is not found: install the NVIDIA driver",
		},
		"an old driver": {
			`echo "$0: symbol lookup error: $0: undefined symbol: cuDeviceGetUuid_v2, version x" >&2; exit 127`,
			"(it has no cuDeviceGetUuid_v2): install a newer NVIDIA driver",
		},
		"nothing":         {`exit 0`, "printed nothing: build it again with make build-gpucheck"},
		"something else":  {`echo usage: gpucheck FILE; echo more`, `printed no report but "usage: gpucheck FILE"`},
		"another object":  {`echo '{}'`, `printed no report but "{}"`},
		"half a report":   {`echo '{"driver":"13.0","dev'; exit 1`, `ended without a report (exit status 1): {"driver":"13.0","dev`},
		"a crash":         {`kill -SEGV $$`, "ended without a word (signal: segmentation fault"},
		"built without":   {`echo "this gpucheck was built without CUDA: make build-gpucheck builds the real one" >&2; exit 1`, "built without CUDA"},
		"gigabytes of it": {`i=0; while [ $i -lt 300 ]; do head -c 10000 /dev/zero | tr '\0' x; i=$((i+1)); done`, "xxx…\""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Run(t.Context(), script(t, c.lines))
			if err == nil {
				t.Fatalf("read %+v", r)
			}
			if got := err.Error(); !strings.Contains(got, c.want) || strings.Contains(got, "\n") || len(got) > 500 {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestRunThatCannotStart(t *testing.T) {
	path := script(t, "")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), path); err == nil || !strings.HasPrefix(err.Error(), "gpucheck cannot be run: ") {
		t.Error(err)
	}
}

func TestRunEndsInTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := Run(ctx, script(t, "exec sleep 600"))
	if err == nil || !strings.Contains(err.Error(), "gave no answer in time") {
		t.Error(err)
	}
}
