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

func (u *unpickler) global() error {
	module, err := u.line()
	if err != nil {
		return err
	}
	name, err := u.line()
	if err != nil {
		return err
	}
	c := class(module + "." + name)
	switch c {
	case "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter":
	default:
		if _, ok := elementType(c); !ok {
			return fmt.Errorf("the pickle uses %q: only tensors and containers are read, save the state_dict alone", string(c))
		}
	}
	u.push(c)
	return nil
}

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
	if !ok1 || !ok2 || !ok3 || n < 0 {
		return errors.New("the pickle has a malformed storage")
	}
	u.storages[key] = dtype
	u.push(storage{dtype, key, n})
	return nil
}

// reduce calls one of the three functions that global lets through.
func (u *unpickler) reduce() error {
	v, err := u.popN(2)
	if err != nil {
		return err
	}
	args, ok := v[1].(tuple)
	if !ok {
		return errors.New("the pickle calls without arguments")
	}
	switch v[0] {
	case class("collections.OrderedDict"):
		d := &dict{}
		if len(args) > 0 {
			pairs, ok := args[0].(*list)
			if !ok {
				return errors.New("the pickle makes a dictionary of no list")
			}
			for _, p := range pairs.items {
				kv, ok := p.(*list)
				if !ok || len(kv.items) != 2 {
					return errors.New("the pickle makes a dictionary of no pairs")
				}
				d.set(kv.items[0], kv.items[1])
			}
		}
		u.push(d)
		return nil
	case class("torch._utils._rebuild_parameter"):
		if len(args) > 0 {
			if t, ok := args[0].(tensor); ok {
				u.push(t)
				return nil
			}
		}
	case class("torch._utils._rebuild_tensor_v2"):
		if len(args) >= 4 {
			t, err := rebuild(args)
			u.push(t)
			return err
		}
	}
	return fmt.Errorf("the pickle calls %v with %d arguments", v[0], len(args))
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
	step := int64(1)
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 && stride[i] != step {
			return tensor{}, errors.New("a tensor is not contiguous: save it with .contiguous()")
		}
		if shape[i] < 0 || shape[i] > 0 && step > math.MaxInt64/shape[i] {
			return tensor{}, fmt.Errorf("a tensor has the impossible shape %v", shape)
		}
		step *= shape[i]
	}
	if from > s.n || step > s.n-from {
		return tensor{}, fmt.Errorf("a tensor of shape %v does not fit into its storage of %d elements", shape, s.n)
	}
	return tensor{s, from, shape}, nil
}

func integers(v any) ([]int64, bool) {
	t, ok := v.(tuple)
	if !ok {
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
