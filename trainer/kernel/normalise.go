package kernel

// normaliseLUT maps a byte of each colour channel to its normalised value.
type normaliseLUT [3][256]float32

// Mean and standard deviation of ImageNet's colours, on the scale 0…1.
var (
	imageNetMean = [3]float64{0.485, 0.456, 0.406}
	imageNetStd  = [3]float64{0.229, 0.224, 0.225}
)

func newNormaliseLUT() *normaliseLUT {
	var lut normaliseLUT
	for ch := range lut {
		for v := range lut[ch] {
			lut[ch][v] = float32((float64(v)/255 - imageNetMean[ch]) / imageNetStd[ch])
		}
	}
	return &lut
}

// Normalise computes y [images,height,width,3] from RGB bytes [height,width,3]
// of every image, mirrored left to right where flip says so: (v/255 - mean)/std
// with ImageNet's constants. flip may be nil.
func (p *Pool) Normalise(y []float32, pixels [][]byte, flip []bool, height, width int) {
	p.run(len(pixels), call{task: normaliseTask, y: y, bytes: pixels, flip: flip, lut: p.lut, rows: height, cols: width})
}

func normaliseTask(c *call, _ *scratch, i int) {
	W := c.cols
	out := c.y[i*c.rows*W*3:][:c.rows*W*3]
	in := c.bytes[i][:len(out)]
	r, g, b := &c.lut[0], &c.lut[1], &c.lut[2]
	if c.flip == nil || !c.flip[i] {
		for k := 0; k+2 < len(in); k += 3 {
			out[k], out[k+1], out[k+2] = r[in[k]], g[in[k+1]], b[in[k+2]]
		}
		return
	}
	for h := range c.rows {
		row := in[h*W*3:][:W*3]
		dst := out[h*W*3:][:W*3]
		for w := range W {
			k, j := w*3, (W-1-w)*3
			dst[j], dst[j+1], dst[j+2] = r[row[k]], g[row[k+1]], b[row[k+2]]
		}
	}
}
