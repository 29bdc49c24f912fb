package data

import (
	"image"
	"image/color"
)

// rowReader returns a function that gives rows of an image as RGB bytes, and
// drops alpha without blending, as Pillow's convert("RGB") does.
func rowReader(m image.Image) func(y int, rgb []byte) {
	b := m.Bounds()
	x0, y0, w := b.Min.X, b.Min.Y, b.Dx()
	switch m := m.(type) {
	case *image.YCbCr:
		cb, cr := newChroma(m.Cb, m), newChroma(m.Cr, m)
		return func(y int, rgb []byte) { yccRow(rgb, m.Y[y*m.YStride:][:w], cb.row(y), cr.row(y)) }
	case *image.Gray:
		return func(y int, rgb []byte) {
			for x, v := range m.Pix[m.PixOffset(x0, y0+y):][:w] {
				rgb[3*x], rgb[3*x+1], rgb[3*x+2] = v, v, v
			}
		}
	case *image.RGBA: // the decoders use it for opaque images only
		return func(y int, rgb []byte) { dropAlpha(rgb, m.Pix[m.PixOffset(x0, y0+y):][:4*w]) }
	case *image.NRGBA:
		return func(y int, rgb []byte) { dropAlpha(rgb, m.Pix[m.PixOffset(x0, y0+y):][:4*w]) }
	case *image.Paletted:
		table := make([][3]byte, 256)
		for i, c := range m.Palette {
			n := color.NRGBAModel.Convert(c).(color.NRGBA)
			if straight, ok := c.(color.NRGBA); ok {
				n = straight
			}
			table[i] = [3]byte{n.R, n.G, n.B}
		}
		return func(y int, rgb []byte) {
			for x, v := range m.Pix[m.PixOffset(x0, y0+y):][:w] {
				copy(rgb[3*x:3*x+3], table[v][:])
			}
		}
	case *image.NRGBA64:
		return func(y int, rgb []byte) {
			for x := range w {
				c := m.NRGBA64At(x0+x, y0+y)
				rgb[3*x], rgb[3*x+1], rgb[3*x+2] = byte(c.R>>8), byte(c.G>>8), byte(c.B>>8)
			}
		}
	}
	return func(y int, rgb []byte) {
		for x := range w {
			r, g, b, _ := m.At(x0+x, y0+y).RGBA()
			rgb[3*x], rgb[3*x+1], rgb[3*x+2] = byte(r>>8), byte(g>>8), byte(b>>8)
		}
	}
}

// chromaShift is the binary logarithm of how many pixels of a row share a colour.
func chromaShift(r image.YCbCrSubsampleRatio) int {
	switch r {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		return 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		return 2
	}
	return 0
}

func dropAlpha(rgb, rgba []byte) {
	for x := range len(rgba) / 4 {
		rgb[3*x], rgb[3*x+1], rgb[3*x+2] = rgba[4*x], rgba[4*x+1], rgba[4*x+2]
	}
}
