package data

import (
	"image"
	"image/color"
	"testing"
)

// Every kind of chroma subsampling, against the image's own At.
func TestRowsOfSubsampledImages(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		m := image.NewYCbCr(image.Rect(0, 0, 11, 7), ratio)
		for i := range m.Y {
			m.Y[i] = byte(i * 31)
		}
		for i := range m.Cb {
			m.Cb[i], m.Cr[i] = byte(i*57), byte(i*91)
		}
		read, rgb := rowReader(m), make([]byte, 33)
		for y := range 7 {
			read(y, rgb)
			for x := range 11 {
				want := color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)
				if got := (color.RGBA{rgb[3*x], rgb[3*x+1], rgb[3*x+2], 255}); got != want {
					t.Fatalf("%v at (%d,%d): got %v, want %v", ratio, x, y, got, want)
				}
			}
		}
	}
}
