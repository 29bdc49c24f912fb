package xla

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree makes empty files.
func tree(t *testing.T, files ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		path := filepath.Join(root, filepath.FromSlash(f))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const (
	inVenv   = "venv/lib/python3.11/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so"
	inConda  = "conda/lib/python3.12/site-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so"
	inPath   = "opt/lib/python3.12/site-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so"
	inUser   = "home/.local/lib/python3.11/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so"
	inDebian = "usr/lib/python3/dist-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so"
	inLocal  = "usr/local/lib/python3.11/dist-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so"
)

func TestFindAPlugin(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string
		env   map[string]string // values below the tree
		flag  string
		want  string // below the tree
		from  string
	}{
		{"nothing", nil, nil, "", "", ""},
		{"the flag before everything", []string{"p.so", "q.so", inVenv}, map[string]string{PluginVariable: "q.so", "VIRTUAL_ENV": "venv"}, "p.so", "p.so", "--plugin"},
		{"the variable", []string{"q.so", inVenv}, map[string]string{PluginVariable: "q.so", "VIRTUAL_ENV": "venv"}, "", "q.so", "$" + PluginVariable},
		{"a flag that names nothing ends the search", []string{inVenv}, map[string]string{"VIRTUAL_ENV": "venv"}, "none.so", "", ""},
		{"a folder is no plugin", []string{"d/x"}, nil, "d", "", ""},
		{"the active virtualenv", []string{inVenv, inConda, inUser}, map[string]string{"VIRTUAL_ENV": "venv", "CONDA_PREFIX": "conda", "HOME": "home"}, "", inVenv, "virtualenv"},
		{"conda", []string{inVenv, inConda, inUser}, map[string]string{"CONDA_PREFIX": "conda", "HOME": "home"}, "", inConda, "conda"},
		{"a virtualenv that is only on the path", []string{"opt/bin/python3", inPath, inUser}, map[string]string{"PATH": "opt/bin", "HOME": "home"}, "", inPath, "python3 on PATH"},
		{"the user's packages", []string{inUser}, map[string]string{"HOME": "home"}, "", inUser, "user packages"},
		{"another place for them", []string{"mine/lib/python3.9/site-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so"}, map[string]string{"PYTHONUSERBASE": "mine", "HOME": "home"}, "", "mine/lib/python3.9/site-packages/jax_plugins/xla_cuda12/xla_cuda_plugin.so", "user packages"},
		{"the system's packages", []string{inDebian}, nil, "", inDebian, "system packages"},
		{"the newest CUDA", []string{inVenv, strings.Replace(inVenv, "cuda13", "cuda12", 1)}, map[string]string{"VIRTUAL_ENV": "venv"}, "", inVenv, "virtualenv"},
		{"what was installed by hand", []string{inLocal}, nil, "", inLocal, "system packages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, c.files...)
			s := Surroundings{Root: root, Getenv: func(key string) string {
				if v, ok := c.env[key]; ok {
					return filepath.Join(root, v)
				}
				return ""
			}}
			if c.flag != "" {
				s.Plugin = filepath.Join(root, c.flag)
			}
			places := Find(s)
			got, want := Plugin(places), ""
			if c.want != "" {
				want = filepath.Join(root, c.want)
			}
			if got != want {
				t.Errorf("found %q, want %q", got, want)
			}
			for _, p := range places {
				if p.File != "" {
					if p.Name != c.from {
						t.Errorf("found in %s, want %s", p.Name, c.from)
					}
					break
				}
			}
			if want == "" {
				err := NoPlugin(places)
				if c.flag != "" && !strings.Contains(err.Error(), "--plugin names "+s.Plugin+", which is no file") {
					t.Errorf("%v", err)
				}
				if c.flag == "" && !strings.Contains(err.Error(), InstallCommand) {
					t.Errorf("%v does not say what to do", err)
				}
			}
		})
	}
}

func TestFoldersWithStrangeNames(t *testing.T) {
	root := tree(t, "a[b/lib/python3.11/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so")
	places := Find(Surroundings{Root: root, Getenv: func(key string) string {
		if key == "VIRTUAL_ENV" {
			return filepath.Join(root, "a[b")
		}
		return ""
	}})
	if Plugin(places) == "" {
		t.Error("a bracket in a folder's name hides the plugin")
	}
}

func TestDataFolder(t *testing.T) {
	root := tree(t, "p/jax_plugins/xla_cuda13/xla_cuda_plugin.so", "p/nvidia/cu13/bin/ptxas", "q/jax_plugins/xla_cuda12/xla_cuda_plugin.so")
	if got, want := dataFolder(filepath.Join(root, "p/jax_plugins/xla_cuda13/xla_cuda_plugin.so")), filepath.Join(root, "p/nvidia/cu13"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := dataFolder(filepath.Join(root, "q/jax_plugins/xla_cuda12/xla_cuda_plugin.so")); got != "" {
		t.Errorf("got %q where there is none", got)
	}
}
