package kernel

// convPath is a way to compute a pass of a convolution.
type convPath string

const (
	pathProduct   convPath = "product"   // x is the matrix: nothing is packed but weights
	pathDepthwise convPath = "depthwise" // sums of products per channel, in registers
	pathStrips    convPath = "strips"    // implicit product, panels read from a padded copy
	pathShort     convPath = "short"     // the same, panels packed from that copy
	pathPanels    convPath = "panels"    // implicit product, panels packed from the image
)

// convPaths is the choice of a path: the first row that fits. Rates are GFLOP/s of
// one Zen 5 core with AVX-512 at 64 px and batch 16, with the next row's path beside
// them (bench -shapes -cpu -threads 1).
var convPaths = []struct {
	path convPath
	fits func(set *isa, s ConvShape, im imageMatrix) bool
}{
	// 1×1, stride 1.
	{pathProduct, func(_ *isa, s ConvShape, _ imageMatrix) bool { return s.pointwise() }},

	// A filter a channel: a product would have one column.
	{pathDepthwise, func(_ *isa, s ConvShape, _ imageMatrix) bool { return s.depthwise() }},

	// Every tap reads the image anew, so a copy of it is smaller than the panels. The
	// rows of the grid must fill half a panel, the columns of a row of taps a good
	// part of a block of K, and pixels not fall on the same lines of the first cache.
	{pathStrips, func(set *isa, s ConvShape, im imageMatrix) bool {
		return s.Groups == 1 && im.tapsH*im.tapsW > 1 && im.panelRows(set) >= set.mr/2 && im.run >= blockK/2 &&
			!aliasing(im.step*im.depth)
	}},

	// 7×7 of three colours: a row of taps is too short for a block of K. Packing from a
	// copy has no edges to look after.
	{pathShort, func(set *isa, s ConvShape, im imageMatrix) bool {
		return s.Groups == 1 && im.tapsH*im.tapsW > 1 && im.panelRows(set) >= set.mr/2 && im.run < blockK/2
	}},

	// The rest: grids under half a panel, 1×1 with a stride, groups.
	{pathPanels, func(*isa, ConvShape, imageMatrix) bool { return true }},
}

// choosePath returns the path of the pass that reads im, which is the image of the
// forward pass or of an input gradient.
func choosePath(set *isa, s ConvShape, im imageMatrix) convPath {
	for _, row := range convPaths {
		if row.fits(set, s, im) {
			return row.path
		}
	}
	return pathPanels
}
