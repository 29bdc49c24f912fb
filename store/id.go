package store

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"go.etcd.io/bbolt"
)

// maxID bounds a run id, in bytes: it names folders and files too.
const maxID = 120

// idEpoch is where the time in an id counts from.
var idEpoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// base32 without letters that look like digits, in byte order.
const base32 = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID returns an id for a new run, such as task02-resnet18-s42-2w8k1d: sweep,
// model, seed and the second of its making in base 32, so that ids of the same
// work sort by age. It is not in the store yet; two calls within a second may
// return the same id until Create took it.
func (s *Store) NewID(now time.Time, sweep, model string, seed uint64) (string, error) {
	stem := fmt.Sprintf("%s-%s-s%d-", idPart(sweep, 40), idPart(model, 30), seed)
	second := max(0, int64(now.Sub(idEpoch)/time.Second))
	id := stem + base32Of(second)
	err := s.view(func(tx *bbolt.Tx) error {
		for tx.Bucket(keyRuns).Bucket([]byte(id)) != nil {
			second++
			id = stem + base32Of(second)
		}
		return nil
	})
	return id, err
}

func base32Of(v int64) string {
	var b [6]byte
	for i := range b {
		b[len(b)-1-i] = base32[v%32]
		v /= 32
	}
	return string(b[:])
}

// idPart makes a name fit for an id: lower-case letters, digits, dots and
// underscores, anything else a dash; at most limit bytes.
func idPart(name string, limit int) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.' {
			r = '-'
		}
		if b.Len()+len(string(r)) > limit {
			break
		}
		b.WriteRune(r)
	}
	if part := strings.Trim(b.String(), "-."); part != "" {
		return part
	}
	return "x"
}

func checkID(id string) error {
	bad := func(r rune) bool { return r == '/' || r == '\\' || !unicode.IsPrint(r) || unicode.IsSpace(r) }
	switch {
	case id == "":
		return fmt.Errorf("run id: is empty")
	case len(id) > maxID:
		return fmt.Errorf("run id %q: has %d bytes, at most %d are allowed", id, len(id), maxID)
	case id[0] == '.' || id[0] == '-' || strings.ContainsFunc(id, bad):
		return fmt.Errorf("run id %q: must not begin with a dot or dash nor hold slashes or spaces", id)
	}
	return nil
}
