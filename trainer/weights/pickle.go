package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// A .pth file is a Python pickle: a program for a small stack machine. This
// machine knows the part of protocol 2 that torch.save uses for dictionaries of
// tensors. It makes nothing but tensors and containers; a pickle that asks for
// any other class is refused with the class's name, so reading a file never
// runs what somebody else wrote.

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

// unpickler runs one pickle. No step takes more memory than the pickle has bytes.
type unpickler struct {
	in       []byte // the rest
	stack    []any
	memo     map[uint32]any
	storages map[string]string // element types by key
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
			return v, nil
		}
	}
	return nil, errors.New("the pickle lacks a mark")
}

func (u *unpickler) step(op byte) error {
	switch op {
	case 0x80: // PROTO
		v, err := u.number(1)
		if err == nil && v > 4 {
			err = fmt.Errorf("pickle protocol %d is not supported", v)
		}
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
	case ']':
		u.push(&list{})
	case ')':
		u.push(tuple{})
	case 'K', 'M', 'J': // BININT1, BININT2, BININT
		v, err := u.number(map[byte]uint32{'K': 1, 'M': 2, 'J': 4}[op])
		if op == 'J' {
			u.push(int64(int32(v)))
		} else {
			u.push(int64(v))
		}
		return err
	case 0x8a: // LONG1
		b, err := u.counted(1)
		u.push(long(b))
		return err
	case 'G': // BINFLOAT
		b, err := u.take(8)
		if err == nil {
			u.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
		}
		return err
	case 'X', 'T', 'U', 0x8c: // BINUNICODE, BINSTRING, SHORT_BINSTRING, SHORT_BINUNICODE
		b, err := u.counted(map[byte]uint32{'X': 4, 'T': 4, 'U': 1, 0x8c: 1}[op])
		u.push(string(b))
		return err
	case 'c': // GLOBAL
		return u.global()
	case 'q', 'r': // BINPUT, LONG_BINPUT
		n, err := u.number(map[byte]uint32{'q': 1, 'r': 4}[op])
		if err == nil && len(u.stack) == 0 {
			err = errors.New("the pickle remembers an empty stack")
		}
		if err == nil {
			u.memo[n] = u.stack[len(u.stack)-1]
		}
		return err
	case 'h', 'j': // BINGET, LONG_BINGET
		n, err := u.number(map[byte]uint32{'h': 1, 'j': 4}[op])
		v, ok := u.memo[n]
		if err == nil && !ok {
			err = fmt.Errorf("the pickle recalls %d, which it never remembered", n)
		}
		u.push(v)
		return err
	case 0x85, 0x86, 0x87: // TUPLE1 … TUPLE3
		v, err := u.popN(int(op) - 0x84)
		u.push(tuple(v))
		return err
	case 't': // TUPLE
		v, err := u.popMark()
		u.push(tuple(v))
		return err
	case 'a', 's', 'e', 'u':
		return u.extend(op)
	case 'Q': // BINPERSID
		return u.persistent()
	case 'R': // REDUCE
		return u.reduce()
	case 'b': // BUILD
		return u.build()
	default:
		return fmt.Errorf("pickle instruction 0x%02x is not supported", op)
	}
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

// extend is APPEND, SETITEM, APPENDS and SETITEMS.
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
		if op == 'a' || op == 'e' {
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
