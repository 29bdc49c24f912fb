package kernel

import "golang.org/x/sys/cpu"

//go:generate go run ./internal/gen -family micro -out micro_amd64.s
//go:generate go run ./internal/gen -family elementwise -out elementwise_amd64.s
//go:generate go run ./internal/gen -family rows -out rows_amd64.s
//go:generate go run ./internal/gen -family normact -out normact_amd64.s
//go:generate go run ./internal/gen -family pack -out pack_amd64.s
//go:generate go run ./internal/gen -family mac -out mac_amd64.s
//go:generate go run ./internal/gen -family macrow -out macrow_amd64.s
//go:generate go run ./internal/gen -family layernorm -out layernorm_amd64.s

// available lists the tables that this processor can run, the best first.
func available() []*isa {
	var sets []*isa
	x := &cpu.X86
	if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL && x.HasBMI2 {
		sets = append(sets, avx512())
	}
	if x.HasAVX2 && x.HasFMA && x.HasBMI2 {
		sets = append(sets, avx2())
	}
	return append(sets, generic())
}

func avx512() *isa {
	s := generic()
	s.name, s.mr, s.nr, s.micro = "avx512", 14, 32, microAVX512
	s.copyRows, s.copyPanels, s.transpose = copyRowsAVX512, copyPanelsAVX512, transposeAVX2
	s.add, s.maximum, s.takeEqual = addAVX512, maximumAVX512, takeEqualAVX512
	s.relu, s.reluGrad = reluAVX512, reluGradAVX512
	s.sigmoid, s.sigmoidGrad = sigmoidAVX512, sigmoidGradAVX512
	s.silu, s.siluGrad = siluAVX512, siluGradAVX512
	s.gelu, s.geluGrad = geluAVX512, geluGradAVX512
	s.adamw = adamwAVX512
	s.affineRows, s.normGradRows, s.scaleRows = affineRowsAVX512, normGradRowsAVX512, scaleRowsAVX512
	s.sumRows, s.devRows, s.dotDevRows, s.dotRows = sumRowsAVX512, devRowsAVX512, dotDevRowsAVX512, dotRowsAVX512
	s.layerNormRows, s.layerNormGradRows, s.layerNormParamRows = layerNormRowsAVX512, layerNormGradRowsAVX512, layerNormParamRowsAVX512
	s.mac = macAVX512
	s.macRow = map[int]macRowFunc{3: macRow3AVX512, 5: macRow5AVX512, 7: macRow7AVX512}
	s.affineAdd = [activations]func(y, x, s, mean, scale, shift []float32, rows int){
		Identity: affineAddRowsAVX512, Rectified: affineAddReLURowsAVX512, Swished: s.affineAdd[Swished],
	}
	s.affine = [activations]func(y, x, mean, scale, shift []float32, rows int){
		Identity: affineRowsAVX512, Rectified: affineReLURowsAVX512, Swished: affineSiLURowsAVX512,
	}
	s.affineSiLUGrad, s.dotDevReLU, s.normGradReLU = affineSiLUGradRowsAVX512, dotDevReLURowsAVX512, normGradReLURowsAVX512
	return s
}

func avx2() *isa {
	s := generic()
	s.name, s.mr, s.nr, s.micro = "avx2", 6, 16, microAVX2
	s.copyRows, s.copyPanels, s.transpose = copyRowsAVX2, copyPanelsAVX2, transposeAVX2
	s.add, s.maximum, s.takeEqual = addAVX2, maximumAVX2, takeEqualAVX2
	s.relu, s.reluGrad = reluAVX2, reluGradAVX2
	s.sigmoid, s.sigmoidGrad = sigmoidAVX2, sigmoidGradAVX2
	s.silu, s.siluGrad = siluAVX2, siluGradAVX2
	s.gelu, s.geluGrad = geluAVX2, geluGradAVX2
	s.adamw = adamwAVX2
	s.affineRows, s.normGradRows, s.scaleRows = affineRowsAVX2, normGradRowsAVX2, scaleRowsAVX2
	s.sumRows, s.devRows, s.dotDevRows, s.dotRows = sumRowsAVX2, devRowsAVX2, dotDevRowsAVX2, dotRowsAVX2
	s.layerNormRows, s.layerNormGradRows, s.layerNormParamRows = layerNormRowsAVX2, layerNormGradRowsAVX2, layerNormParamRowsAVX2
	s.mac = macAVX2
	s.macRow = map[int]macRowFunc{3: macRow3AVX2, 5: macRow5AVX2, 7: macRow7AVX2}
	s.affineAdd = [activations]func(y, x, s, mean, scale, shift []float32, rows int){
		Identity: affineAddRowsAVX2, Rectified: affineAddReLURowsAVX2, Swished: s.affineAdd[Swished],
	}
	s.affine = [activations]func(y, x, mean, scale, shift []float32, rows int){
		Identity: affineRowsAVX2, Rectified: affineReLURowsAVX2, Swished: affineSiLURowsAVX2,
	}
	s.affineSiLUGrad, s.dotDevReLU, s.normGradReLU = affineSiLUGradRowsAVX2, dotDevReLURowsAVX2, normGradReLURowsAVX2
	return s
}
