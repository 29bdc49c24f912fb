package data

import (
	"image"

	"github.com/backbone-sweep/sweep/trainer/rng"
)

const (
	demoSeed = 1
	demoSide = 96 // pixels
)

// What carries the labels; all of it is plain at 32 pixels and survives a mirror:
//
//	action     the animal in the middle: black disc, white ring, flat red bar, upright yellow bar
//	emotion    the wall's colour: warm, green, blue
//	situation  the border: none, dark, light
//
// All else varies: place and size of the shape, its tone, the wall's light and
// grain. Only integers are used: floating point may be fused differently on
// another processor.
var (
	demoWalls = [3][3]int{{196, 148, 108}, {112, 172, 116}, {104, 132, 196}}
	demoFurs  = [4][3]int{{28, 28, 28}, {236, 236, 236}, {208, 36, 56}, {240, 220, 32}}
)

func drawDemo(v demoVideo, frame int) *image.RGBA {
	r := rng.New(demoSeed, rng.Demo, 1+frame, uint64(v.number))
	between := func(lo, hi int) int { return lo + r.IntN(hi-lo+1) }
	cx, cy := demoSide/2+between(-9, 9), demoSide/2+between(-9, 9)
	size, tone := between(22, 28), between(-24, 24)
	light, slope := between(-18, 18), between(-20, 20)
	border := between(9, 12)
	m := image.NewRGBA(image.Rect(0, 0, demoSide, demoSide))
	for y := range demoSide {
		for x := range demoSide {
			grain := between(-7, 7)
			var rgb [3]int
			for c := range 3 {
				rgb[c] = demoWalls[v.labels[1]][c] + light + slope*(2*y-demoSide)/demoSide
			}
			if inDemoShape(v.labels[0], x-cx, y-cy, size) {
				for c := range 3 {
					rgb[c] = demoFurs[v.labels[0]][c] + tone
				}
			}
			if edge := min(x, y, demoSide-1-x, demoSide-1-y); edge < border {
				switch v.labels[2] {
				case 1:
					rgb = [3]int{24, 24, 28}
				case 2:
					rgb = [3]int{240, 240, 232}
				}
			}
			p := m.Pix[m.PixOffset(x, y):]
			for c := range 3 {
				p[c] = byte(min(max(rgb[c]+grain, 0), 255))
			}
			p[3] = 255
		}
	}
	return m
}

func inDemoShape(action, x, y, size int) bool {
	d := x*x + y*y
	switch action {
	case 0:
		return d <= size*size*4/5
	case 1:
		return d <= size*size && d >= size*size/4
	case 2:
		return max(x, -x) <= size*5/4 && max(y, -y) <= size/3
	default:
		return max(x, -x) <= size/3 && max(y, -y) <= size*5/4
	}
}
