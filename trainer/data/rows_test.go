package data

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Every kind of chroma subsampling: halved axes are interpolated linearly between
// the centres of the values, quartered ones are not.
func TestRowsOfSubsampledImages(t *testing.T) {
	const W, H = 11, 7
	for ratio, by := range map[image.YCbCrSubsampleRatio][2]int{
		image.YCbCrSubsampleRatio444: {1, 1}, image.YCbCrSubsampleRatio422: {2, 1}, image.YCbCrSubsampleRatio420: {2, 2},
		image.YCbCrSubsampleRatio440: {1, 2}, image.YCbCrSubsampleRatio411: {4, 1}, image.YCbCrSubsampleRatio410: {4, 2},
	} {
		m := image.NewYCbCr(image.Rect(0, 0, W, H), ratio)
		for i := range m.Cb {
			m.Cb[i] = byte(i * 57)
		}
		c, width, height := newChroma(m.Cb, m), (W+by[0]-1)/by[0], (H+by[1]-1)/by[1]
		at := func(x, y int) float64 {
			return float64(m.Cb[min(max(y, 0), height-1)*m.CStride+min(max(x, 0), width-1)])
		}
		for y := range H {
			for x, got := range c.row(y)[:W] {
				sx, sy := (float64(x)+0.5)/float64(by[0])-0.5, (float64(y)+0.5)/float64(by[1])-0.5
				if by[0] == 4 {
					sx, sy = float64(x/4), float64(y/by[1])
				}
				x0, y0 := int(math.Floor(sx)), int(math.Floor(sy))
				fx, fy := sx-float64(x0), sy-float64(y0)
				want := (1-fy)*((1-fx)*at(x0, y0)+fx*at(x0+1, y0)) + fy*((1-fx)*at(x0, y0+1)+fx*at(x0+1, y0+1))
				if math.Abs(float64(got)-want) > 0.75 {
					t.Fatalf("%v at (%d,%d): got %d, want %g", ratio, x, y, got, want)
				}
			}
		}
	}
}

// The conversion to RGB against its definition in ITU T.871.
func TestYCbCrToRGB(t *testing.T) {
	var luma, cb, cr []byte
	for i := range 4096 {
		luma, cb, cr = append(luma, byte(i*17)), append(cb, byte(i*31)), append(cr, byte(i*101))
	}
	rgb := make([]byte, 3*len(luma))
	yccRow(rgb, luma, cb, cr)
	for i, l := range luma {
		y, b, r := float64(l), float64(cb[i])-128, float64(cr[i])-128
		for ch, want := range []float64{y + 1.402*r, y - 0.344136*b - 0.714136*r, y + 1.772*b} {
			if got := float64(rgb[3*i+ch]); math.Abs(got-min(max(want, 0), 255)) > 0.51 {
				t.Fatalf("channel %d of (%d,%d,%d): got %g, want %g", ch, l, cb[i], cr[i], got, want)
			}
		}
	}
}

// FuzzDecodeJPEG looks for files that the decoder does not survive.
func FuzzDecodeJPEG(f *testing.F) {
	names, err := filepath.Glob("testdata/images/*.jpg")
	if err != nil || len(names) == 0 {
		f.Fatal("no images", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width*c.Height > 1<<16 {
			t.Skip("no JPEG, or a large one")
		}
		m, err := decodeJPEG(b)
		if err != nil {
			return
		}
		size := m.Bounds().Size()
		read, rgb := rowReader(m), make([]byte, 3*size.X)
		for y := range size.Y {
			read(y, rgb)
		}
	})
}
