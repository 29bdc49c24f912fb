package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"strconv"

	"go.etcd.io/bbolt"
)

// sealSize is what a checksum adds to a value, in bytes.
const sealSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal appends the checksum (CRC-32C, little-endian) of key and value to the value.
func seal(key, value []byte) []byte {
	return binary.LittleEndian.AppendUint32(value, checksum(key, value))
}

// unseal returns the value without its checksum; ok is false when it does not fit.
func unseal(key, sealed []byte) (value []byte, ok bool) {
	if len(sealed) < sealSize {
		return nil, false
	}
	value = sealed[:len(sealed)-sealSize]
	return value, checksum(key, value) == binary.LittleEndian.Uint32(sealed[len(value):])
}

func checksum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

// putSealed stores a value with its checksum. value must not be used afterwards.
func putSealed(b *bbolt.Bucket, key, value []byte) error {
	return b.Put(key, seal(key, value))
}

// getSealed returns the value under key, valid for the life of the transaction;
// nil when there is none.
func getSealed(b *bbolt.Bucket, key []byte) ([]byte, error) {
	sealed := b.Get(key)
	if sealed == nil {
		return nil, nil
	}
	value, ok := unseal(key, sealed)
	if !ok {
		return nil, damaged(placeOf(key), "checksum does not fit its %d bytes", len(sealed))
	}
	return value, nil
}

func putJSON(b *bbolt.Bucket, key []byte, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return putSealed(b, key, data)
}

// getJSON reads the value under key into v; found is false when there is none.
func getJSON(b *bbolt.Bucket, key []byte, v any) (found bool, err error) {
	data, err := getSealed(b, key)
	if data == nil || err != nil {
		return false, err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, damaged(placeOf(key), "%v", err)
	}
	return true, nil
}

// seqKey is the key of a block or row: the sequence number in byte order.
func seqKey(seq int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(seq)) }

// keySeq is the reverse of seqKey; ok is false for a key of another length.
func keySeq(key []byte) (seq int64, ok bool) {
	if len(key) != 8 {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(key)), true
}

// placeOf spells a key for people: a sequence number as a number, a name as it is.
func placeOf(key []byte) string {
	if seq, ok := keySeq(key); ok && key[0] == 0 {
		return strconv.FormatInt(seq, 10)
	}
	if s := strconv.Quote(string(key)); s != `"`+string(key)+`"` {
		return s
	}
	return string(key)
}

// within prefixes the places that a CorruptError names.
func within(place string, err error) error {
	var corrupt *CorruptError
	if errors.As(err, &corrupt) {
		for i := range corrupt.Problems {
			p := &corrupt.Problems[i]
			if p.Where == "" {
				p.Where = place
			} else {
				p.Where = place + "/" + p.Where
			}
		}
	}
	return err
}
