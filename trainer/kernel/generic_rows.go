package kernel

import "math"

// Row functions work on rows of len(per-channel slice) channels. Per-channel
// arithmetic is the inner loop.

// genericAffineRows computes y = (x-mean)*scale + shift.
func genericAffineRows(y, x, mean, scale, shift []float32, rows int) {
	C := len(mean)
	scale, shift = scale[:C], shift[:C]
	for r := range rows {
		in, out := x[r*C:][:C], y[r*C:][:C]
		for j, v := range in {
			out[j] = (v-mean[j])*scale[j] + shift[j]
		}
	}
}

// genericNormGradRows computes dx = a*dy + b*(x-mean) + d.
func genericNormGradRows(dx, dy, x, mean, a, b, d []float32, rows int) {
	C := len(mean)
	a, b, d = a[:C], b[:C], d[:C]
	for r := range rows {
		in, grad, out := x[r*C:][:C], dy[r*C:][:C], dx[r*C:][:C]
		for j, v := range in {
			out[j] = a[j]*grad[j] + (b[j]*(v-mean[j]) + d[j])
		}
	}
}

// genericSumRows adds the rows of x to acc.
func genericSumRows(acc, x []float32, rows int) {
	C := len(acc)
	for r := range rows {
		for j, v := range x[r*C:][:C] {
			acc[j] += v
		}
	}
}

// genericDevRows adds x-mean to acc and its square to acc2.
func genericDevRows(acc, acc2, x, mean []float32, rows int) {
	C := len(mean)
	acc, acc2 = acc[:C], acc2[:C]
	for r := range rows {
		for j, v := range x[r*C:][:C] {
			d := v - mean[j]
			acc[j] += d
			acc2[j] += d * d
		}
	}
}

// genericDotDevRows adds dy to acc and dy*(x-mean) to acc2.
func genericDotDevRows(acc, acc2, dy, x, mean []float32, rows int) {
	C := len(mean)
	acc, acc2 = acc[:C], acc2[:C]
	for r := range rows {
		grad := dy[r*C:][:C]
		for j, v := range x[r*C:][:C] {
			acc[j] += grad[j]
			acc2[j] += grad[j] * (v - mean[j])
		}
	}
}

// genericScaleRows computes y = x*scale.
func genericScaleRows(y, x, scale []float32, rows int) {
	C := len(scale)
	for r := range rows {
		in, out := x[r*C:][:C], y[r*C:][:C]
		for j, v := range in {
			out[j] = v * scale[j]
		}
	}
}

// genericDotRows adds a*b to acc.
func genericDotRows(acc, a, b []float32, rows int) {
	C := len(acc)
	for r := range rows {
		u, v := a[r*C:][:C], b[r*C:][:C]
		for j := range acc {
			acc[j] += u[j] * v[j]
		}
	}
}

// rowMoments returns the mean of a row and 1/sqrt(variance+eps).
func rowMoments(x []float32, eps float32) (mean, rstd float32) {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	m := sum / float64(len(x))
	var square float64
	for _, v := range x {
		d := float64(v) - m
		square += d * d
	}
	return float32(m), float32(1 / math.Sqrt(square/float64(len(x))+float64(eps)))
}

func genericLayerNormRows(y, x, gamma, beta []float32, eps float32, rows int) {
	C := len(gamma)
	for r := range rows {
		in, out := x[r*C:][:C], y[r*C:][:C]
		mean, rstd := rowMoments(in, eps)
		for j, v := range in {
			out[j] = (v-mean)*rstd*gamma[j] + beta[j]
		}
	}
}

// genericLayerNormGradRows computes, with n = (x-mean)*rstd and g = dy*gamma,
// dx = rstd*(g - mean(g) - n*mean(g*n)).
func genericLayerNormGradRows(dx, dy, x, gamma []float32, eps float32, rows int) {
	C := len(gamma)
	for r := range rows {
		in, grad, out := x[r*C:][:C], dy[r*C:][:C], dx[r*C:][:C]
		mean, rstd := rowMoments(in, eps)
		var sum, dot float64
		for j, v := range in {
			g := float64(grad[j] * gamma[j])
			sum += g
			dot += g * float64((v-mean)*rstd)
		}
		s, d := float32(sum/float64(C)), float32(dot/float64(C))
		for j, v := range in {
			out[j] = rstd * (grad[j]*gamma[j] - s - (v-mean)*rstd*d)
		}
	}
}

// genericLayerNormParamRows adds dy*n to dgamma and dy to dbeta.
func genericLayerNormParamRows(dgamma, dbeta, dy, x []float32, eps float32, rows int) {
	C := len(dgamma)
	for r := range rows {
		in, grad := x[r*C:][:C], dy[r*C:][:C]
		mean, rstd := rowMoments(in, eps)
		for j, v := range in {
			dgamma[j] += grad[j] * ((v - mean) * rstd)
			dbeta[j] += grad[j]
		}
	}
}
