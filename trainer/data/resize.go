package data

import "math"

// Fixed-point bits of the filter weights, as in Pillow: 8 bits of pixel and 2 of
// head room are left in 32.
const weightBits = 32 - 8 - 2

// taps are the weights of one axis: output position o is the sum over k of
// weight[o·width+k] · input[first[o]+k] for count[o] values.
type taps struct {
	in, out, width int
	first, count   []int
	weight         []int32
}

// bilinearTaps follows Pillow's precompute_coeffs for a triangle filter that
// widens with the reduction. The conversions to float64 keep a compiler from
// fusing a product with a sum, which would change the last bit.
func bilinearTaps(in, out int) taps {
	scale := float64(in) / float64(out)
	support := max(scale, 1)
	t := taps{
		in: in, out: out, width: 2*int(math.Ceil(support)) + 1,
		first: make([]int, out), count: make([]int, out),
	}
	t.weight = make([]int32, out*t.width)
	w := make([]float64, t.width)
	for o := range out {
		center := float64((float64(o) + 0.5) * scale)
		lo := max(0, int(center-support+0.5))
		n := min(in, int(center+support+0.5)) - lo
		var sum float64
		for k := range n {
			w[k] = max(0, 1-math.Abs(float64((float64(k+lo)-center+0.5)*float64(1/support))))
			sum += w[k]
		}
		t.first[o], t.count[o] = lo, n
		for k := range n {
			t.weight[o*t.width+k] = int32(0.5 + float64(w[k]/sum*(1<<weightBits)))
		}
	}
	return t
}

// Resizer squashes images to Size×Size with the antialiased bilinear filter of
// Pillow, bit for bit: rows first, rounded to 8 bits, then columns. (Pillow 13
// takes the columns first where the height shrinks much more than the width;
// rounding then sets values apart by at most 1.) An axis that has the size
// already is not filtered. It keeps its buffers between images; it
// is for one goroutine.
type Resizer struct {
	Size       int
	horizontal taps
	vertical   taps
	row        []byte  // [W, 3] one input row
	mid        []byte  // [H, Size, 3]
	sum        []int32 // [Size, 3]
}

// Resize writes Size·Size·3 bytes to dst. The image has width×height pixels, and
// readRow gives one row of them as RGB.
func (r *Resizer) Resize(dst []byte, width, height int, readRow func(y int, rgb []byte)) {
	if r.horizontal.in != width || r.horizontal.out != r.Size {
		r.horizontal = bilinearTaps(width, r.Size)
	}
	if r.vertical.in != height || r.vertical.out != r.Size {
		r.vertical = bilinearTaps(height, r.Size)
	}
	S := r.Size
	r.row = grow(r.row, width*3)
	r.mid = grow(r.mid, height*S*3)
	for y := range height {
		out := r.mid[y*S*3 : (y+1)*S*3]
		if width == S {
			readRow(y, out)
			continue
		}
		readRow(y, r.row)
		filterRow(out, r.row, &r.horizontal)
	}
	if height == S {
		copy(dst, r.mid)
		return
	}
	r.filterColumns(dst)
}

func filterRow(dst, src []byte, t *taps) {
	for o := range t.out {
		n := t.count[o]
		weight := t.weight[o*t.width : o*t.width+n]
		in := src[t.first[o]*3 : (t.first[o]+n)*3]
		var red, green, blue int32 = half, half, half
		for k, w := range weight {
			p := in[k*3 : k*3+3 : k*3+3]
			red += int32(p[0]) * w
			green += int32(p[1]) * w
			blue += int32(p[2]) * w
		}
		dst[o*3], dst[o*3+1], dst[o*3+2] = clip8(red), clip8(green), clip8(blue)
	}
}

func (r *Resizer) filterColumns(dst []byte) {
	S, t := r.Size, &r.vertical
	if cap(r.sum) < S*3 {
		r.sum = make([]int32, S*3)
	}
	sum := r.sum[:S*3]
	for o := range S {
		for i := range sum {
			sum[i] = half
		}
		for k, w := range t.weight[o*t.width : o*t.width+t.count[o]] {
			y := t.first[o] + k
			for i, v := range r.mid[y*S*3 : (y+1)*S*3] {
				sum[i] += int32(v) * w
			}
		}
		for i, v := range sum {
			dst[o*S*3+i] = clip8(v)
		}
	}
}

const half = 1 << (weightBits - 1)

func clip8(v int32) byte { return byte(min(max(v>>weightBits, 0), 255)) }

func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
