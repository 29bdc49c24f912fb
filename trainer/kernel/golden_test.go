package kernel

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// testdata/ops.json holds float64 results of single operations in PyTorch's
// layouts: images NCHW, convolution weights OIHW, linear weights [out,in].

type golden struct {
	Shape []int
	Data  []float64
}

func (g golden) floats() []float32 {
	out := make([]float32, len(g.Data))
	for i, v := range g.Data {
		out[i] = float32(v)
	}
	return out
}

// permuted returns the data with its axes in the order given.
func (g golden) permuted(axes ...int) []float32 {
	stride := make([]int, len(g.Shape))
	for i, n := len(g.Shape)-1, 1; i >= 0; i-- {
		stride[i] = n
		n *= g.Shape[i]
	}
	var out []float32
	var walk func(depth, at int)
	walk = func(depth, at int) {
		if depth == len(axes) {
			out = append(out, float32(g.Data[at]))
			return
		}
		for i := range g.Shape[axes[depth]] {
			walk(depth+1, at+i*stride[axes[depth]])
		}
	}
	walk(0, 0)
	return out
}

func (g golden) nhwc() []float32 {
	if len(g.Shape) != 4 {
		return g.floats()
	}
	return g.permuted(0, 2, 3, 1)
}

func (g golden) hwio() []float32 { return g.permuted(2, 3, 1, 0) }

type goldenCase struct {
	Name  string
	Op    string
	Attrs struct {
		Stride, Pad, Groups, Kernel int
		Eps                         float32
		Betas                       []float64
		WeightDecay                 float64 `json:"weight_decay"`
	}
	Inputs, Grads map[string]golden
	Output, Dy    golden
	Labels        []float32
	Steps         []struct {
		LR         float64
		G, P, M, V golden
	}
	RunningMean golden `json:"running_mean"`
	RunningVar  golden `json:"running_var"`
}

func readGolden(t *testing.T) []goldenCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/ops.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []goldenCase }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 38 {
		t.Fatalf("ops.json has %d cases, want 38", len(file.Cases))
	}
	return file.Cases
}

// near fails unless every value is within tol of the largest wanted value.
func near(t *testing.T, what string, got, want []float32, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	var top float64
	for _, v := range want {
		top = max(top, math.Abs(float64(v)))
	}
	for i, v := range want {
		if d := math.Abs(float64(got[i]) - float64(v)); !(d <= tol*top) {
			t.Fatalf("%s[%d] = %v, want %v (off by %.2g of the largest)", what, i, got[i], v, d/top)
		}
	}
}

// everyISA runs a test on each instruction set of this machine.
func everyISA(t *testing.T, f func(t *testing.T, p *Pool)) {
	for _, set := range available() {
		t.Run(set.name, func(t *testing.T) {
			p := newPool(2, set)
			defer p.Close()
			f(t, p)
		})
	}
}

// garbage is an output buffer whose content must not survive.
func garbage(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(math.NaN())
	}
	return out
}

func TestGolden(t *testing.T) {
	cases := readGolden(t)
	everyISA(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			t.Run(c.Name, func(t *testing.T) {
				tol := 1e-5
				if c.Name == "batchnorm_train_offset" {
					tol = 2e-4
				}
				checkGolden(t, p, c, tol)
			})
		}
	})
}

func checkGolden(t *testing.T, p *Pool, c goldenCase, tol float64) {
	x, dy := c.Inputs["x"].nhwc(), c.Dy.nhwc()
	y, dx := garbage(len(c.Output.Data)), garbage(len(x))
	checkOut := func() { t.Helper(); near(t, "y", y, c.Output.nhwc(), tol) }
	checkDx := func() { t.Helper(); near(t, "dx", dx, c.Grads["x"].nhwc(), tol) }
	grad := func(name string) []float32 { return c.Grads[name].floats() }
	eps := c.Attrs.Eps
	dims := append(c.Inputs["x"].Shape, 1, 1, 1, 1)
	channels := dims[1]

	switch c.Op {
	case "conv2d":
		w := c.Inputs["w"].Shape
		s := ConvShape{
			N: dims[0], H: dims[2], W: dims[3], C: dims[1], O: w[0], KH: w[2], KW: w[3],
			Stride: c.Attrs.Stride, Pad: c.Attrs.Pad, Groups: c.Attrs.Groups,
		}
		weights := c.Inputs["w"].hwio()
		var bias []float32
		if b, ok := c.Inputs["b"]; ok {
			bias = b.floats()
			db := garbage(s.O)
			p.SumRows(db, dy, len(dy)/s.O, s.O)
			near(t, "db", db, grad("b"), tol)
		}
		p.ConvForward(y, x, weights, bias, s)
		checkOut()
		p.ConvInputGrad(dx, dy, weights, s)
		checkDx()
		dw := garbage(len(weights))
		p.ConvWeightGrad(dw, x, dy, s)
		near(t, "dw", dw, c.Grads["w"].hwio(), tol)

	case "linear":
		rows, in, out := dims[0], dims[1], c.Output.Shape[1]
		w := c.Inputs["w"].permuted(1, 0)
		p.Gemm(Gemm{M: rows, N: out, K: in, A: RowMajor(x, in), B: RowMajor(w, out), C: RowMajor(y, out), Bias: c.Inputs["b"].floats()})
		checkOut()
		p.Gemm(Gemm{M: rows, N: in, K: out, A: RowMajor(dy, out), B: RowMajor(w, out).Transposed(), C: RowMajor(dx, in)})
		checkDx()
		dw, db := garbage(len(w)), garbage(out)
		p.Gemm(Gemm{M: in, N: out, K: rows, A: RowMajor(x, in).Transposed(), B: RowMajor(dy, out), C: RowMajor(dw, out)})
		near(t, "dw", dw, c.Grads["w"].permuted(1, 0), tol)
		p.SumRows(db, dy, rows, out)
		near(t, "db", db, grad("b"), tol)

	case "batchnorm_train":
		rows, C := len(x)/channels, channels
		gamma, beta := c.Inputs["gamma"].floats(), c.Inputs["beta"].floats()
		stats, sums := garbage(2*C), garbage(2*C)
		p.BatchStats(stats, x, rows, C)
		p.BatchNormForward(y, x, stats, gamma, beta, eps, rows, C)
		checkOut()
		p.BatchNormReduce(sums, x, dy, stats, eps, rows, C)
		near(t, "dbeta", sums[:C], grad("beta"), tol)
		near(t, "dgamma", sums[C:], grad("gamma"), tol)
		p.BatchNormInputGrad(dx, dy, x, stats, gamma, sums, eps, rows, C)
		checkDx()

	case "batchnorm_eval":
		rows, C := len(x)/channels, channels
		gamma, beta := c.Inputs["gamma"].floats(), c.Inputs["beta"].floats()
		mean, variance := c.RunningMean.floats(), c.RunningVar.floats()
		p.BatchNormEval(y, x, mean, variance, gamma, beta, eps, rows, C)
		checkOut()
		p.BatchNormEvalInputGrad(dx, dy, variance, gamma, eps, rows, C)
		checkDx()
		sums := garbage(2 * C)
		p.BatchNormReduce(sums, x, dy, append(mean, variance...), eps, rows, C)
		near(t, "dbeta", sums[:C], grad("beta"), tol)
		near(t, "dgamma", sums[C:], grad("gamma"), tol)

	case "layernorm":
		rows, C := len(x)/channels, channels
		gamma, beta := c.Inputs["gamma"].floats(), c.Inputs["beta"].floats()
		p.LayerNormForward(y, x, gamma, beta, eps, rows, C)
		checkOut()
		p.LayerNormInputGrad(dx, dy, x, gamma, eps, rows, C)
		checkDx()
		sums := garbage(2 * C)
		p.LayerNormParamGrad(sums, dy, x, eps, rows, C)
		near(t, "dgamma", sums[:C], grad("gamma"), tol)
		near(t, "dbeta", sums[C:], grad("beta"), tol)

	case "maxpool2d":
		s := PoolShape{
			N: dims[0], H: dims[2], W: dims[3], C: dims[1],
			Kernel: c.Attrs.Kernel, Stride: c.Attrs.Stride, Pad: c.Attrs.Pad,
		}
		p.MaxPool(y, x, s)
		checkOut()
		p.MaxPoolGrad(dx, dy, y, x, s)
		checkDx()

	case "global_avg_pool":
		pixels := dims[2] * dims[3]
		p.GlobalAvgPool(y, x, dims[0], pixels, channels)
		checkOut()
		p.GlobalAvgPoolGrad(dx, dy, dims[0], pixels, channels)
		checkDx()

	case "mul":
		pixels := dims[2] * dims[3]
		gate := c.Inputs["gate"].floats()
		p.ChannelScale(y, x, gate, dims[0], pixels, channels)
		checkOut()
		p.ChannelScale(dx, dy, gate, dims[0], pixels, channels)
		checkDx()
		dgate := garbage(len(gate))
		p.ChannelScaleGateGrad(dgate, dy, x, dims[0], pixels, channels)
		near(t, "dgate", dgate, grad("gate"), tol)

	case "layer_scale":
		rows, gamma := len(x)/channels, c.Inputs["gamma"].floats()
		p.LayerScale(y, x, gamma, rows, channels)
		checkOut()
		p.LayerScale(dx, dy, gamma, rows, channels)
		checkDx()
		dgamma := garbage(channels)
		p.LayerScaleGammaGrad(dgamma, dy, x, rows, channels)
		near(t, "dgamma", dgamma, grad("gamma"), tol)

	case "gelu_erf":
		p.GELU(y, x)
		checkOut()
		p.GELUGrad(dx, dy, x)
		checkDx()
	case "silu":
		p.SiLU(y, x)
		checkOut()
		p.SiLUGrad(dx, dy, x)
		checkDx()
	case "sigmoid":
		p.Sigmoid(y, x)
		checkOut()
		p.SigmoidGrad(dx, dy, y)
		checkDx()
	case "relu":
		p.ReLU(y, x)
		checkOut()
		p.ReLUGrad(dx, dy, y)
		checkDx()

	case "cross_entropy_mean":
		rows, classes := dims[0], dims[1]
		p.CrossEntropy(y, x, c.Labels, rows, classes)
		checkOut()
		p.CrossEntropyGrad(dx, x, c.Labels, []float32{1}, rows, classes)
		checkDx()

	case "adamw":
		w := c.Inputs["p"].floats()
		m, v := make([]float32, len(w)), make([]float32, len(w))
		for i, step := range c.Steps {
			p.AdamW(w, m, v, step.G.floats(), AdamW{
				LR: step.LR, Beta1: c.Attrs.Betas[0], Beta2: c.Attrs.Betas[1], Eps: float64(eps),
				WeightDecay: c.Attrs.WeightDecay, Step: i + 1,
			})
			near(t, "p", w, step.P.floats(), tol)
			near(t, "m", m, step.M.floats(), tol)
			near(t, "v", v, step.V.floats(), tol)
		}

	default:
		t.Fatalf("no test for operation %q", c.Op)
	}
}
