package weights

import "io"

// maxSpan bounds how much of its storage a tensor that is not contiguous may
// stretch over, as a multiple of its own size: that much is read at once.
const maxSpan = 4

// strided gives the bytes of a tensor whose elements do not follow one another,
// such as a transposed one or one in PyTorch's channels_last format, in row-major
// order.
type strided struct {
	span   io.ReaderAt // from the first to the last element
	width  int         // bytes of an element
	bytes  int64       // of the span
	shape  []int64
	stride []int64 // elements

	read []byte // the span, from the first call until the last element was asked for
}

// ReadAt fills p with whole elements.
func (s *strided) ReadAt(p []byte, off int64) (int, error) {
	if s.read == nil {
		span := make([]byte, s.bytes)
		if n, err := s.span.ReadAt(span, 0); n < len(span) {
			return 0, err
		}
		s.read = span
	}
	index := s.index(off / int64(s.width))
	n := 0
	for ; n+s.width <= len(p) && index != nil; n += s.width {
		at := 0
		for axis, i := range index {
			at += int(i * s.stride[axis])
		}
		copy(p[n:n+s.width], s.read[at*s.width:])
		index = s.next(index)
	}
	if index == nil {
		s.read = nil
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// index is the position of the k-th element along every axis, nil behind the last.
func (s *strided) index(k int64) []int64 {
	out := make([]int64, len(s.shape))
	for axis := len(s.shape) - 1; axis >= 0; axis-- {
		if s.shape[axis] == 0 {
			return nil
		}
		out[axis] = k % s.shape[axis]
		k /= s.shape[axis]
	}
	if k > 0 {
		return nil
	}
	return out
}

// next moves a position to the element after it, nil behind the last.
func (s *strided) next(index []int64) []int64 {
	for axis := len(index) - 1; axis >= 0; axis-- {
		if index[axis]++; index[axis] < s.shape[axis] {
			return index
		}
		index[axis] = 0
	}
	return nil
}
