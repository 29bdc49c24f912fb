package weights

import (
	"errors"
	"fmt"
	"math"
)

// What a pickle may refer to by name: dictionaries, storages and tensors.

// elementType gives the safetensors name of a storage class's elements.
func elementType(c class) (string, bool) {
	t, ok := map[class]string{
		"torch.FloatStorage": "F32", "torch.HalfStorage": "F16", "torch.BFloat16Storage": "BF16", "torch.DoubleStorage": "F64",
		"torch.LongStorage": "I64", "torch.IntStorage": "I32", "torch.ShortStorage": "I16", "torch.CharStorage": "I8",
		"torch.ByteStorage": "U8", "torch.BoolStorage": "BOOL",
	}[c]
	return t, ok
}

// Classes beside the storages that a pickle may name. All of them make
// containers or tensors.
const (
	orderedDict    class = "collections.OrderedDict"
	builtinSet     class = "builtins.set"
	builtinSetOld  class = "__builtin__.set" // Python 2's name, in protocol 2
	torchSize      class = "torch.Size"
	tensorV1       class = "torch._utils._rebuild_tensor"
	tensorV2       class = "torch._utils._rebuild_tensor_v2"
	parameter      class = "torch._utils._rebuild_parameter"
	parameterState class = "torch._utils._rebuild_parameter_with_state"
)

const onlyTensors = "only tensors and containers are read: save model.state_dict() alone"

// global is GLOBAL, STACK_GLOBAL and INST: a class by name.
func (u *unpickler) global(op byte) error {
	var module, name string
	if op == 0x93 {
		v, err := u.popN(2)
		if err != nil {
			return err
		}
		var ok1, ok2 bool
		module, ok1 = v[0].(string)
		name, ok2 = v[1].(string)
		if !ok1 || !ok2 {
			return errors.New("the pickle names a class by something that is no text")
		}
	} else {
		var err error
		if module, err = u.line(); err != nil {
			return err
		}
		if name, err = u.line(); err != nil {
			return err
		}
	}
	c := class(module + "." + name)
	switch c {
	case orderedDict, builtinSet, builtinSetOld, torchSize, tensorV1, tensorV2, parameter, parameterState:
	default:
		if _, ok := elementType(c); !ok {
			return fmt.Errorf("the pickle uses %.200q: %s", string(c), onlyTensors)
		}
	}
	if op == 'i' {
		return fmt.Errorf("the pickle makes an object of %q by an old instruction: %s", string(c), onlyTensors)
	}
	u.push(c)
	return nil
}

// maxElements bounds what a storage claims to hold, so that sizes in bytes fit
// into 64 bits.
const maxElements = 1 << 48

// persistent makes a storage out of ("storage", class, key, place, elements, …).
func (u *unpickler) persistent() error {
	v, err := u.pop()
	if err != nil {
		return err
	}
	id, ok := v.(tuple)
	if !ok || len(id) < 5 || id[0] != "storage" {
		return errors.New("the pickle refers to something that is no storage")
	}
	if len(id) > 5 && id[5] != nil {
		return errors.New("a storage is a view of another: save the tensors with .clone()")
	}
	c, _ := id[1].(class)
	dtype, ok1 := elementType(c)
	key, ok2 := id[2].(string)
	n, ok3 := id[4].(int64)
	if !ok1 || !ok2 || !ok3 || n < 0 || n > maxElements {
		return errors.New("the pickle has a malformed storage")
	}
	u.storages[key] = dtype
	u.push(storage{dtype, key, n})
	return nil
}

// reduce calls one of the functions that global lets through.
func (u *unpickler) reduce() error {
	v, err := u.popN(2)
	if err != nil {
		return err
	}
	args, ok := v[1].(tuple)
	if !ok {
		return errors.New("the pickle calls without arguments")
	}
	c, ok := v[0].(class)
	if !ok {
		return errors.New("the pickle calls something that is no function")
	}
	switch {
	case c == orderedDict:
		d := &dict{}
		if len(args) > 0 {
			if err := u.pairs(d, args[0]); err != nil {
				return err
			}
		}
		u.push(d)
		return nil
	case len(args) > 0 && (c == builtinSet || c == builtinSetOld || c == torchSize):
		u.push(args[0])
		return nil
	case len(args) > 0 && (c == parameter || c == parameterState):
		if t, ok := args[0].(tensor); ok {
			u.push(t)
			return nil
		}
	case len(args) >= 4 && (c == tensorV1 || c == tensorV2):
		t, err := rebuild(args)
		u.push(t)
		return err
	}
	return fmt.Errorf("the pickle calls %q with %d arguments of the wrong kind", string(c), len(args))
}

// pairs fills a dictionary from a list of [key, value].
func (u *unpickler) pairs(d *dict, from any) error {
	pairs, ok := from.(*list)
	if !ok {
		return errors.New("the pickle makes a dictionary of no list")
	}
	if err := u.spend(len(pairs.items)); err != nil {
		return err
	}
	for _, p := range pairs.items {
		kv, ok := p.(*list)
		if !ok || len(kv.items) != 2 {
			return errors.New("the pickle makes a dictionary of no pairs")
		}
		d.set(kv.items[0], kv.items[1])
	}
	return nil
}

// rebuild is _rebuild_tensor_v2(storage, from, size, stride, …).
func rebuild(args tuple) (tensor, error) {
	s, ok1 := args[0].(storage)
	from, ok2 := args[1].(int64)
	shape, ok3 := integers(args[2])
	stride, ok4 := integers(args[3])
	if !ok1 || !ok2 || !ok3 || !ok4 || from < 0 || len(shape) != len(stride) {
		return tensor{}, errors.New("the pickle has a malformed tensor")
	}
	n, last := int64(1), int64(0) // number of elements, and the last one's place after from
	for i, d := range shape {
		if d < 0 || stride[i] < 0 || d > 0 && n > math.MaxInt64/d {
			return tensor{}, fmt.Errorf("a tensor has the impossible shape %v with strides %v", shape, stride)
		}
		n *= d
		if d > 1 {
			if stride[i] > (s.n-last)/(d-1) {
				return tensor{}, outOfStorage(shape, s)
			}
			last += stride[i] * (d - 1)
		}
	}
	if from > s.n || n > 0 && last >= s.n-from || n > s.n {
		return tensor{}, outOfStorage(shape, s)
	}
	return tensor{s, from, shape, stride}, nil
}

func outOfStorage(shape []int64, s storage) error {
	return fmt.Errorf("a tensor of shape %v does not fit into its storage of %d elements", shape, s.n)
}

// contiguous reports whether the elements follow one another in row-major order.
func (t tensor) contiguous() bool {
	step := int64(1)
	for i := len(t.shape) - 1; i >= 0; i-- {
		if t.shape[i] != 1 && t.stride[i] != step {
			return false
		}
		step *= t.shape[i]
	}
	return true
}

// span is how many elements of the storage lie between a tensor's first and last.
func (t tensor) span() int64 {
	n := int64(1)
	for i, d := range t.shape {
		if d == 0 {
			return 0
		}
		n += t.stride[i] * (d - 1)
	}
	return n
}

// maxRank is the most axes that PyTorch gives a tensor.
const maxRank = 64

func integers(v any) ([]int64, bool) {
	t, ok := v.(tuple)
	if !ok || len(t) > maxRank {
		return nil, false
	}
	out := make([]int64, len(t))
	for i, x := range t {
		if out[i], ok = x.(int64); !ok {
			return nil, false
		}
	}
	return out, true
}

// build sets attributes; on a dictionary these are PyTorch's version notes.
func (u *unpickler) build() error {
	v, err := u.popN(2)
	if err != nil {
		return err
	}
	if _, ok := v[0].(*dict); !ok {
		return errors.New("the pickle sets attributes of something that is no dictionary")
	}
	u.push(v[0])
	return nil
}
