package sweep

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// readHistory collects what is recorded of a run up to its last event.
func readHistory(st *store.Store, id string) (History, error) {
	record, err := st.Run(id)
	if err != nil {
		return History{}, err
	}
	c, err := st.Columns(record.Spec.ID, 0)
	if err != nil {
		return History{}, err
	}
	// More may have been recorded since; that is for Watch.
	n, _ := slices.BinarySearch(c.Seq, record.Seq+1)
	h := History{
		Seq:  record.Seq,
		Step: narrow[int32](c.Step[:n]), Epoch: narrow[int32](c.Epoch[:n]),
		LR: c.LR[:n], Loss: columnOf(c, "loss", n),
		Speed: narrow[float32](c.ImagesPerS[:n]), Wait: narrow[float32](c.DataWait[:n]),
	}
	for _, task := range record.Spec.Tasks {
		h.Tasks = append(h.Tasks, columnOf(c, "loss_"+task.Name, n))
	}
	err = st.Epochs(record.Spec.ID, func(e run.Event) error {
		if e.Seq <= record.Seq {
			h.Epochs = append(h.Epochs, e)
		}
		return nil
	})
	return h, err
}

func columnOf(c *store.Columns, key string, n int) []float64 {
	if k := slices.Index(c.Keys, key); k >= 0 {
		return c.Values[k][:n]
	}
	none := make([]float64, n)
	for i := range none {
		none[i] = math.NaN()
	}
	return none
}

func narrow[To, From int32 | int64 | float32 | float64](vs []From) []To {
	out := make([]To, len(vs))
	for i, v := range vs {
		out[i] = To(v)
	}
	return out
}

// The binary form of a History, little-endian:
//
//	"SWEEPHIS" · last event int64 · points uint32 · tasks uint32 · epoch bytes uint32
//	lr, loss, loss of each task: float64 a point
//	step, epoch: int32 a point · speed, wait: float32 a point
//	epoch events as a JSON array
const (
	historyMagic  = "SWEEPHIS"
	historyHeader = len(historyMagic) + 8 + 3*4
)

// MarshalBinary writes the history in columns.
func (h History) MarshalBinary() ([]byte, error) {
	n := len(h.Step)
	epochs, err := json.Marshal(h.Epochs)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, historyHeader+n*(8*(2+len(h.Tasks))+16)+len(epochs))
	b = append(b, historyMagic...)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.Seq))
	for _, v := range []int{n, len(h.Tasks), len(epochs)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	for _, column := range append([][]float64{h.LR, h.Loss}, h.Tasks...) {
		if len(column) != n {
			return nil, errors.New("history: columns of different length")
		}
		at := len(b)
		b = b[:at+8*n]
		for i, v := range column {
			binary.LittleEndian.PutUint64(b[at+8*i:], math.Float64bits(v))
		}
	}
	for _, column := range [][]int32{h.Step, h.Epoch} {
		for _, v := range column {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	for _, column := range [][]float32{h.Speed, h.Wait} {
		for _, v := range column {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	return append(b, epochs...), nil
}

// UnmarshalBinary is the reverse of MarshalBinary.
func (h *History) UnmarshalBinary(b []byte) error {
	if len(b) < historyHeader || string(b[:len(historyMagic)]) != historyMagic {
		return errors.New("history: not one of this program")
	}
	head := b[len(historyMagic):historyHeader]
	b = b[historyHeader:]
	n, tasks, tail := int64(binary.LittleEndian.Uint32(head[8:])), int64(binary.LittleEndian.Uint32(head[12:])), int64(binary.LittleEndian.Uint32(head[16:]))
	if tasks > 1<<16 || n*(8*(2+tasks)+16)+tail != int64(len(b)) {
		return fmt.Errorf("history: %d bytes do not fit %d points of %d tasks", len(b), n, tasks)
	}
	floats := func() []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
		}
		b = b[8*n:]
		return out
	}
	ints := func() []int32 {
		out := make([]int32, n)
		for i := range out {
			out[i] = int32(binary.LittleEndian.Uint32(b[4*i:]))
		}
		b = b[4*n:]
		return out
	}
	halves := func() []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		b = b[4*n:]
		return out
	}
	*h = History{Seq: int64(binary.LittleEndian.Uint64(head)), LR: floats(), Loss: floats()}
	for range tasks {
		h.Tasks = append(h.Tasks, floats())
	}
	h.Step, h.Epoch = ints(), ints()
	h.Speed, h.Wait = halves(), halves()
	if err := json.Unmarshal(b, &h.Epochs); err != nil {
		return fmt.Errorf("history: epochs: %w", err)
	}
	return nil
}
