package kernel

import "math"

// Constants of exp: x = n*ln2 + r, |r| <= ln2/2, with ln2 in two parts so that
// r is exact, and the polynomial of Cephes' expf for exp(r).
const (
	expMax  = 88.0
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

// erf(x) as the odd rational x*A(x²)/B(x²) on |x| <= 4, beyond which float32
// rounds it to ±1: the minimax fit of Eigen (unsupported/Eigen/SpecialFunctions),
// absolute error below 5e-7.
const (
	erfMax = 4

	erfA0 = -1.60960333262415e-02
	erfA1 = -2.95459980854025e-03
	erfA2 = -7.34990630326855e-04
	erfA3 = -5.69250639462346e-05
	erfA4 = -2.10102402082508e-06
	erfA5 = 2.77068142495902e-08
	erfA6 = -2.72614225801306e-10

	erfB0 = -1.42647390514189e-02
	erfB1 = -7.37332916720468e-03
	erfB2 = -1.68282697438203e-03
	erfB3 = -2.13374055278905e-04
	erfB4 = -1.45660718464996e-05

	sqrtHalf   = 0.70710678118654752440
	invSqrt2Pi = 0.39894228040143267794
)

func erf32(x float32) float32 {
	x = min(max(x, -erfMax), erfMax)
	t := x * x
	a := float32(erfA6)
	a = a*t + erfA5
	a = a*t + erfA4
	a = a*t + erfA3
	a = a*t + erfA2
	a = a*t + erfA1
	a = a*t + erfA0
	b := float32(erfB4)
	b = b*t + erfB3
	b = b*t + erfB2
	b = b*t + erfB1
	b = b*t + erfB0
	return x * a / b
}

// normalCDF is Φ(x), the distribution function of the standard normal.
func normalCDF(x float32) float32 { return 0.5 + 0.5*erf32(x*sqrtHalf) }

func genericReLU(y, x []float32) {
	for i, v := range x[:len(y)] {
		y[i] = max(v, 0)
	}
}

func genericReLUGrad(dx, dy, y []float32) {
	dy = dy[:len(dx)]
	for i, v := range y[:len(dx)] {
		g := dy[i]
		if !(v > 0) {
			g = 0
		}
		dx[i] = g
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
		y[i] = v * sigmoid32(v)
	}
}

func genericSiLUGrad(dx, dy, x []float32) {
	dy = dy[:len(dx)]
	for i, v := range x[:len(dx)] {
		s := sigmoid32(v)
		dx[i] = dy[i] * (s * (1 + v*(1-s)))
	}
}

func genericGELU(y, x []float32) {
	for i, v := range x[:len(y)] {
		y[i] = v * normalCDF(v)
	}
}

func genericGELUGrad(dx, dy, x []float32) {
	dy = dy[:len(dx)]
	for i, v := range x[:len(dx)] {
		density := invSqrt2Pi * exp32(-0.5*v*v)
		dx[i] = dy[i] * (normalCDF(v) + v*density)
	}
}
