package sweep

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"unsafe"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// recorded is what the store has of a run up to its last event, on its way to
// becoming a History at the other end of the socket.
type recorded struct {
	seq     int64
	columns *store.Columns
	n       int      // points of them that count
	losses  []string // keys of the losses of the tasks
	epochs  []run.Event
}

func readRecorded(st *store.Store, id string) (*recorded, error) {
	record, err := st.Run(id)
	if err != nil {
		return nil, err
	}
	h := &recorded{seq: record.Seq}
	if h.columns, err = st.Columns(record.Spec.ID, 0); err != nil {
		return nil, err
	}
	// More may have been recorded since; that is for Watch.
	h.n, _ = slices.BinarySearch(h.columns.Seq, record.Seq+1)
	for _, task := range record.Spec.Tasks {
		h.losses = append(h.losses, "loss_"+task.Name)
	}
	err = st.Epochs(record.Spec.ID, func(e run.Event) error {
		if e.Seq <= record.Seq {
			h.epochs = append(h.epochs, e)
		}
		return nil
	})
	return h, err
}

// The form of a History on the socket, little-endian, as the memory of every
// platform that the program is built for:
//
//	"SWEEPHIS" · last event int64 · points, tasks, bytes of epochs, 0: uint32 each
//	lr, loss, loss of each task: float64 a point
//	step, epoch: int32 a point · speed, wait: float32 a point
//	epoch events as a JSON array
//
// Tens of megabytes pass here before a screen with many long runs is complete,
// so columns are written from where they are and used where they were read to.
const (
	historyMagic  = "SWEEPHIS"
	historyHeader = 32
	pointBytes    = 4 * 4 // of a point, without its float64 columns
)

// encode returns the size of the form in bytes and a function that writes it.
func (h *recorded) encode() (size int64, write func(io.Writer) error, err error) {
	epochs, err := json.Marshal(h.epochs)
	if err != nil {
		return 0, nil, err
	}
	c, n := h.columns, h.n
	floats := [][]float64{c.LR[:n], valuesOf(c, "loss", n)}
	for _, key := range h.losses {
		floats = append(floats, valuesOf(c, key, n))
	}
	head := make([]byte, 0, historyHeader)
	head = append(head, historyMagic...)
	head = binary.LittleEndian.AppendUint64(head, uint64(h.seq))
	for _, v := range []int{n, len(h.losses), len(epochs), 0} {
		head = binary.LittleEndian.AppendUint32(head, uint32(v))
	}
	size = historyHeader + int64(n)*int64(8*len(floats)+pointBytes) + int64(len(epochs))
	return size, func(w io.Writer) error {
		out := bufio.NewWriterSize(w, watchBuffer)
		_, _ = out.Write(head) // Flush reports it
		for _, column := range floats {
			_, _ = out.Write(bytesOf(column))
		}
		var word [4]byte
		for _, column := range [][]int64{c.Step[:n], c.Epoch[:n]} {
			for _, v := range column {
				binary.LittleEndian.PutUint32(word[:], uint32(v))
				_, _ = out.Write(word[:])
			}
		}
		for _, column := range [][]float64{c.ImagesPerS[:n], c.DataWait[:n]} {
			for _, v := range column {
				binary.LittleEndian.PutUint32(word[:], math.Float32bits(float32(v)))
				_, _ = out.Write(word[:])
			}
		}
		_, _ = out.Write(epochs)
		return out.Flush()
	}, nil
}

// valuesOf is the first n values under a key, NaN where there are none.
func valuesOf(c *store.Columns, key string, n int) []float64 {
	if k := slices.Index(c.Keys, key); k >= 0 {
		return c.Values[k][:n]
	}
	none := make([]float64, n)
	for i := range none {
		none[i] = math.NaN()
	}
	return none
}

// decodeHistory reads the form. The history keeps b.
func decodeHistory(b []byte) (History, error) {
	if len(b) < historyHeader || string(b[:len(historyMagic)]) != historyMagic {
		return History{}, errors.New("history: not one of this program")
	}
	head := b[len(historyMagic):]
	n, tasks, tail := int64(binary.LittleEndian.Uint32(head[8:])), int64(binary.LittleEndian.Uint32(head[12:])), int64(binary.LittleEndian.Uint32(head[16:]))
	if tasks > 1<<16 || historyHeader+n*(8*(2+tasks)+pointBytes)+tail != int64(len(b)) {
		return History{}, fmt.Errorf("history: %d bytes do not fit %d points of %d tasks", len(b), n, tasks)
	}
	if uintptr(unsafe.Pointer(&b[0]))%8 != 0 {
		b = append(make([]byte, 0, len(b)), b...) // what make returns is aligned
	}
	h := History{Seq: int64(binary.LittleEndian.Uint64(head))}
	rest := b[historyHeader:]
	h.LR, rest = takeColumn[float64](rest, n)
	h.Loss, rest = takeColumn[float64](rest, n)
	for range tasks {
		var column []float64
		column, rest = takeColumn[float64](rest, n)
		h.Tasks = append(h.Tasks, column)
	}
	h.Step, rest = takeColumn[int32](rest, n)
	h.Epoch, rest = takeColumn[int32](rest, n)
	h.Speed, rest = takeColumn[float32](rest, n)
	h.Wait, rest = takeColumn[float32](rest, n)
	if err := json.Unmarshal(rest, &h.Epochs); err != nil {
		return History{}, fmt.Errorf("history: epochs: %w", err)
	}
	return h, nil
}

type columnValue interface{ int32 | float32 | float64 }

// takeColumn views the beginning of b, which is aligned for T, as n values.
// Appending to them makes a copy.
func takeColumn[T columnValue](b []byte, n int64) (column []T, rest []byte) {
	if n == 0 {
		return nil, b
	}
	size := n * int64(unsafe.Sizeof(*new(T)))
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n), b[size:]
}

// bytesOf views values as bytes.
func bytesOf(v []float64) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 8*len(v))
}
