package store

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// stepsPerBlock bounds a block of step events. The last block is rewritten as it
// fills, so smaller blocks mean less writing and larger ones faster reading.
const stepsPerBlock = 512

// stepBlock is Columns with one list of keys, as a block stores it:
//
//	points · event version · keys: varints and strings
//	seq, step, epoch, time: differences to the point before, as varints
//	lr, images/s, data wait, then a column a key: 8 bytes each, little-endian
type stepBlock struct {
	Columns
	V int // event version of all points
}

// takes reports whether the event fits behind the block's points.
func (b *stepBlock) takes(e *run.Event) bool {
	return b.Len() < stepsPerBlock && b.V == e.V &&
		slices.EqualFunc(b.Keys, e.Values, func(k string, v run.Value) bool { return k == v.Key })
}

func newStepBlock(e *run.Event) *stepBlock {
	b := &stepBlock{V: e.V}
	for _, kv := range e.Values {
		b.Keys = append(b.Keys, kv.Key)
	}
	b.Values = make([][]float64, len(b.Keys))
	return b
}

func (b *stepBlock) add(e *run.Event) {
	b.Seq = append(b.Seq, e.Seq)
	b.Time = append(b.Time, nanos(e.Time))
	b.Step = append(b.Step, int64(e.Step))
	b.Epoch = append(b.Epoch, int64(e.Epoch))
	b.LR = append(b.LR, e.LR)
	b.ImagesPerS = append(b.ImagesPerS, e.ImagesPerS)
	b.DataWait = append(b.DataWait, e.DataWait)
	for k, kv := range e.Values {
		b.Values[k] = append(b.Values[k], kv.V)
	}
}

func (b *stepBlock) pack() []byte {
	n := b.Len()
	p := &packer{b: make([]byte, 0, 64+n*(16+8*(3+len(b.Keys)))+sealSize)}
	p.uint(uint64(n))
	p.uint(uint64(b.V))
	p.uint(uint64(len(b.Keys)))
	for _, k := range b.Keys {
		p.string(k)
	}
	for _, col := range [][]int64{b.Seq, b.Step, b.Epoch, b.Time} {
		last := int64(0)
		for _, v := range col {
			p.int(v - last) // wraps around the same way in both directions
			last = v
		}
	}
	for _, col := range slices.Concat([][]float64{b.LR, b.ImagesPerS, b.DataWait}, b.Values) {
		for _, v := range col {
			p.float(v)
		}
	}
	return p.b
}

// unpackStepBlock reads what pack wrote; nothing in it points into data.
func unpackStepBlock(data []byte) (*stepBlock, error) {
	b := new(stepBlock)
	return b, b.unpack(data)
}

// unpack is unpackStepBlock into a block whose memory may be used again.
func (b *stepBlock) unpack(data []byte) error {
	u := &unpacker{b: data}
	n := u.count(4)
	b.V = int(u.uint())
	b.Keys = make([]string, u.count(1))
	for i := range b.Keys {
		b.Keys[i] = u.string()
	}
	if u.err != nil || n == 0 || n > stepsPerBlock {
		return errCut
	}
	for _, col := range []*[]int64{&b.Seq, &b.Step, &b.Epoch, &b.Time} {
		*col = slices.Grow((*col)[:0], n)[:n]
		u.deltas(*col)
	}
	b.Values = slices.Grow(b.Values[:0], len(b.Keys))[:len(b.Keys)]
	for _, col := range []*[]float64{&b.LR, &b.ImagesPerS, &b.DataWait} {
		*col = u.floats(*col, n)
	}
	for k := range b.Values {
		b.Values[k] = u.floats(b.Values[k], n)
	}
	return u.end()
}

// deltas reads differences to the value before, the first to zero.
func (u *unpacker) deltas(dst []int64) {
	last, b := int64(0), u.b
	for i := range dst {
		if len(b) > 0 && b[0] < 0x80 { // most take one byte
			last += int64(b[0]>>1) ^ -int64(b[0]&1)
			b = b[1:]
		} else {
			v, n := binary.Varint(b)
			if n <= 0 {
				u.fail()
				return
			}
			last += v
			b = b[n:]
		}
		dst[i] = last
	}
	u.b = b
}

// floats reads n floats into dst, grown as needed.
func (u *unpacker) floats(dst []float64, n int) []float64 {
	raw := u.bytes(8 * n)
	if raw == nil {
		return nil
	}
	dst = slices.Grow(dst[:0], n)[:n]
	for i := range dst {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
	}
	return dst
}

// event returns point i as the event it came from; values is room for its Values.
func (b *stepBlock) event(id string, i int, values run.Values) run.Event {
	for k, key := range b.Keys {
		values[k] = run.Value{Key: key, V: b.Values[k][i]}
	}
	return run.Event{
		V: b.V, Seq: b.Seq[i], Time: fromNanos(b.Time[i]), Run: id, Type: run.EventStep,
		Step: int(b.Step[i]), Epoch: int(b.Epoch[i]), LR: b.LR[i],
		ImagesPerS: b.ImagesPerS[i], DataWait: b.DataWait[i], Values: values,
	}
}

// events returns the points from seq on as events.
func (b *stepBlock) events(id string, from int64) []run.Event {
	first, _ := slices.BinarySearch(b.Seq, from)
	n, width := b.Len()-first, len(b.Keys)
	values := make(run.Values, n*width)
	out := make([]run.Event, n)
	for i := range out {
		out[i] = b.event(id, first+i, values[i*width:(i+1)*width:(i+1)*width])
	}
	return out
}
