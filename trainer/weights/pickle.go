package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// A .pth file is a Python pickle: a program for a small stack machine. This
// machine knows the part of protocols 2 to 5 that torch.save uses for
// dictionaries of tensors. It makes nothing but tensors and containers; a pickle
// that asks for any other class is refused with the class's name, so reading a
// file never runs what somebody else wrote.

// What a pickle is made of, beside nil, bool, int64, float64, string.
type (
	tuple []any
	list  struct{ items []any }
	dict  struct{ keys, values []any }
	class string // module and name
	mark  struct{}

	storage struct {
		dtype string
		key   string
		n     int64 // elements
	}
	tensor struct {
		storage storage
		from    int64 // element of the storage
		shape   []int64
		stride  []int64 // elements from one index to the next, per axis
	}
)

func (d *dict) set(key, value any) { d.keys, d.values = append(d.keys, key), append(d.values, value) }

// get returns the value under a string key, the last one if it is there twice.
func (d *dict) get(key string) any {
	for i := len(d.keys) - 1; i >= 0; i-- {
		if d.keys[i] == key {
			return d.values[i]
		}
	}
	return nil
}

var errCut = errors.New("the pickle ends too early")

// maxWork bounds the instructions of a pickle, and the items that its containers
// get, and so the memory: a pickle of a few bytes can recall and copy what it
// remembers again and again. ConvNeXt-Base takes 15,000, and an optimiser's state
// beside it twice as many again.
const maxWork = 1 << 20

// unpickler runs one pickle. Its memory is bounded by the pickle's bytes and by
// maxWork.
type unpickler struct {
	in       []byte // the rest
	stack    []any
	memo     map[uint32]any
	storages map[string]string // element types by key
	work     int
}

// spend counts n instructions or items.
func (u *unpickler) spend(n int) error {
	if u.work += n; u.work > maxWork {
		return fmt.Errorf("the pickle has more than %d steps: save the state_dict alone", maxWork)
	}
	return nil
}

// pickled is what a pickle held.
type pickled struct {
	value    any
	storages map[string]string // element types by key
	rest     []byte            // bytes after the pickle
}

func unpickle(in []byte) (pickled, error) {
	u := &unpickler{in: in, memo: map[uint32]any{}, storages: map[string]string{}}
	for {
		op, err := u.take(1)
		if err != nil {
			return pickled{}, err
		}
		if err := u.spend(1); err != nil {
			return pickled{}, err
		}
		if op[0] == '.' { // STOP
			v, err := u.pop()
			return pickled{v, u.storages, u.in}, err
		}
		if err := u.step(op[0]); err != nil {
			return pickled{}, err
		}
	}
}

func (u *unpickler) take(n uint32) ([]byte, error) {
	if uint64(n) > uint64(len(u.in)) {
		return nil, errCut
	}
	b := u.in[:n]
	u.in = u.in[n:]
	return b, nil
}

// number reads an unsigned little-endian integer of 1, 2 or 4 bytes.
func (u *unpickler) number(bytes uint32) (uint32, error) {
	b, err := u.take(bytes)
	var v uint32
	for i, x := range b {
		v |= uint32(x) << (8 * i)
	}
	return v, err
}

// counted reads bytes whose number stands before them.
func (u *unpickler) counted(width uint32) ([]byte, error) {
	n, err := u.number(width)
	if err != nil {
		return nil, err
	}
	return u.take(n)
}

func (u *unpickler) line() (string, error) {
	i := bytes.IndexByte(u.in, '\n')
	if i < 0 {
		return "", errCut
	}
	s := string(u.in[:i])
	u.in = u.in[i+1:]
	return s, nil
}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

func (u *unpickler) pop() (any, error) {
	if len(u.stack) == 0 {
		return nil, errors.New("the pickle takes from an empty stack")
	}
	v := u.stack[len(u.stack)-1]
	u.stack = u.stack[:len(u.stack)-1]
	return v, nil
}

// popN takes the n topmost values, the lowest first.
func (u *unpickler) popN(n int) ([]any, error) {
	if len(u.stack) < n {
		return nil, errors.New("the pickle takes from an empty stack")
	}
	at := len(u.stack) - n
	v := append([]any(nil), u.stack[at:]...)
	u.stack = u.stack[:at]
	return v, nil
}

// popMark takes everything above the topmost mark, and the mark.
func (u *unpickler) popMark() ([]any, error) {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if u.stack[i] == (mark{}) {
			v := append([]any(nil), u.stack[i+1:]...)
			u.stack = u.stack[:i]
			return v, u.spend(len(v))
		}
	}
	return nil, errors.New("the pickle lacks a mark")
}

func (u *unpickler) step(op byte) error {
	switch op {
	case 0x80: // PROTO
		v, err := u.number(1)
		if err == nil && v > 5 {
			err = fmt.Errorf("pickle protocol %d is not supported", v)
		}
		return err
	case 0x95: // FRAME: how many bytes to read ahead
		_, err := u.take(8)
		return err
	case '(': // MARK
		u.push(mark{})
	case 'N':
		u.push(nil)
	case 0x88:
		u.push(true)
	case 0x89:
		u.push(false)
	case '}':
		u.push(&dict{})
	case ']', 0x8f: // EMPTY_LIST, EMPTY_SET
		u.push(&list{})
	case ')':
		u.push(tuple{})
	case 'K', 'M', 'J', 0x8a, 'G':
		return u.numeral(op)
	case 'X', 'T', 'U', 0x8c, 'B', 'C': // BINUNICODE, BINSTRING, SHORT_BINSTRING, SHORT_BINUNICODE, BINBYTES, SHORT_BINBYTES
		width := uint32(1)
		if op == 'X' || op == 'T' || op == 'B' {
			width = 4
		}
		b, err := u.counted(width)
		u.push(string(b))
		return err
	case 'q', 'r', 0x94, 'h', 'j':
		return u.remember(op)
	case 0x85, 0x86, 0x87: // TUPLE1 … TUPLE3
		v, err := u.popN(int(op) - 0x84)
		u.push(tuple(v))
		return err
	case 't': // TUPLE
		v, err := u.popMark()
		u.push(tuple(v))
		return err
	case 0x91: // FROZENSET
		v, err := u.popMark()
		u.push(&list{v})
		return err
	case 'a', 's', 'e', 'u', 0x90:
		return u.extend(op)
	case 'c', 0x93, 'i': // GLOBAL, STACK_GLOBAL, INST
		return u.global(op)
	case 'Q': // BINPERSID
		return u.persistent()
	case 'R': // REDUCE
		return u.reduce()
	case 'b': // BUILD
		return u.build()
	case 'o', 0x81, 0x92, 0x82, 0x83, 0x84, 'P': // OBJ, NEWOBJ, NEWOBJ_EX, EXT1 … EXT4, PERSID
		return fmt.Errorf("the pickle makes an object by instruction 0x%02x: %s", op, onlyTensors)
	default:
		return fmt.Errorf("pickle instruction 0x%02x is not supported", op)
	}
	return nil
}

// numeral is BININT1, BININT2, BININT, LONG1 and BINFLOAT.
func (u *unpickler) numeral(op byte) error {
	switch op {
	case 0x8a:
		b, err := u.counted(1)
		u.push(long(b))
		return err
	case 'G':
		b, err := u.take(8)
		if err == nil {
			u.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
		}
		return err
	}
	v, err := u.number(map[byte]uint32{'K': 1, 'M': 2, 'J': 4}[op])
	if op == 'J' {
		u.push(int64(int32(v)))
	} else {
		u.push(int64(v))
	}
	return err
}

// remember is BINPUT, LONG_BINPUT, MEMOIZE, BINGET and LONG_BINGET.
func (u *unpickler) remember(op byte) error {
	n := uint32(len(u.memo))
	if op != 0x94 {
		width := uint32(1)
		if op == 'r' || op == 'j' {
			width = 4
		}
		var err error
		if n, err = u.number(width); err != nil {
			return err
		}
	}
	if op == 'h' || op == 'j' {
		v, ok := u.memo[n]
		if !ok {
			return fmt.Errorf("the pickle recalls %d, which it never remembered", n)
		}
		u.push(v)
		return nil
	}
	if len(u.stack) == 0 {
		return errors.New("the pickle remembers an empty stack")
	}
	u.memo[n] = u.stack[len(u.stack)-1]
	return nil
}

// long is Python's long as far as it fits; longer ones, such as the magic
// number, stay bytes.
func long(b []byte) any {
	if len(b) > 8 {
		return string(b)
	}
	var v int64
	for i, x := range b {
		v |= int64(x) << (8 * i)
	}
	if n := len(b); n > 0 && n < 8 && b[n-1]&0x80 != 0 {
		v -= 1 << (8 * n)
	}
	return v
}

// extend is APPEND, SETITEM, APPENDS, SETITEMS and ADDITEMS.
func (u *unpickler) extend(op byte) error {
	var items []any
	var err error
	switch op {
	case 'a':
		items, err = u.popN(1)
	case 's':
		items, err = u.popN(2)
	default:
		items, err = u.popMark()
	}
	if err != nil {
		return err
	}
	if len(u.stack) == 0 {
		return errors.New("the pickle fills nothing")
	}
	switch into := u.stack[len(u.stack)-1].(type) {
	case *list:
		if op == 'a' || op == 'e' || op == 0x90 {
			into.items = append(into.items, items...)
			return nil
		}
	case *dict:
		if (op == 's' || op == 'u') && len(items)%2 == 0 {
			for i := 0; i < len(items); i += 2 {
				into.set(items[i], items[i+1])
			}
			return nil
		}
	}
	return errors.New("the pickle fills something that is no container")
}
