package kernel

import "math"

// Constants of exp: x = n*ln2 + r, |r| <= ln2/2, with ln2 in two parts so that
// r is exact, and the polynomial of Cephes' expf for exp(r).
const (
	expMax  = 87.0
	expMin  = -87.0
	log2e   = 1.44269504088896341
	ln2High = 0.693359375
	ln2Low  = -2.12194440e-4

	exp0 = 1.9875691500e-4
	exp1 = 1.3981999507e-3
	exp2 = 8.3334519073e-3
	exp3 = 4.1665795894e-2
	exp4 = 1.6666665459e-1
	exp5 = 5.0000001201e-1
)

// exp32 is e^x to 2 units in the last place. The argument is limited to
// expMin…expMax, so the result is neither denormal nor infinite.
func exp32(x float32) float32 {
	x = min(max(x, expMin), expMax)
	n := float32(math.RoundToEven(float64(x * log2e)))
	r := x - n*ln2High - n*ln2Low
	p := float32(exp0)
	p = p*r + exp1
	p = p*r + exp2
	p = p*r + exp3
	p = p*r + exp4
	p = p*r + exp5
	p = p*r*r + r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

func sigmoid32(x float32) float32 { return 1 / (1 + exp32(-x)) }

func silu32(x float32) float32 { return x * sigmoid32(x) }

func siluGrad32(dy, x float32) float32 {
	e := exp32(-x)
	s := 1 / (1 + e)
	return dy * (s * (1 + x*(e*s))) // 1-s is e*s without cancellation
}

func relu32(x float32) float32 { return max(x, 0) }

func reluGrad32(dy, x float32) float32 {
	if x > 0 {
		return dy
	}
	return 0
}

// The tail of the normal distribution is exp(-a²/2)*t*P(t) with t = 1/(1+p*a)
// for a >= 0: the form of Abramowitz and Stegun 7.1.26, P of degree 8 fitted to a
// relative error of 4e-8 on 0…13.
const (
	tailP = 0.35

	tail0 = -0.029108993709087372
	tail1 = 0.14378851652145386
	tail2 = -0.25532785058021545
	tail3 = 0.15872260928153992
	tail4 = -0.02279113233089447
	tail5 = 0.10536934435367584
	tail6 = 0.11986905336380005
	tail7 = 0.1398567110300064
	tail8 = 0.13962170481681824

	invSqrt2Pi = 0.39894228040143267794
)

// normalTail returns q = 1 - Φ(|x|) and exp(-x²/2).
func normalTail(x float32) (q, e float32) {
	e = exp32(-0.5 * x * x)
	t := 1 / (1 + tailP*max(x, -x))
	p := float32(tail0)
	p = p*t + tail1
	p = p*t + tail2
	p = p*t + tail3
	p = p*t + tail4
	p = p*t + tail5
	p = p*t + tail6
	p = p*t + tail7
	p = p*t + tail8
	return e * t * p, e
}

func genericReLU(y, x []float32) {
	for i, v := range x[:len(y)] {
		y[i] = relu32(v)
	}
}

func genericReLUGrad(dx, dy, y []float32) {
	dy = dy[:len(dx)]
	for i, v := range y[:len(dx)] {
		dx[i] = reluGrad32(dy[i], v)
	}
}

func genericSigmoid(y, x []float32) {
	for i, v := range x[:len(y)] {
		y[i] = sigmoid32(v)
	}
}

func genericSigmoidGrad(dx, dy, y []float32) {
	dy = dy[:len(dx)]
	for i, v := range y[:len(dx)] {
		dx[i] = dy[i] * (v * (1 - v))
	}
}

func genericSiLU(y, x []float32) {
	for i, v := range x[:len(y)] {
		y[i] = silu32(v)
	}
}

func genericSiLUGrad(dx, dy, x []float32) {
	dy = dy[:len(dx)]
	for i, v := range x[:len(dx)] {
		dx[i] = siluGrad32(dy[i], v)
	}
}

// x*Φ(x) is max(x,0) - |x|*q, where nothing cancels.
func genericGELU(y, x []float32) {
	for i, v := range x[:len(y)] {
		q, _ := normalTail(v)
		y[i] = max(v, 0) - max(v, -v)*q
	}
}

func genericGELUGrad(dx, dy, x []float32) {
	dy = dy[:len(dx)]
	for i, v := range x[:len(dx)] {
		q, e := normalTail(v)
		cdf := q
		if v > 0 {
			cdf = 1 - q
		}
		dx[i] = dy[i] * (cdf + v*(invSqrt2Pi*e))
	}
}
