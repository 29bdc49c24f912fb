package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// normActivate writes batch norm and what follows it in one pass: the value z =
// (x-mean)*scale + shift is formed anew in the gradients instead of being kept.
func normActivate(m machine) {
	// normalised turns x into x-mean and z.
	normalised := func(x, mean, scale, shift reg.VecVirtual) (centred, z reg.VecVirtual) {
		VSUBPS(mean, x, x)
		z = m.vec()
		VMOVAPS(x, z)
		VFMADD213PS(shift, scale, z)
		return x, z
	}
	forward := func(name, doc string, f func(z reg.VecVirtual) reg.VecVirtual) {
		m.mapRows("affine"+name+"Rows", "y, x, mean, scale, shift []float32, rows int", "y = "+doc+", z = (x-mean)*scale + shift",
			[]string{"y", "x"}, []string{"mean", "scale", "shift"},
			func(row, channel []lane) {
				_, z := normalised(row[1].load(), channel[0].load(), channel[1].load(), channel[2].load())
				row[0].store(f(z))
			})
	}
	forwardAdd := func(name, doc string, f func(z reg.VecVirtual) reg.VecVirtual) {
		m.mapRows("affineAdd"+name+"Rows", "y, x, s, mean, scale, shift []float32, rows int", "y = "+doc+", z = (x-mean)*scale + shift + s",
			[]string{"y", "x", "s"}, []string{"mean", "scale", "shift"},
			func(row, channel []lane) {
				_, z := normalised(row[1].load(), channel[0].load(), channel[1].load(), channel[2].load())
				VADDPS(row[2].load(), z, z)
				row[0].store(f(z))
			})
	}
	forward("ReLU", "max(z, 0)", m.relu)
	forward("SiLU", "z*sigmoid(z)", m.silu)
	forwardAdd("", "z", func(z reg.VecVirtual) reg.VecVirtual { return z })
	forwardAdd("ReLU", "max(z, 0)", m.relu)

	m.mapRows("affineSiLUGradRows", "dz, dy, x, mean, scale, shift []float32, rows int", "dz = dy*silu'(z), z = (x-mean)*scale + shift",
		[]string{"dz", "dy", "x"}, []string{"mean", "scale", "shift"},
		func(row, channel []lane) {
			_, z := normalised(row[2].load(), channel[0].load(), channel[1].load(), channel[2].load())
			row[0].store(m.siluGrad(row[1].load(), z))
		})
	m.foldRows("dotDevReLURows", "acc, acc2, dy, x, mean, scale, shift []float32, rows int",
		"acc += dz, acc2 += dz*(x-mean), dz = dy where z > 0",
		[]string{"acc", "acc2"}, []string{"dy", "x"}, []string{"mean", "scale", "shift"},
		func(acc []reg.VecVirtual, row []lane, channel []reg.VecVirtual) {
			centred, z := normalised(row[1].load(), channel[0], channel[1], channel[2])
			dz := m.reluGrad(row[0].load(), z)
			VADDPS(dz, acc[0], acc[0])
			VFMADD231PS(dz, centred, acc[1])
		})
	m.mapRows("normGradReLURows", "dx, dy, x, mean, scale, shift, b, d []float32, rows int",
		"dx = scale*dz + (b*(x-mean) + d), dz = dy where z > 0",
		[]string{"dx", "dy", "x"}, []string{"mean", "scale", "shift", "b", "d"},
		func(row, channel []lane) {
			scale := channel[1].load()
			centred, z := normalised(row[2].load(), channel[0].load(), scale, channel[2].load())
			dz := m.reluGrad(row[1].load(), z)
			VFMADD213PS(channel[4].load(), channel[3].load(), centred)
			VFMADD231PS(dz, scale, centred)
			row[0].store(centred)
		})
}
