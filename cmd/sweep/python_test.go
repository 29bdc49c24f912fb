package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python is an interpreter that has the modules: $SWEEP_PYTHON, else python3.
// Without one the test is skipped.
func python(t *testing.T, modules ...string) string {
	t.Helper()
	path := os.Getenv("SWEEP_PYTHON")
	if path == "" {
		path = "python3"
	}
	code := "import importlib.util as u, sys; print(*[m for m in sys.argv[1:] if not u.find_spec(m)])"
	out, err := exec.Command(path, append([]string{"-c", code}, modules...)...).Output()
	if err != nil {
		t.Skipf("no Python: %v (SWEEP_PYTHON names one)", err)
	}
	if missing := strings.TrimSpace(string(out)); missing != "" {
		t.Skipf("%s has no %s (SWEEP_PYTHON names another Python)", path, missing)
	}
	return path
}

// script runs a script of testdata/python in a folder and returns its stdout.
func script(t *testing.T, python, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(python, append([]string{testProgram(t, name)}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "CUDA_VISIBLE_DEVICES=")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.String())
	}
	return stdout.Bytes()
}

// pythonModels are the backbones that the tests with Python look at.
func pythonModels() []string {
	if os.Getenv("SWEEP_SLOW") != "" {
		return []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"}
	}
	return []string{"resnet18"}
}

// logits are those of a task by image.
type logits map[string][][]float64

// infer labels a folder of images and returns the logits.
func (p *program) infer(dir, config string, args ...string) logits {
	p.t.Helper()
	out, _ := p.run(0, append([]string{"infer", "--input_dir", dir, "--config", config, "--format", "json", "--logits"}, args...)...)
	all := logits{}
	for line := range strings.Lines(out) {
		var image struct{ Logits map[string][]float64 }
		if err := json.Unmarshal([]byte(line), &image); err != nil {
			p.t.Fatal(err)
		}
		for task, v := range image.Logits {
			all[task] = append(all[task], v)
		}
	}
	return all
}

// agree wants the same logits, up to a part of their root mean square.
func agree(t *testing.T, what string, got, want logits, relative float64) {
	t.Helper()
	var worst, square float64
	n := 0
	for task, images := range want {
		if len(got[task]) != len(images) {
			t.Fatalf("%s: %d images of task %s, want %d", what, len(got[task]), task, len(images))
		}
		for i, row := range images {
			if len(got[task][i]) != len(row) {
				t.Fatalf("%s: %d logits of task %s, want %d", what, len(got[task][i]), task, len(row))
			}
			for c, v := range row {
				worst = max(worst, math.Abs(v-got[task][i][c]))
				square += v * v
				n++
			}
		}
	}
	rms := math.Sqrt(square / float64(n))
	t.Logf("%-45s rms %.4f, largest difference %.1e of it", what, rms, worst/rms)
	if !(worst <= relative*rms) || n == 0 {
		t.Errorf("%s: a logit is %v off, the root mean square is %v", what, worst, rms)
	}
}

func writeConfig(t *testing.T, dir, format string, args ...any) string {
	t.Helper()
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, format, args...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPythonWeightsIn: files that PyTorch and safetensors write, of timm's and
// torchvision's networks with random values, give the logits that PyTorch has.
func TestPythonWeightsIn(t *testing.T) {
	py := python(t, "torch", "timm", "torchvision", "safetensors")
	dir := t.TempDir()
	script(t, py, ".", "weights_in.py", append([]string{filepath.Join(dir, "in"), "64"}, pythonModels()...)...)
	raw, err := os.ReadFile(filepath.Join(dir, "in", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]struct {
		Model, Head string
		Logits      logits
	}
	if err := json.Unmarshal(raw, &expected); err != nil {
		t.Fatal(err)
	}
	if want := 4 * len(pythonModels()); len(expected) != want {
		t.Fatalf("%d files, want %d", len(expected), want)
	}
	p := newProgram(t)
	for name, want := range expected {
		config := writeConfig(t, dir, "models: [%s]\nhead: %s\ndata: {image_size: 64}\nlabel_names: {action: [a, b, c, d, e], emotion: [a, b, c], situation: [a, b, c, d]}\n", want.Model, want.Head)
		got := p.infer(filepath.Join(dir, "in", "images"), config, "--weights", filepath.Join(dir, "in", name))
		agree(t, name, got, want.Logits, 1e-4)
	}
}

// TestPythonWeightsOut: what a run exports gives in timm, torchvision and ONNX
// Runtime the logits that sweep infer has. The programs in timm and ONNX Runtime
// are those of docs/weights.md.
func TestPythonWeightsOut(t *testing.T) {
	py := python(t, "torch", "timm", "torchvision", "safetensors", "onnx", "onnxruntime")
	demo, err := os.ReadFile(filepath.Join(root, "configs", "demo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := newProgram(t)
	p.run(0, "data", "demo", filepath.Join(dir, "data", "demo"))
	pictures := filepath.Join(dir, "pictures")
	drawPictures(t, pictures, 3)
	programs := documentedPrograms(t, dir)

	var jobs []job
	for _, head := range []string{"multi", "single"} {
		config := writeConfig(t, dir, "%s", strings.Replace(string(demo), "head: multi", "head: "+head, 1))
		p.run(0, "--no-tui", "--config", config, "--epochs", "1", "--models", strings.Join(pythonModels(), ","))
		for _, r := range p.runs() {
			if r.Head != head {
				continue
			}
			out := filepath.Join(dir, r.Model+"_"+head)
			if err := os.MkdirAll(out, 0o700); err != nil {
				t.Fatal(err)
			}
			want := p.infer(pictures, config, "--run", r.ID)
			timm, torchvision := filepath.Join(out, "best.safetensors"), filepath.Join(out, "tv.safetensors")
			p.run(0, "weights", "export", r.ID, "-o", timm)
			p.run(0, "weights", "export", r.ID, "-o", torchvision, "--format", "torchvision")
			p.run(0, "weights", "export", r.ID, "-o", filepath.Join(out, "best.onnx"))
			for _, file := range []string{timm, torchvision} {
				agree(t, r.Model+", "+head+", back from "+filepath.Base(file), p.infer(pictures, config, "--weights", file), want, 0)
			}
			jobs = append(jobs, job{out, testProgram(t, "onnx_logits.py"), want, onnxLogits})
			if head == "single" {
				jobs = append(jobs, job{out, testProgram(t, "torchvision_logits.py"), want, jointLogits})
				continue
			}
			copyFile(t, filepath.Join(pictures, "0.png"), filepath.Join(out, "cat.png"))
			for _, program := range programs {
				jobs = append(jobs, job{out, program, want, firstLogits})
			}
		}
	}

	var args []string
	for _, j := range jobs {
		args = append(args, j.dir, j.program)
	}
	lines := bytes.Split(bytes.TrimSpace(script(t, py, dir, "programs.py", args...)), []byte("\n"))
	var results []json.RawMessage
	if err := json.Unmarshal(lines[len(lines)-1], &results); err != nil || len(results) != len(jobs) {
		t.Fatalf("%d results of %d programs (%v)", len(results), len(jobs), err)
	}
	for i, j := range jobs {
		j.compare(t, filepath.Base(j.dir)+", "+filepath.Base(j.program), results[i], j.want)
	}
}

// job is a program that runs in the folder of a run's exports.
type job struct {
	dir, program string
	want         logits
	compare      func(t *testing.T, what string, result json.RawMessage, want logits)
}

// decode fills v from a program's result.
func decode(t *testing.T, raw json.RawMessage, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}

// firstLogits: a documented program looks at the first picture.
func firstLogits(t *testing.T, what string, result json.RawMessage, want logits) {
	var row map[string][]float64
	decode(t, result, &row)
	got, first := logits{}, logits{}
	for task := range want {
		got[task], first[task] = [][]float64{row[task]}, want[task][:1]
	}
	agree(t, what, got, first, 1e-4)
}

// onnxLogits: in a batch, and one by one.
func onnxLogits(t *testing.T, what string, result json.RawMessage, want logits) {
	var got struct{ Batch, Alone logits }
	decode(t, result, &got)
	agree(t, what+" in a batch", got.Batch, want, 1e-4)
	agree(t, what+" one by one", got.Alone, want, 1e-4)
}

// jointLogits: those of all tasks in one row.
func jointLogits(t *testing.T, what string, result json.RawMessage, want logits) {
	var rows struct{ All [][]float64 }
	decode(t, result, &rows)
	got := logits{}
	for _, row := range rows.All {
		for _, task := range []string{"action", "emotion", "situation"} {
			n := len(want[task][0])
			got[task], row = append(got[task], row[:n]), row[n:]
		}
	}
	agree(t, what, got, want, 1e-4)
}

// testProgram is a program of testdata/python.
func testProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "python", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// documentedPrograms writes the Python programs of docs/weights.md to files.
func documentedPrograms(t *testing.T, dir string) []string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "weights.md"))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for i, block := range strings.Split(string(page), "```python\n")[1:] {
		code, _, _ := strings.Cut(block, "```")
		file := filepath.Join(dir, fmt.Sprintf("documented_%d.py", i+1))
		if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if len(files) != 2 {
		t.Fatalf("%d programs in the docs, want 2", len(files))
	}
	return files
}

// drawPictures writes PNG files, whose pixels every decoder agrees on, of other
// sizes than the network's.
func drawPictures(t *testing.T, dir string, n int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 0))
		m := image.NewRGBA(image.Rect(0, 0, 90+20*i, 70))
		for at := range m.Pix {
			m.Pix[at] = uint8(128 + 60*math.Sin(float64(at)/float64(100*(i+1))) + 60*r.Float64())
			if at%4 == 3 {
				m.Pix[at] = 255
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.png", i)), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
