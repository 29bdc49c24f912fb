package data

// Batch is a set of images on their way into a step. All slices of a batch have
// the batch's length but Labels, which has one such slice per task. A batch
// belongs to the loader that yielded it, see Loader.Next.
type Batch struct {
	Pixels [][]byte  // [n] views of Size·Size·3 bytes, RGB, rows from the top; never write to them
	Index  []int32   // [n] position of the image in the cache
	Flip   []bool    // [n] mirror the image left to right
	Labels [][]int32 // [task][n] class index
}

// Len is the number of images.
func (b *Batch) Len() int { return len(b.Index) }

func newBatch(capacity, tasks int) *Batch {
	b := &Batch{
		Pixels: make([][]byte, 0, capacity),
		Index:  make([]int32, 0, capacity),
		Flip:   make([]bool, 0, capacity),
		Labels: make([][]int32, tasks),
	}
	for t := range b.Labels {
		b.Labels[t] = make([]int32, 0, capacity)
	}
	return b
}

func (b *Batch) reset() {
	b.Pixels, b.Index, b.Flip = b.Pixels[:0], b.Index[:0], b.Flip[:0]
	for t := range b.Labels {
		b.Labels[t] = b.Labels[t][:0]
	}
}
