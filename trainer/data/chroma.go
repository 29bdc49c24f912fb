package data

import "image"

// chroma brings one colour plane of a JPEG to the size of the image, as libjpeg
// does by default: halved axes are interpolated linearly ("fancy upsampling" of
// jdsample.c), quartered ones repeated.
type chroma struct {
	plane          []byte
	stride         int
	width, height  int // of the plane
	shiftX, shiftY int // log2 of the pixels that share a value
	out            []byte
	sum            []int32 // [width] of two rows
}

func newChroma(plane []byte, m *image.YCbCr) *chroma {
	c := &chroma{plane: plane, stride: m.CStride, shiftX: chromaShift(m.SubsampleRatio)}
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio410:
		c.shiftY = 1
	}
	size := m.Rect.Size()
	round := func(n, shift int) int { return (n + 1<<shift - 1) >> shift }
	c.width, c.height = round(size.X, c.shiftX), round(size.Y, c.shiftY)
	c.out, c.sum = make([]byte, c.width<<c.shiftX), make([]int32, c.width)
	return c
}

// row returns the values for row y of the image, valid until the next call.
func (c *chroma) row(y int) []byte {
	near := c.plane[y>>c.shiftY*c.stride:][:c.width]
	switch {
	case c.shiftX == 0 && c.shiftY == 0:
		return near
	case c.shiftX == 2 || c.shiftX == 1 && c.width <= 2:
		for x := range c.out {
			c.out[x] = near[x>>c.shiftX]
		}
	case c.shiftY == 0:
		c.widen(near)
	default:
		other := y>>1 - 1 + y&1*2 // the row on the other side of y
		far := c.plane[min(max(other, 0), c.height-1)*c.stride:][:c.width]
		if c.shiftX == 0 {
			bias := int32(1 + y&1)
			for x, v := range near {
				c.out[x] = byte((3*int32(v) + int32(far[x]) + bias) >> 2)
			}
			break
		}
		sum := c.sum[:len(near)]
		for x, v := range near {
			sum[x] = 3*int32(v) + int32(far[x])
		}
		c.widenSum()
	}
	return c.out
}

// widen interpolates along a row: 3/4 of the nearer value, 1/4 of the other.
func (c *chroma) widen(in []byte) {
	last := len(in) - 1
	out := c.out[:2*len(in)]
	left, mid := int32(in[0]), int32(in[0])
	for x := range last {
		right := int32(in[x+1])
		out[2*x], out[2*x+1] = byte((3*mid+left+1)>>2), byte((3*mid+right+2)>>2)
		left, mid = mid, right
	}
	out[2*last], out[2*last+1] = byte((3*mid+left+1)>>2), in[last]
}

// widenSum does the same with sums of two rows, which are four times as large.
func (c *chroma) widenSum() {
	in := c.sum
	last := len(in) - 1
	out := c.out[:2*len(in)]
	left, mid := in[0], in[0]
	for x := range last {
		right := in[x+1]
		out[2*x], out[2*x+1] = byte((3*mid+left+8)>>4), byte((3*mid+right+7)>>4)
		left, mid = mid, right
	}
	out[2*last], out[2*last+1] = byte((3*mid+left+8)>>4), byte((4*mid+7)>>4)
}

// yccTables are the products of libjpeg's conversion to RGB (jdcolor.c), which
// rounds them to integers, those of green after their sum.
type yccTables struct{ red, greenCb, greenCr, blue [256]int32 }

var ycc = newYCCTables()

func newYCCTables() *yccTables {
	const fix = 1 << 16
	at := func(factor float64) int32 { return int32(factor*fix + 0.5) }
	t := new(yccTables)
	for i := range 256 {
		x := int32(i) - 128
		t.red[i] = (at(1.40200)*x + fix/2) >> 16
		t.blue[i] = (at(1.77200)*x + fix/2) >> 16
		t.greenCb[i] = -at(0.34414) * x
		t.greenCr[i] = -at(0.71414)*x + fix/2
	}
	return t
}

// yccRow converts a row of pixels.
func yccRow(rgb, luma, cb, cr []byte) {
	cb, cr, rgb = cb[:len(luma)], cr[:len(luma)], rgb[:3*len(luma)]
	for x, l := range luma {
		y, b, r := int32(l), cb[x], cr[x]
		red, green, blue := y+ycc.red[r], y+(ycc.greenCb[b]+ycc.greenCr[r])>>16, y+ycc.blue[b]
		if uint32(red|green|blue) > 255 {
			red, green, blue = min(max(red, 0), 255), min(max(green, 0), 255), min(max(blue, 0), 255)
		}
		p := rgb[3*x : 3*x+3 : 3*x+3]
		p[0], p[1], p[2] = byte(red), byte(green), byte(blue)
	}
}
