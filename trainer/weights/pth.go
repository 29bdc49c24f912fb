package weights

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// maxPickle bounds the pickle of a .pth file in bytes, values apart: that of
// ConvNeXt-Base has 40 kB.
const maxPickle = 8 << 20

// parseZip reads what torch.save writes since PyTorch 1.6: a zip archive with
// the pickle NAME/data.pkl and the values of every storage in NAME/data/KEY,
// none of them compressed.
func parseZip(r io.ReaderAt, size int64) (*File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: zip: %w", ErrFormat, err)
	}
	files := map[string]*zip.File{}
	root := ""
	for _, f := range z.File {
		if path.Base(f.Name) == "data.pkl" {
			root = path.Dir(f.Name)
		}
		files[f.Name] = f
	}
	pickle, ok := files[path.Join(root, "data.pkl")]
	if !ok {
		return nil, fmt.Errorf("%w: a zip archive without data.pkl", ErrFormat)
	}
	if order, ok := files[path.Join(root, "byteorder")]; ok {
		if b, err := content(r, size, order, 16); err != nil || strings.TrimSpace(string(b)) != "little" {
			return nil, fmt.Errorf("%w: the byte order is %q, want little", ErrFormat, b)
		}
	}
	raw, err := content(r, size, pickle, maxPickle)
	if err != nil {
		return nil, fmt.Errorf("%w: data.pkl: %w", ErrFormat, err)
	}
	p, err := unpickle(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return fromPickle(p.value, func(s storage) (io.ReaderAt, int64, error) {
		f, ok := files[path.Join(root, "data", s.key)]
		if !ok {
			return nil, 0, fmt.Errorf("storage %q is missing", s.key)
		}
		section, err := stored(r, size, f)
		if err != nil {
			return nil, 0, err
		}
		return section, section.Size(), nil
	})
}

// stored is the part of the archive, which has size bytes, that an uncompressed
// file takes up.
func stored(r io.ReaderAt, size int64, f *zip.File) (*io.SectionReader, error) {
	if f.Method != zip.Store {
		return nil, fmt.Errorf("%s is compressed, which torch.save does not do", f.Name)
	}
	from, err := f.DataOffset()
	if err != nil {
		return nil, err
	}
	if f.UncompressedSize64 != f.CompressedSize64 || f.UncompressedSize64 > uint64(max(0, size-from)) {
		return nil, fmt.Errorf("%s would have %d bytes, which the file does not", f.Name, f.UncompressedSize64)
	}
	return io.NewSectionReader(r, from, int64(f.UncompressedSize64)), nil
}

func content(r io.ReaderAt, size int64, f *zip.File, limit int64) ([]byte, error) {
	section, err := stored(r, size, f)
	if err != nil {
		return nil, err
	}
	if section.Size() > limit {
		return nil, fmt.Errorf("%d bytes are too many: save the state_dict alone", section.Size())
	}
	return io.ReadAll(section)
}

// legacyMagic begins what torch.save wrote before PyTorch 1.6: a pickle of a
// long number.
const legacyMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"

// parseLegacy reads the old format: pickles of magic number, version, system,
// the value itself and a list of storage keys; then, for every key in order, the
// number of elements in eight bytes and the elements.
func parseLegacy(r io.ReaderAt, size int64) (*File, error) {
	raw, err := io.ReadAll(io.NewSectionReader(r, 0, min(size, maxPickle)))
	if err != nil {
		return nil, err
	}
	var parts []pickled
	rest := raw
	for range 5 {
		p, err := unpickle(rest)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		parts, rest = append(parts, p), p.rest
	}
	if system, ok := parts[2].value.(*dict); !ok || system.get("little_endian") != true {
		return nil, fmt.Errorf("%w: the values are not little endian", ErrFormat)
	}
	keys, ok := parts[4].value.(*list)
	if !ok {
		return nil, fmt.Errorf("%w: no list of storages", ErrFormat)
	}
	places, err := legacyPlaces(r, int64(len(raw)-len(rest)), size, keys.items, parts[3].storages)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return fromPickle(parts[3].value, func(s storage) (io.ReaderAt, int64, error) {
		section, ok := places[s.key]
		if !ok {
			return nil, 0, fmt.Errorf("storage %q is missing", s.key)
		}
		return section, section.Size(), nil
	})
}

// legacyPlaces finds the bytes of every storage, the first of which begins at.
func legacyPlaces(r io.ReaderAt, at, size int64, keys []any, dtypes map[string]string) (map[string]*io.SectionReader, error) {
	places := map[string]*io.SectionReader{}
	for _, k := range keys {
		key, _ := k.(string)
		width, ok := sizeOf(dtypes[key])
		if !ok {
			return nil, fmt.Errorf("storage %q belongs to no tensor", key)
		}
		var count [8]byte
		if _, err := r.ReadAt(count[:], at); err != nil {
			return nil, fmt.Errorf("storage %q: the file is cut", key)
		}
		at += 8
		n := binary.LittleEndian.Uint64(count[:])
		if n > uint64(size-at)/uint64(width) {
			return nil, fmt.Errorf("storage %q of %d elements: the file is cut", key, n)
		}
		bytes := int64(n) * int64(width)
		places[key] = io.NewSectionReader(r, at, bytes)
		at += bytes
	}
	return places, nil
}

// named is a tensor under its key in a state_dict.
type named struct {
	name string
	tensor
}

// stateDict finds the dictionary of tensors: the value itself, or what it holds
// under one of the usual keys. As in timm, averaged weights come first.
func stateDict(value any) (tensors []named, under string, err error) {
	d, ok := value.(*dict)
	if !ok {
		return nil, "", errors.New("the file holds no dictionary: save model.state_dict()")
	}
	for _, key := range []string{"state_dict_ema", "model_ema", "state_dict", "model_state_dict", "model"} {
		if inner, ok := d.get(key).(*dict); ok {
			d, under = inner, key
			break
		}
	}
	for i, k := range d.keys {
		name, ok := k.(string)
		if !ok {
			continue
		}
		if t, ok := d.values[i].(tensor); ok {
			tensors = append(tensors, named{name, t})
		}
	}
	if len(tensors) == 0 {
		return nil, "", errors.New("the file holds no dictionary of tensors: save model.state_dict()")
	}
	return tensors, under, nil
}

// fromPickle turns the state_dict into a File; find returns the bytes of a storage.
func fromPickle(value any, find func(storage) (io.ReaderAt, int64, error)) (*File, error) {
	tensors, under, err := stateDict(value)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	f := &File{Format: "pth"}
	if under != "" {
		f.Metadata = map[string]string{"dictionary": under}
	}
	for _, t := range tensors {
		at, have, err := find(t.storage)
		if err != nil {
			return nil, fmt.Errorf("%w: tensor %s: %w", ErrFormat, t.name, err)
		}
		width, _ := sizeOf(t.storage.dtype)
		e := Entry{Name: t.name, DType: t.storage.dtype}
		for _, d := range t.shape {
			e.Shape = append(e.Shape, int(d))
		}
		from, n := t.from*int64(width), t.span()*int64(width)
		if from > have || n > have-from {
			return nil, fmt.Errorf("%w: tensor %s needs %d bytes, its storage has %d", ErrFormat, t.name, from+n, have)
		}
		if int64(e.Len()) > have/int64(width) {
			return nil, fmt.Errorf("%w: tensor %s has %d elements, its storage has %d bytes: save it with .contiguous()", ErrFormat, t.name, e.Len(), have)
		}
		data := io.ReaderAt(io.NewSectionReader(at, from, n))
		if !t.contiguous() {
			if n > maxSpan*int64(e.Len()*width) {
				return nil, fmt.Errorf("%w: tensor %s is a thin view of a larger one: save it with .contiguous()", ErrFormat, t.name)
			}
			data = &strided{span: data, width: width, bytes: n, shape: t.shape, stride: t.stride}
		}
		f.Entries = append(f.Entries, e)
		f.data = append(f.data, data)
	}
	return f, nil
}
