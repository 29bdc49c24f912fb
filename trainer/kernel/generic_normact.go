package kernel

// activate32 are the elementwise functions after a batch norm.
var activate32 = [activations]func(x float32) float32{
	Identity: func(x float32) float32 { return x }, Rectified: relu32, Swished: silu32,
}

func genericAffine() (table [activations]func(y, x, mean, scale, shift []float32, rows int)) {
	for a, f := range activate32 {
		table[a] = func(y, x, mean, scale, shift []float32, rows int) {
			C := len(mean)
			for i, v := range x[:rows*C] {
				j := i % C
				y[i] = f((v-mean[j])*scale[j] + shift[j])
			}
		}
	}
	return table
}

func genericAffineAdd() (table [activations]func(y, x, s, mean, scale, shift []float32, rows int)) {
	for a, f := range activate32 {
		table[a] = func(y, x, s, mean, scale, shift []float32, rows int) {
			C := len(mean)
			for i, v := range x[:rows*C] {
				j := i % C
				y[i] = f((v-mean[j])*scale[j] + shift[j] + s[i])
			}
		}
	}
	return table
}

func genericAffineSiLUGrad(dz, dy, x, mean, scale, shift []float32, rows int) {
	C := len(mean)
	for i, v := range x[:rows*C] {
		j := i % C
		dz[i] = siluGrad32(dy[i], (v-mean[j])*scale[j]+shift[j])
	}
}

func genericDotDevReLU(acc, acc2, dy, x, mean, scale, shift []float32, rows int) {
	C := len(mean)
	for i, v := range x[:rows*C] {
		j := i % C
		d := v - mean[j]
		dz := reluGrad32(dy[i], d*scale[j]+shift[j])
		acc[j] += dz
		acc2[j] += dz * d
	}
}

func genericNormGradReLU(dx, dy, x, mean, scale, shift, b, d []float32, rows int) {
	C := len(mean)
	for i, v := range x[:rows*C] {
		j := i % C
		centred := v - mean[j]
		dz := reluGrad32(dy[i], centred*scale[j]+shift[j])
		dx[i] = scale[j]*dz + (b[j]*centred + d[j])
	}
}
