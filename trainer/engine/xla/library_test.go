//go:build cgo && (linux || darwin)

package xla

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// library compiles a C file into a shared library.
func library(t *testing.T, code string, flags ...string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler to make a library with")
	}
	dir := t.TempDir()
	source, out := filepath.Join(dir, "lib.c"), filepath.Join(dir, "libmade.so")
	if err := os.WriteFile(source, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-shared", "-fPIC", "-o", out, source}, flags...)
	if text, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// api is the head of the interface of a plugin of this version, and nothing more:
// a program that called into it would crash.
func api(major, minor string) string {
	return `#include <stddef.h>
static struct { size_t size; void* ext; size_t vsize; void* vext; int major, minor; } head = {48, NULL, 24, NULL, ` + major + `, ` + minor + `};
const void* GetPjrtApi(void) { return &head; }`
}

func TestFilesThatAreNoPlugin(t *testing.T) {
	text := filepath.Join(t.TempDir(), "plugin.so")
	if err := os.WriteFile(text, []byte("not a library"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := library(t, "int there(void) { return 1; }")
	needy := library(t, "extern int there(void); const void* GetPjrtApi(void) { return there() ? 0 : 0; }", missing)
	if err := os.Remove(missing); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"absent", "/nowhere/plugin.so", "/nowhere/plugin.so is no file"},
		{"a folder", t.TempDir(), "is no file"},
		{"a text", text, "cannot be loaded"},
		{"a library of something else", library(t, "int f(void) { return 1; }"), "is no PJRT plugin: it has no GetPjrtApi"},
		{"a library that lacks another", needy, "which is missing"},
		{"an interface that is not there", library(t, "const void* GetPjrtApi(void) { return 0; }"), "returned no PJRT interface"},
		{"a version that is too old", library(t, api("0", "30")), "speaks PJRT 0.30; this program needs 0.54 or newer"},
		{"a version of another kind", library(t, api("1", "0")), "speaks PJRT 1.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(Options{Plugin: c.path})
			var plugin *PluginError
			if !errors.As(err, &plugin) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if plugin.Mend == "" || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v is no sentence that says what to do", err)
			}
		})
	}
	if _, err := Open(Options{}); err == nil || !strings.Contains(err.Error(), InstallCommand) {
		t.Errorf("without a plugin: %v", err)
	}
}
