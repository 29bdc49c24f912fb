package main

import (
	"bufio"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
	"github.com/backbone-sweep/sweep/trainer/kernel"
	"github.com/backbone-sweep/sweep/trainer/op"
)

//go:embed peer_shapes.py
var peerShapes string

// hottest is the number of convolutions of a network that are measured.
const hottest = 10

// products are the matrix products [M,N,K] measured: squares, and the skinny
// shapes that the networks have.
var products = [][3]int{
	{512, 512, 512},
	{1024, 1024, 1024},
	{2048, 2048, 2048},
	{4096, 4096, 4096},
	{64, 512, 2048},
	{64, 2048, 512},
	{256, 512, 2048},
	{256, 2048, 512},
	{4096, 64, 576},
	{4096, 256, 64},
	{16384, 144, 24},
	{576, 64, 4096},
}

// part is a product or one pass of a convolution. The peer reads it as JSON.
type part struct {
	Pass    string  `json:"pass"` // product, forward, input, weight; train, infer
	Seconds float64 `json:"seconds"`
	CPU     bool    `json:"cpu"` // count the process's time on processors

	Model string `json:"model,omitempty"`
	Size  int    `json:"size,omitempty"`

	M int `json:"m,omitempty"`
	N int `json:"n"`
	K int `json:"k,omitempty"`

	H      int `json:"h,omitempty"`
	W      int `json:"w,omitempty"`
	C      int `json:"c,omitempty"`
	O      int `json:"o,omitempty"`
	KH     int `json:"kh,omitempty"`
	KW     int `json:"kw,omitempty"`
	Stride int `json:"stride,omitempty"`
	Pad    int `json:"pad"`
	Groups int `json:"groups,omitempty"`
}

// shapesTable prints GFLOP/s of every part and images/s of every network, the peer's beside it where python
// names a Python with PyTorch.
func shapesTable(o options, python string) error {
	pool := kernel.NewPool(o.threads)
	defer pool.Close()
	m := &meter{pool: pool, o: o}
	clock := "s"
	if o.cpu {
		clock = "s of processor time"
	}
	fmt.Printf("%d threads, %s; median of %d windows of %g %s", o.threads, pool.ISA(), o.windows, o.seconds, clock)
	if python != "" {
		p, err := startPeer(python, o.threads)
		if err != nil {
			return fmt.Errorf("peer %s: %w", python, err)
		}
		defer p.close()
		m.peer = p
		fmt.Printf(", alternating with PyTorch %s; a cell is ours / PyTorch's = ratio", p.torch)
	}
	fmt.Print("\n\n| product M×N×K | GFLOP/s |\n|---|--:|\n")
	for _, p := range products {
		q := part{Pass: "product", M: p[0], N: p[1], K: p[2]}
		cell, err := m.cell(q, 2*float64(p[0])*float64(p[1])*float64(p[2])/1e9, prepare(pool, q))
		if err != nil {
			return err
		}
		fmt.Printf("| %d×%d×%d | %s |\n", p[0], p[1], p[2], cell)
	}
	for _, size := range o.sizes {
		for _, model := range o.models {
			if err := m.network(model, size); err != nil {
				return fmt.Errorf("%s at %d px: %w", model, size, err)
			}
		}
	}
	return nil
}

// hotConv is a convolution of a network and how often it occurs.
type hotConv struct {
	kernel.ConvShape
	count int
}

// multiplyAdds of one pass.
func multiplyAdds(s kernel.ConvShape) int { return s.OutputLen() * s.KH * s.KW * s.C / s.Groups }

// convolutions lists the convolutions and linear layers of a network, those with
// the most multiply-adds first.
func convolutions(model string, size, batch int) ([]hotConv, error) {
	g, err := backbone.Build(backbone.Options{
		Model: model, Head: run.HeadMulti, TaskNames: []string{"a"}, Classes: []int{2}, Batch: batch, Size: size, Training: true,
	})
	if err != nil {
		return nil, err
	}
	var found []hotConv
	for _, n := range op.Reachable(op.Nodes{g.Total}) {
		a, ok := n.Op().(*op.Applied)
		if !ok {
			continue
		}
		var s kernel.ConvShape
		switch o := a.Operation.(type) {
		case op.Conv:
			x, w := a.In[0], a.In[1]
			s = kernel.ConvShape{
				N: x[0], H: x[1], W: x[2], C: x[3], O: w[3], KH: w[0], KW: w[1], Stride: o.Stride, Pad: o.Pad, Groups: o.Groups,
			}
		case op.Dense:
			x, w := a.In[0], a.In[1]
			s = kernel.ConvShape{N: x[0], H: 1, W: 1, C: w[0], O: w[1], KH: 1, KW: 1, Stride: 1, Groups: 1}
			if len(x) == 4 {
				s.H, s.W = x[1], x[2]
			}
		default:
			continue
		}
		if i := slices.IndexFunc(found, func(h hotConv) bool { return h.ConvShape == s }); i >= 0 {
			found[i].count++
		} else {
			found = append(found, hotConv{s, 1})
		}
	}
	slices.SortStableFunc(found, func(a, b hotConv) int {
		return cmp.Compare(b.count*multiplyAdds(b.ConvShape), a.count*multiplyAdds(a.ConvShape))
	})
	return found[:min(len(found), hottest)], nil
}

// meter measures parts, ours and the peer's in turn.
type meter struct {
	pool *kernel.Pool
	o    options
	peer *peer
}

func (m *meter) network(model string, size int) error {
	n, err := compile(model, size, m.o.batch)
	if err != nil {
		return err
	}
	defer n.close()
	train, err := m.cell(part{Pass: "train", Model: model, Size: size, N: m.o.batch}, float64(m.o.batch), n.train)
	if err != nil {
		return err
	}
	infer, err := m.cell(part{Pass: "infer", Model: model, Size: size, N: m.o.batch}, float64(m.o.batch), n.infer)
	if err != nil {
		return err
	}
	fmt.Printf("\n%s at %d px, images/s: training %s, inference %s\n", model, size, train, infer)
	convs, err := convolutions(model, size, m.o.batch)
	if err != nil {
		return err
	}
	fmt.Printf("\n| %s, %d px, batch %d | of them | forward | input gradient | weight gradient |\n|---|--:|--:|--:|--:|\n", model, size, m.o.batch)
	for _, c := range convs {
		s := c.ConvShape
		line := fmt.Sprintf("| %d×%d", s.KH, s.KW)
		if s.Groups > 1 {
			line += " depthwise"
		}
		if s.Stride > 1 {
			line += fmt.Sprintf(" stride %d", s.Stride)
		}
		line += fmt.Sprintf(", %d→%d at %d×%d | %d |", s.C, s.O, s.H, s.W, c.count)
		for _, pass := range []string{"forward", "input", "weight"} {
			q := part{
				Pass: pass, N: s.N, H: s.H, W: s.W, C: s.C, O: s.O, KH: s.KH, KW: s.KW, Stride: s.Stride, Pad: s.Pad, Groups: s.Groups,
			}
			cell, err := m.cell(q, 2*float64(multiplyAdds(s))/1e9, prepare(m.pool, q))
			if err != nil {
				return err
			}
			line += " " + cell + " |"
		}
		fmt.Println(line)
	}
	return nil
}

// cell is what calls of run do a second, each this amount: ours, or ours / the
// peer's = ratio.
func (m *meter) cell(q part, amount float64, run func() error) (string, error) {
	q.Seconds, q.CPU = m.o.seconds, m.o.cpu
	if err := run(); err != nil {
		return "", err
	}
	var ours, theirs, ratios []float64
	for range m.o.windows {
		n, start := 0, now(q.CPU)
		for n == 0 || now(q.CPU)-start < q.Seconds {
			if err := run(); err != nil {
				return "", err
			}
			n++
		}
		a := amount * float64(n) / (now(q.CPU) - start)
		ours = append(ours, a)
		if m.peer == nil {
			continue
		}
		seconds, err := m.peer.time(q)
		if err != nil {
			return "", err
		}
		b := amount / seconds
		theirs, ratios = append(theirs, b), append(ratios, a/b)
	}
	if m.peer == nil {
		return short(middle(ours)), nil
	}
	return fmt.Sprintf("%s / %s = %.2f", short(middle(ours)), short(middle(theirs)), middle(ratios)), nil
}

// short is a rate with two digits at least.
func short(v float64) string {
	if v < 10 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

var started = time.Now()

// now is a time in seconds: the clock's, or that of all threads on processors.
func now(cpu bool) float64 {
	if !cpu {
		return time.Since(started).Seconds()
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it fails for a wrong argument only
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// middle is the median.
func middle(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// prepare returns a call of the part on memory of its own.
func prepare(p *kernel.Pool, q part) func() error {
	call := operation(p, q)
	return func() error {
		call()
		return nil
	}
}

func operation(p *kernel.Pool, q part) func() {
	fill := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(i%17) - 8
		}
		return x
	}
	if q.Pass == "product" {
		g := kernel.Gemm{
			M: q.M, N: q.N, K: q.K, A: kernel.RowMajor(fill(q.M*q.K), q.K),
			B: kernel.RowMajor(fill(q.K*q.N), q.N), C: kernel.RowMajor(fill(q.M*q.N), q.N),
		}
		return func() { p.Gemm(g) }
	}
	s := kernel.ConvShape{
		N: q.N, H: q.H, W: q.W, C: q.C, O: q.O, KH: q.KH, KW: q.KW, Stride: q.Stride, Pad: q.Pad, Groups: q.Groups,
	}
	x, w, y := fill(s.InputLen()), fill(s.WeightLen()), fill(s.OutputLen())
	switch q.Pass {
	case "forward":
		return func() { p.ConvForward(y, x, w, nil, s) }
	case "input":
		return func() { p.ConvInputGrad(x, y, w, s) }
	}
	return func() { p.ConvWeightGrad(w, x, y, s) }
}

// peer is a running peer_shapes.py.
type peer struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	torch string
}

func startPeer(python string, threads int) (*peer, error) {
	p := &peer{cmd: exec.Command(python, "-c", peerShapes, strconv.Itoa(threads))}
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		p.close()
		return nil, fmt.Errorf("it ended before it began: has it PyTorch? %w", err)
	}
	var hello struct{ Torch string }
	if err := json.Unmarshal(line, &hello); err != nil {
		p.close()
		return nil, fmt.Errorf("its output %q: %w", line, err)
	}
	p.torch = hello.Torch
	return p, nil
}

// time is the seconds of one call.
func (p *peer) time(q part) (float64, error) {
	if err := json.NewEncoder(p.in).Encode(q); err != nil {
		return 0, fmt.Errorf("ask the peer: %w", err)
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("the peer's answer to %+v: %w", q, err)
	}
	return strconv.ParseFloat(strings.TrimSpace(line), 64)
}

// close ends the process; whatever it says then is of no interest.
func (p *peer) close() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}
