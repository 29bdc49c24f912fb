package kernel

// Declarations of the generated assembly; each function computes what its Go
// twin does.

//go:noescape
func microAVX512(t *microTile)

//go:noescape
func microAVX2(t *microTile)

//go:noescape
func reluAVX512(y, x []float32)

//go:noescape
func reluAVX2(y, x []float32)

//go:noescape
func sigmoidAVX512(y, x []float32)

//go:noescape
func sigmoidAVX2(y, x []float32)

//go:noescape
func siluAVX512(y, x []float32)

//go:noescape
func siluAVX2(y, x []float32)

//go:noescape
func geluAVX512(y, x []float32)

//go:noescape
func geluAVX2(y, x []float32)

//go:noescape
func addAVX512(y, a, b []float32)

//go:noescape
func addAVX2(y, a, b []float32)

//go:noescape
func maximumAVX512(y, a, b []float32)

//go:noescape
func maximumAVX2(y, a, b []float32)

//go:noescape
func reluGradAVX512(dx, dy, y []float32)

//go:noescape
func reluGradAVX2(dx, dy, y []float32)

//go:noescape
func sigmoidGradAVX512(dx, dy, y []float32)

//go:noescape
func sigmoidGradAVX2(dx, dy, y []float32)

//go:noescape
func siluGradAVX512(dx, dy, x []float32)

//go:noescape
func siluGradAVX2(dx, dy, x []float32)

//go:noescape
func geluGradAVX512(dx, dy, x []float32)

//go:noescape
func geluGradAVX2(dx, dy, x []float32)

//go:noescape
func takeEqualAVX512(dx, rest, x, top []float32)

//go:noescape
func takeEqualAVX2(dx, rest, x, top []float32)

//go:noescape
func adamwAVX512(p, m, v, g []float32, c *adamwConsts)

//go:noescape
func adamwAVX2(p, m, v, g []float32, c *adamwConsts)

//go:noescape
func affineRowsAVX512(y, x, mean, scale, shift []float32, rows int)

//go:noescape
func affineRowsAVX2(y, x, mean, scale, shift []float32, rows int)

//go:noescape
func normGradRowsAVX512(dx, dy, x, mean, a, b, d []float32, rows int)

//go:noescape
func normGradRowsAVX2(dx, dy, x, mean, a, b, d []float32, rows int)

//go:noescape
func scaleRowsAVX512(y, x, scale []float32, rows int)

//go:noescape
func scaleRowsAVX2(y, x, scale []float32, rows int)

//go:noescape
func sumRowsAVX512(acc, x []float32, rows int)

//go:noescape
func sumRowsAVX2(acc, x []float32, rows int)

//go:noescape
func devRowsAVX512(acc, acc2, x, mean []float32, rows int)

//go:noescape
func devRowsAVX2(acc, acc2, x, mean []float32, rows int)

//go:noescape
func dotDevRowsAVX512(acc, acc2, dy, x, mean []float32, rows int)

//go:noescape
func dotDevRowsAVX2(acc, acc2, dy, x, mean []float32, rows int)

//go:noescape
func dotRowsAVX512(acc, a, b []float32, rows int)

//go:noescape
func dotRowsAVX2(acc, a, b []float32, rows int)

//go:noescape
func macAVX512(y, init, a, b []float32, d *macDims)

//go:noescape
func macAVX2(y, init, a, b []float32, d *macDims)

//go:noescape
func layerNormRowsAVX512(y, x, gamma, beta []float32, eps float32, rows int)

//go:noescape
func layerNormRowsAVX2(y, x, gamma, beta []float32, eps float32, rows int)

//go:noescape
func layerNormGradRowsAVX512(dx, dy, x, gamma []float32, eps float32, rows int)

//go:noescape
func layerNormGradRowsAVX2(dx, dy, x, gamma []float32, eps float32, rows int)

//go:noescape
func layerNormParamRowsAVX512(dgamma, dbeta, dy, x []float32, eps float32, rows int)

//go:noescape
func layerNormParamRowsAVX2(dgamma, dbeta, dy, x []float32, eps float32, rows int)

//go:noescape
func copyRowsAVX512(dst, src []float32, rows, width, dstStep, srcStep int)

//go:noescape
func copyRowsAVX2(dst, src []float32, rows, width, dstStep, srcStep int)

//go:noescape
func transposeAVX2(dst, src []float32, width, depth, dstStep, srcStep int)

//go:noescape
func copyPanelsAVX512(dst, src []float32, rows, panels, panelStep, srcStep int)

//go:noescape
func copyPanelsAVX2(dst, src []float32, rows, panels, panelStep, srcStep int)

//go:noescape
func affineAddRowsAVX512(y, x, s, mean, scale, shift []float32, rows int)

//go:noescape
func affineAddReLURowsAVX512(y, x, s, mean, scale, shift []float32, rows int)

//go:noescape
func affineReLURowsAVX512(y, x, mean, scale, shift []float32, rows int)

//go:noescape
func affineSiLURowsAVX512(y, x, mean, scale, shift []float32, rows int)

//go:noescape
func dotDevReLURowsAVX512(acc, acc2, dy, x, mean, scale, shift []float32, rows int)

//go:noescape
func normGradReLURowsAVX512(dx, dy, x, mean, scale, shift, b, d []float32, rows int)

//go:noescape
func affineSiLUGradRowsAVX512(dz, dy, x, mean, scale, shift []float32, rows int)

//go:noescape
func affineAddRowsAVX2(y, x, s, mean, scale, shift []float32, rows int)

//go:noescape
func affineAddReLURowsAVX2(y, x, s, mean, scale, shift []float32, rows int)

//go:noescape
func affineReLURowsAVX2(y, x, mean, scale, shift []float32, rows int)

//go:noescape
func affineSiLURowsAVX2(y, x, mean, scale, shift []float32, rows int)

//go:noescape
func dotDevReLURowsAVX2(acc, acc2, dy, x, mean, scale, shift []float32, rows int)

//go:noescape
func normGradReLURowsAVX2(dx, dy, x, mean, scale, shift, b, d []float32, rows int)

//go:noescape
func affineSiLUGradRowsAVX2(dz, dy, x, mean, scale, shift []float32, rows int)

//go:noescape
func macRow3AVX512(y, init, a, b []float32, d *macRowDims)

//go:noescape
func macRow5AVX512(y, init, a, b []float32, d *macRowDims)

//go:noescape
func macRow7AVX512(y, init, a, b []float32, d *macRowDims)

//go:noescape
func macRow3AVX2(y, init, a, b []float32, d *macRowDims)

//go:noescape
func macRow5AVX2(y, init, a, b []float32, d *macRowDims)

//go:noescape
func macRow7AVX2(y, init, a, b []float32, d *macRowDims)
