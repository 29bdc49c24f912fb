package data

import (
	"encoding/binary"
	"math"
)

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
	row        []byte   // [W, 3] one input row
	redBlue    []uint64 // [W] of it
	green      []uint64 // [W]
	mid        []byte   // [H, midStep], rows of [Size, 3]
	midStep    int      // a multiple of 8
	sum        []uint64 // [midStep/2], of two values each
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
	if len(r.green) < width {
		r.redBlue, r.green = make([]uint64, width), make([]uint64, width)
	}
	r.midStep = (S*3 + 7) / 8 * 8
	r.mid = grow(r.mid, height*r.midStep)
	for y := range height {
		out := r.mid[y*r.midStep:][:S*3]
		if width == S {
			readRow(y, out)
			continue
		}
		readRow(y, r.row)
		r.filterRow(out, r.row)
	}
	if height == S {
		for y := range height {
			copy(dst[y*S*3:(y+1)*S*3], r.mid[y*r.midStep:])
		}
		return
	}
	r.filterColumns(dst)
}

// filterRow sums red and blue in the halves of one word: a sum is below 2³¹.
func (r *Resizer) filterRow(dst, src []byte) {
	t := &r.horizontal
	redBlue, green := r.redBlue[:t.in], r.green[:t.in]
	for x := range redBlue {
		p := src[3*x : 3*x+3 : 3*x+3]
		redBlue[x], green[x] = uint64(p[0])|uint64(p[2])<<32, uint64(p[1])
	}
	for o := range t.out {
		first, n := t.first[o], t.count[o]
		rb, g := redBlue[first:first+n], green[first:first+n]
		sumRB, sumG := uint64(half|half<<32), uint64(half)
		for k, weight := range t.weight[o*t.width : o*t.width+n] {
			w := uint64(weight)
			sumRB += rb[k] * w
			sumG += g[k] * w
		}
		dst[o*3], dst[o*3+1], dst[o*3+2] = clip8(uint32(sumRB)), clip8(uint32(sumG)), clip8(uint32(sumRB>>32))
	}
}

// filterColumns sums bytes j and j+4 of every 8 in the halves of word j.
func (r *Resizer) filterColumns(dst []byte) {
	S, t := r.Size, &r.vertical
	const start, low = half | half<<32, 0xff | 0xff<<32
	if cap(r.sum) < r.midStep/2 {
		r.sum = make([]uint64, r.midStep/2)
	}
	sum := r.sum[:r.midStep/2]
	for o := range S {
		for i := range sum {
			sum[i] = start
		}
		for k, weight := range t.weight[o*t.width : o*t.width+t.count[o]] {
			row, w := r.mid[(t.first[o]+k)*r.midStep:][:r.midStep], uint64(weight)
			for s := sum; len(s) >= 4 && len(row) >= 8; s, row = s[4:], row[8:] {
				v := binary.LittleEndian.Uint64(row)
				s[0] += v & low * w
				s[1] += v >> 8 & low * w
				s[2] += v >> 16 & low * w
				s[3] += v >> 24 & low * w
			}
		}
		out := dst[o*S*3:][:S*3]
		for i := range out {
			out[i] = clip8(uint32(sum[i/8*4+i%4] >> (i & 4 * 8)))
		}
	}
}

const half = 1 << (weightBits - 1)

// clip8 rounds a sum that began at half. Weights are not negative; their sum may
// be a little above 1.
func clip8(v uint32) byte { return byte(min(v>>weightBits, 255)) }

func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
