package op

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/backbone-sweep/sweep/trainer/hlo"
	"github.com/backbone-sweep/sweep/trainer/kernel"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lowerCase is an operation on inputs of these shapes.
type lowerCase struct {
	name string
	op   Operation
	in   []tensor.Shape
}

// shapes reads "2x5x5x4 4x4": a shape for each word; "-" is a scalar.
func shapes(text string) []tensor.Shape {
	var all []tensor.Shape
	for word := range strings.FieldsSeq(text) {
		s := tensor.Shape{}
		if word != "-" {
			for d := range strings.SplitSeq(word, "x") {
				var n int
				if _, err := fmt.Sscan(d, &n); err != nil {
					panic(err)
				}
				s = append(s, n)
			}
		}
		all = append(all, s)
	}
	return all
}

// lowerCases has every operation, convolutions in every form that the networks use.
func lowerCases() []lowerCase {
	plain, strided := Conv{Stride: 1, Pad: 1, Groups: 1}, Conv{Stride: 2, Pad: 3, Groups: 1}
	point, down := Conv{Stride: 1, Groups: 1}, Conv{Stride: 2, Groups: 1}
	deep, deepStrided, grouped := Conv{Stride: 1, Pad: 1, Groups: 4}, Conv{Stride: 2, Pad: 2, Groups: 4}, Conv{Stride: 2, Pad: 1, Groups: 2}
	var cases []lowerCase
	add := func(name string, o Operation, in string) { cases = append(cases, lowerCase{name, o, shapes(in)}) }
	conv := func(name string, c Conv, x, w, dy string) {
		X, W := shapes(x)[0], shapes(w)[0]
		add("conv "+name, c, x+" "+w)
		add("conv input grad "+name, ConvInputGrad{c, X[1], X[2]}, dy+" "+w)
		add("conv weight grad "+name, ConvWeightGrad{c, W[0], W[1]}, x+" "+dy)
	}
	conv("3x3", plain, "2x5x6x4", "3x3x4x8", "2x5x6x8")
	conv("7x7 stride 2", strided, "2x10x10x3", "7x7x3x8", "2x5x5x8")
	conv("1x1", point, "2x5x5x4", "1x1x4x8", "2x5x5x8")
	conv("1x1 stride 2", down, "2x5x5x4", "1x1x4x8", "2x3x3x8")
	conv("depthwise 3x3", deep, "2x5x5x4", "3x3x1x4", "2x5x5x4")
	conv("depthwise 5x5 stride 2", deepStrided, "2x6x6x4", "5x5x1x4", "2x3x3x4")
	conv("grouped stride 2", grouped, "2x6x6x4", "3x3x2x6", "2x3x3x6")
	add("conv with bias", plain, "2x5x5x4 3x3x4x8 8")
	add("linear", Dense{}, "2x3x3x4 4x5 5")
	add("linear input grad", DenseInputGrad{}, "2x3x3x5 4x5")
	add("linear weight grad", DenseWeightGrad{}, "2x3x3x4 2x3x3x5")
	add("batch statistics", BatchStats{}, "2x5x5x4")
	add("batch norm", BatchNorm{1e-5}, "2x5x5x4 4 4 2x4")
	add("batch norm sums", BatchNormSums{1e-5}, "2x5x5x4 2x4 2x5x5x4")
	add("batch norm input grad", BatchNormInputGrad{1e-5}, "2x5x5x4 4 2x4 2x4 2x5x5x4")
	add("frozen batch norm", FrozenBatchNorm{1e-5}, "2x5x5x4 4 4 4 4")
	add("batch norm factor", BatchNormFactor{1e-5}, "4 4")
	add("batch norm shift", BatchNormShift{}, "4 4 4")
	add("batch norm, shortcut", NormActivate{1e-5, kernel.Identity}, "2x5x5x4 4 4 2x4 2x5x5x4")
	add("batch norm, relu", NormActivate{1e-5, kernel.Rectified}, "2x5x5x4 4 4 2x4")
	add("batch norm, shortcut, relu", NormActivate{1e-5, kernel.Rectified}, "2x5x5x4 4 4 2x4 2x5x5x4")
	add("batch norm, silu", NormActivate{1e-5, kernel.Swished}, "2x5x5x4 4 4 2x4")
	add("batch norm, silu grad", NormSwishGrad{1e-5}, "2x5x5x4 4 4 2x4 2x5x5x4")
	add("batch norm, relu sums", NormRectifySums{1e-5}, "2x5x5x4 4 4 2x4 2x5x5x4")
	add("batch norm, relu input grad", NormRectifyInputGrad{1e-5}, "2x5x5x4 4 4 2x4 2x5x5x4 2x4")
	add("layer norm", LayerNormed{1e-6}, "2x3x3x4 4 4")
	add("layer norm input grad", LayerNormInputGrad{1e-6}, "2x3x3x4 4 2x3x3x4")
	add("layer norm sums", LayerNormSums{1e-6}, "2x3x3x4 2x3x3x4")
	add("max pool", Pool{3, 2, 1}, "2x6x6x4")
	add("max pool grad", PoolGrad{3, 2, 1}, "2x6x6x4 2x3x3x4 2x3x3x4")
	add("average pool", SpatialMean{}, "2x5x5x4")
	add("average pool grad", SpatialMeanGrad{5, 5}, "2x4")
	add("gate", Gate{}, "2x5x5x4 2x4")
	add("gate grad", GateGrad{}, "2x5x5x4 2x5x5x4")
	add("layer scale", Scale{}, "2x3x3x4 4")
	add("layer scale grad", ScaleGrad{}, "2x3x3x4 2x3x3x4")
	add("sum", Sum{}, "2x3 2x3")
	add("sum of rows", RowSum{}, "2x3x3x4")
	add("row", Row{1}, "2x4")
	add("stack", Stack{}, "4 4")
	add("columns", Slice{1, 3}, "2x4")
	add("pad", Pad{1, 4}, "2x2")
	for _, f := range []struct {
		name     string
		op, grad Operation
	}{
		{"relu", Rectifier{}, RectifierGrad{}},
		{"gelu", GaussianUnit{}, GaussianUnitGrad{}},
		{"silu", Swish{}, SwishGrad{}},
		{"sigmoid", Logistic{}, LogisticGrad{}},
	} {
		add(f.name, f.op, "2x3")
		add(f.name+" grad", f.grad, "2x3 2x3")
	}
	add("cross-entropy", SoftmaxLoss{}, "4x3 4")
	add("cross-entropy grad", SoftmaxLossGrad{}, "4x3 4 -")
	return cases
}

// lower writes a case as a module of its own. Arguments of more than one axis are
// activations in half precision, unless they are weights or statistics.
func (c lowerCase) lower(half, taps bool) (string, error) {
	out, err := c.op.Shape(c.in)
	if err != nil {
		return "", err
	}
	m := hlo.New("case")
	l := &Lowering{Func: m.Func, Half: half, Taps: taps}
	var in []hlo.Value
	for i, s := range c.in {
		t := hlo.F32
		if half && len(s) > 1 && s[0] == c.in[0][0] && len(s) == len(c.in[0]) {
			t = hlo.BF16
		}
		in = append(in, m.Arg(fmt.Sprintf("x%d", i), t, s...))
	}
	y, err := (&Applied{Operation: c.op, In: c.in, Out: out}).Lower(l, in)
	if err != nil {
		return "", err
	}
	m.Return(y)
	text, err := m.Text()
	return string(text), err
}

// The text that the compiler gets for every operation. When it changes on
// purpose: go test ./trainer/op -run Lowered -update.
func TestLoweredText(t *testing.T) {
	for _, v := range []struct {
		file       string
		half, taps bool
	}{{"float32", false, false}, {"bfloat16", true, false}, {"taps", false, true}} {
		var b strings.Builder
		for _, c := range lowerCases() {
			if v.taps && !strings.HasPrefix(c.name, "conv weight grad depthwise 3x3") {
				continue
			}
			text, err := c.lower(v.half, v.taps)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			again, err := c.lower(v.half, v.taps)
			if err != nil || again != text {
				t.Errorf("%s is written differently the second time (%v)", c.name, err)
			}
			fmt.Fprintf(&b, "// %s\n%s\n", c.name, text)
		}
		path := filepath.Join("testdata", "lowered", v.file+".mlir")
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != string(want) {
			t.Errorf("%s: %s", path, firstDifference(got, string(want)))
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			old := "the end"
			if i < len(w) {
				old = w[i]
			}
			return fmt.Sprintf("line %d is\n%s\nwant\n%s", i+1, g[i], old)
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// Every type of the package that can be lowered is among the cases.
func TestEveryOperationIsLowered(t *testing.T) {
	seen := map[string]bool{"Applied": true}
	for _, c := range lowerCases() {
		seen[strings.TrimPrefix(fmt.Sprintf("%T", c.op), "op.")] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Lower" {
				continue
			}
			receiver := method.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			found++
			if name := receiver.(*ast.Ident).Name; !seen[name] {
				t.Errorf("%s has no case", name)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d operations were found", found)
	}
}

// Groups are an attribute, not a loop: one convolution each, whatever their number.
func TestGroupsAreOneConvolution(t *testing.T) {
	for _, c := range lowerCases() {
		if !strings.Contains(c.name, "depthwise") && !strings.Contains(c.name, "grouped") {
			continue
		}
		text, err := c.lower(false, false)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text, "stablehlo.convolution"); n != 1 {
			t.Errorf("%s: %d convolutions", c.name, n)
		}
		attribute := "feature_group_count"
		if strings.Contains(c.name, "weight grad") {
			attribute = "batch_group_count"
		}
		if strings.Contains(text, attribute+" = 1 ") || !strings.Contains(text, attribute) {
			t.Errorf("%s has no %s", c.name, attribute)
		}
	}
}
