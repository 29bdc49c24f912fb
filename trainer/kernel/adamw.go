package kernel

import "math"

// AdamW holds the constants of one update (Loshchilov and Hutter,
// arXiv:1711.05101). Decay is decoupled from the gradient.
type AdamW struct {
	LR, Beta1, Beta2, Eps, WeightDecay float64
	Step                               int // of this update, from 1
}

// adamwConsts are the factors as the inner loop uses them.
type adamwConsts struct {
	keep     float32 // 1 - lr*decay
	mix1     float32 // 1 - beta1
	beta2    float32
	mix2     float32 // 1 - beta2
	step     float32 // lr / (1 - beta1^t)
	invRoot2 float32 // 1 / sqrt(1 - beta2^t)
	eps      float32
}

// AdamW changes parameters and both moments in one pass:
//
//	p *= 1 - lr*decay
//	m += (g - m)*(1 - beta1);  v = beta2*v + (1 - beta2)*g²
//	p -= lr/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + eps)
func (p *Pool) AdamW(param, moment1, moment2, grad []float32, a AdamW) {
	t := float64(a.Step)
	p.run(blocks(len(param), elementBlock), call{
		task: adamwTask, y: param, y2: moment1, z: moment2, x: grad,
		adamw: adamwConsts{
			keep: float32(1 - a.LR*a.WeightDecay),
			mix1: float32(1 - a.Beta1), beta2: float32(a.Beta2), mix2: float32(1 - a.Beta2),
			step:     float32(a.LR / (1 - math.Pow(a.Beta1, t))),
			invRoot2: float32(1 / math.Sqrt(1-math.Pow(a.Beta2, t))),
			eps:      float32(a.Eps),
		},
	})
}

func adamwTask(c *call, _ *scratch, i int) {
	from, to := i*elementBlock, min((i+1)*elementBlock, len(c.y))
	c.isa.adamw(c.y[from:to], c.y2[from:to], c.z[from:to], c.x[from:to], &c.adamw)
}
