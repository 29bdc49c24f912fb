package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/backbone-sweep/sweep"
)

// mayImport says which packages of this module a package may import, by the
// longest folder that fits; "trainer/..." stands for everything below, too.
var mayImport = map[string][]string{
	"cmd":            {"cmd/...", "tui/...", "sweep/...", "trainer/...", "store/...", "configs"},
	"tui":            {"tui/...", "sweep", "sweep/run"},
	"sweep":          {"sweep/...", "store/...", "configs"},
	"sweep/run":      {},
	"trainer":        {"trainer/...", "configs", "sweep/run"},
	"trainer/kernel": {"trainer/kernel/..."},
	"trainer/rng":    {},
	"store":          {"store/...", "sweep/run"},
	"configs":        {},
}

// onlyIn says where packages from outside may be imported; all others may be
// imported everywhere.
var onlyIn = map[string][]string{
	"gorgonia.org/cu":                   {"cmd/gpucheck"},
	"gorgonia.org":                      {"trainer"},
	"github.com/gomlx":                  {"trainer"},
	"go.etcd.io/bbolt":                  {"store"},
	"charm.land":                        {"tui", "cmd"},
	"github.com/NimbleMarkets/ntcharts": {"tui"},
	"github.com/spf13/cobra":            {"cmd"},
	"gopkg.in/yaml.v3":                  {"configs"},
	"google.golang.org/protobuf":        {"trainer/onnx"},
}

// TestImports holds the packages to what they may know of each other. Tests may
// besides use the words of sweep/run and the configs.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	eachGoFile(t, func(file string, imports []string) {
		from := path.Dir(file)
		rule := longestFolder(from, mayImport)
		if rule == "" {
			t.Errorf("%s: no rule for this folder", file)
			return
		}
		seen[rule] = true
		test := strings.HasSuffix(file, "_test.go")
		for _, imp := range imports {
			if imp == "C" {
				continue
			}
			to, ours := strings.CutPrefix(imp, module+"/")
			switch {
			case !ours:
				if outside := longestFolder(imp, onlyIn); outside != "" && !slices.ContainsFunc(onlyIn[outside], func(dir string) bool { return within(from, dir) }) {
					t.Errorf("%s imports %s, which is only for %s", file, imp, strings.Join(onlyIn[outside], " and "))
				}
			case to == from: // an external test of its package
			case test && (to == "sweep/run" || to == "configs"):
			case !allowed(to, mayImport[rule]):
				t.Errorf("%s imports %s: %s may import %v of ours", file, to, rule, mayImport[rule])
			}
		}
	})
	for rule := range mayImport {
		if !seen[rule] {
			t.Errorf("the rule for %s has no file to hold", rule)
		}
	}
}

// TestTopLevel keeps the first thing a newcomer sees to what belongs there.
func TestTopLevel(t *testing.T) {
	files, err := exec.Command("git", "-c", "safe.directory=*", "-C", root, "ls-files").Output()
	if err != nil {
		t.Skip("not a git clone: ", err)
	}
	known := []string{
		".ci", ".github", ".gitignore", "LICENSE", "Makefile", "README.md", "cmd", "configs", "docs",
		"go.mod", "go.sum", "staticcheck.conf", "store", "sweep", "trainer", "tui",
	}
	for file := range strings.Lines(string(files)) {
		top, _, _ := strings.Cut(strings.TrimSpace(file), "/")
		if !slices.Contains(known, top) {
			t.Errorf("%s does not belong at the top", top)
			known = append(known, top) // once is enough
		}
	}
}

// eachGoFile visits every Go file of the module, whatever its build tags, with
// its path from the root and its imports.
func eachGoFile(t *testing.T, visit func(file string, imports []string)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == "testdata" || strings.HasPrefix(name, ".") && file != root {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(file, "go.mod")); err == nil && file != root {
				return filepath.SkipDir // another module
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		var imports []string
		for _, s := range f.Imports {
			imp, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imp)
		}
		n++
		visit(filepath.ToSlash(rel), imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatal("no Go files found")
	}
}

// longestFolder is the longest key of rules that is p or a folder above it.
func longestFolder[V any](p string, rules map[string]V) string {
	best := ""
	for dir := range rules {
		if within(p, dir) && len(dir) > len(best) {
			best = dir
		}
	}
	return best
}

// within reports whether p is dir or below it.
func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

func allowed(to string, list []string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		dir, below := strings.CutSuffix(entry, "/...")
		return to == dir || below && within(to, dir)
	})
}
