package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// sample writes a store that has everything and returns its bytes.
func sample(t testing.TB, weights int) []byte {
	t.Helper()
	dir := t.TempDir()
	s := openIn(t, dir)
	for _, id := range []string{"r1", "r2"} {
		create(t, s, id)
		for step := 1; step <= 700; step += 100 {
			var events []run.Event
			for i := range 100 {
				events = append(events, stepEvent(step+i))
			}
			mustAppend(t, s, id, append(events, logEvent("%s", strings.Repeat("log ", 1000)))...)
		}
		mustAppend(t, s, id, epochEvent(1, run.Train), epochEvent(1, run.Val))
		putBest(t, s, id, 1, randomBytes(9, min(weights/2, chunkSize)))
		putBest(t, s, id, 2, randomBytes(7, weights)) // leaves free pages behind
		test := epochEvent(2, run.Test)
		test.Counts.Images, test.Counts.Matched = 4, []int64{0, 3, 1}
		mustAppend(t, s, id, test)
		p := run.Predictions{DataDigest: "d", Truth: [][]int32{{0, 1, 2, 2}, {0, 1, 0, 1}}, Pred: [][]int32{{0, 1, 2, 0}, {0, 0, 0, 0}}}
		if err := s.PutPredictions(id, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// dump packs all that a store gives back, the same content into the same bytes.
func dump(s *Store) (string, error) {
	var b strings.Builder
	runs, err := s.Runs()
	if err != nil {
		return "", err
	}
	for _, r := range runs {
		id := r.Spec.ID
		fmt.Fprintf(&b, "%+v\n", *r.Best)
		r.Best = nil
		fmt.Fprintf(&b, "%+v\n", r)
		var p packer
		pack := func(e run.Event) error { return packEvent(&p, &e) }
		if err := errors.Join(s.Events(id, 1, pack), s.Steps(id, pack), s.Epochs(id, pack)); err != nil {
			return "", err
		}
		c, err := s.Columns(id, 1)
		if err != nil {
			return "", err
		}
		b.Write((&stepBlock{Columns: *c}).pack())
		predictions, err := s.Predictions(id)
		if err != nil {
			return "", err
		}
		b.Write(packPredictions(predictions))
		w, err := s.OpenWeights(id)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%+v\n", w.Manifest)
		b.Write(p.b)
		if _, err := io.Copy(&b, w.Reader()); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// outcome opens a store of these bytes and says how that went: refused on
// opening, problems found, or what it gives back.
func outcome(t testing.TB, path string, readOnly bool) (dumped string, problems []Problem, refused error) {
	t.Helper()
	s, err := Open(filepath.Dir(path), Options{ReadOnly: readOnly})
	if err != nil {
		return "", nil, err
	}
	defer s.Close()
	problems, err = s.Verify(noContext, nil)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	dumped, err = dump(s)
	if err != nil && len(problems) == 0 {
		t.Fatalf("reading fails, verifying does not: %v", err)
	}
	return dumped, problems, nil
}

// Whatever byte is wrong: either the store says so, or the byte did not matter
// and all that was stored comes back. Never a crash, never other numbers.
func TestFlippedBytes(t *testing.T) {
	data := sample(t, 50_000)
	path := filepath.Join(t.TempDir(), FileName)
	write := func(data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(data)
	want, _, _ := outcome(t, path, true)
	if want == "" {
		t.Fatal("the sample cannot be read")
	}
	random := rand.New(rand.NewPCG(1, 2))
	var places []int
	for page := 0; page < len(data)/pageSize; page++ { // where structure lies, thinly, and a few values
		for range 4 {
			places = append(places, page*pageSize+random.IntN(120), page*pageSize+random.IntN(pageSize))
		}
	}
	flips, noticed := 1, 0
	if os.Getenv("SWEEP_SLOW") != "" {
		flips = 20
	}
	for _, at := range places {
		for range flips {
			damaged := bytes.Clone(data)
			mask := byte(1 << random.IntN(8))
			damaged[at] ^= mask
			write(damaged)
			got, problems, refused := outcome(t, path, random.IntN(2) == 0)
			switch {
			case refused != nil:
				noticed++
				if !errors.Is(refused, ErrCorrupt) && !errors.Is(refused, ErrSchema) || !strings.Contains(refused.Error(), path) {
					t.Errorf("byte %d ^ %#x: %v", at, mask, refused)
				}
			case len(problems) > 0:
				noticed++
			case got != want:
				t.Errorf("byte %d ^ %#x: other content, and nobody notices", at, mask)
			}
		}
	}
	t.Logf("%d of %d flips noticed", noticed, len(places)*flips)
	if noticed < len(places)*flips/4 {
		t.Errorf("only %d of %d flips were noticed", noticed, len(places)*flips)
	}
}

func TestCutFiles(t *testing.T) {
	data := sample(t, 50_000)
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	random := rand.New(rand.NewPCG(3, 4))
	sizes := []int{1, 15, 16, 79, 80, 4095, 4096, pageSize - 1, pageSize, 2 * pageSize, 3 * pageSize, 4 * pageSize, 5*pageSize + 1}
	for range 40 {
		sizes = append(sizes, 1+random.IntN(len(data)/2))
	}
	for _, size := range sizes {
		for _, readOnly := range []bool{true, false} {
			if err := os.WriteFile(path, data[:size], 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, Options{ReadOnly: readOnly}); !errors.Is(err, ErrCorrupt) {
				t.Errorf("cut to %d bytes: %v", size, err)
			}
		}
	}
}

// A file that is damaged or cut while it is open ends in an error too.
func TestDamageWhileOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	if err := os.WriteFile(path, sample(t, 50_000), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 2*pageSize); err != nil {
		t.Fatal(err)
	}
	if _, err := dump(s); !errors.Is(err, ErrCorrupt) {
		t.Errorf("read: %v", err)
	}
	if err := s.Append("r1", []run.Event{stepEvent(800)}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("append: %v", err)
	}
	if problems, err := s.Verify(noContext, nil); len(problems) == 0 || err != nil {
		t.Errorf("verify: %v, %v", problems, err)
	}
	if err := s.Close(); err != nil { // and it must return
		t.Error(err)
	}
}

// Verify names the value that is damaged or missing, and goes on behind it.
func TestVerifyNamesThePlace(t *testing.T) {
	flip := func(b *bbolt.Bucket, key []byte) error {
		v := bytes.Clone(b.Get(key))
		v[len(v)/2] ^= 4
		return b.Put(key, v)
	}
	first := func(b *bbolt.Bucket) []byte { k, _ := b.Cursor().First(); return k }
	generation := func(b runBucket) *bbolt.Bucket {
		weights := b.Bucket.Bucket(keyWeights)
		k, _ := weights.Cursor().Last()
		return weights.Bucket(k)
	}
	setRecord := func(b runBucket, change func(r *record)) error {
		r, err := b.record()
		if err != nil {
			return err
		}
		change(r)
		return b.save(r)
	}
	small, big := sample(t, 50_000), sample(t, 16*chunkSize+5) // big: 17 chunks in two batches
	for name, c := range map[string]struct {
		damage func(b runBucket) error
		want   string
	}{
		"spec":       {func(b runBucket) error { return flip(b.Bucket, keySpec) }, "runs/r1/spec: checksum"},
		"record":     {func(b runBucket) error { return flip(b.Bucket, keyRecord) }, "runs/r1/record: checksum"},
		"no record":  {func(b runBucket) error { return b.Delete(keyRecord) }, "runs/r1/record: is missing"},
		"steps":      {func(b runBucket) error { return flip(b.Bucket.Bucket(keySteps), seqKey(1)) }, "runs/r1/steps/1: checksum"},
		"notes":      {func(b runBucket) error { s := b.Bucket.Bucket(keyNotes); return flip(s, first(s)) }, "runs/r1/notes/101: checksum"},
		"epochs":     {func(b runBucket) error { s := b.Bucket.Bucket(keyEpochs); return flip(s, first(s)) }, "runs/r1/epochs/708: checksum"},
		"lost epoch": {func(b runBucket) error { return b.Bucket.Bucket(keyEpochs).Delete(seqKey(708)) }, "runs/r1: events 708 to 708 are missing"},
		"lost steps": {func(b runBucket) error { return b.Bucket.Bucket(keySteps).Delete(seqKey(1)) }, "runs/r1: events 1 to 100 and 412 others are missing"},
		"moved steps": {func(b runBucket) error {
			s := b.Bucket.Bucket(keySteps)
			return s.Put(seqKey(2), bytes.Clone(s.Get(seqKey(1))))
		}, "runs/r1/steps/2: checksum"},
		"steps twice": {func(b runBucket) error {
			s := b.Bucket.Bucket(keySteps)
			v, _ := unseal(seqKey(1), s.Get(seqKey(1)))
			return putSealed(s, seqKey(2), bytes.Clone(v))
		}, "runs/r1/steps/2: its first event is not the one in its name"},
		"no block":    {func(b runBucket) error { return putSealed(b.Bucket.Bucket(keySteps), seqKey(9999), []byte("hello")) }, "runs/r1/steps/9999: cut short"},
		"manifest":    {func(b runBucket) error { return flip(b.Bucket, keyBest) }, "runs/r1/best: checksum"},
		"no manifest": {func(b runBucket) error { return b.Delete(keyBest) }, "runs/r1/best: is missing"},
		"a chunk": {func(b runBucket) error {
			return flip(generation(b).Bucket(batchKey(0)), chunkKey(2))
		}, "runs/r1/best, chunk 2 (bytes 2097152 to 3145727): checksum"},
		"another chunk, sealed": {func(b runBucket) error {
			return putSealed(generation(b).Bucket(batchKey(1)), chunkKey(16), make([]byte, 5))
		}, "runs/r1/best, chunk 16 (bytes 16777216 to 16777220): checksum"},
		"a chunk too short": {func(b runBucket) error {
			return putSealed(generation(b).Bucket(batchKey(1)), chunkKey(16), make([]byte, 4))
		}, "chunk 16 (bytes 16777216 to 16777220): has 4 bytes"},
		"a lost chunk": {func(b runBucket) error {
			return generation(b).Bucket(batchKey(0)).Delete(chunkKey(3))
		}, "chunk 3 (bytes 3145728 to 4194303): is missing"},
		"a chunk too many": {func(b runBucket) error {
			return putSealed(generation(b).Bucket(batchKey(1)), chunkKey(17), nil)
		}, "runs/r1/best: 18 chunks of 17"},
		"a lost generation": {func(b runBucket) error {
			return b.Bucket.Bucket(keyWeights).DeleteBucket(generationKey(2))
		}, "runs/r1/weights/2: is missing"},
		"another best":     {func(b runBucket) error { return setRecord(b, func(r *record) { r.Best.Epoch = 1 }) }, "runs/r1/best: is of epoch 2"},
		"another hash":     {func(b runBucket) error { m, _ := b.manifest(); m.SHA256 = "00"; return putJSON(b.Bucket, keyBest, m) }, "runs/r1/best: the SHA-256"},
		"another last seq": {func(b runBucket) error { return setRecord(b, func(r *record) { r.Seq++ }) }, "events 713 to 713 are missing"},
		"another step":     {func(b runBucket) error { return setRecord(b, func(r *record) { r.Step++ }) }, "runs/r1/steps: the last step is 700, the record says 701"},
		"another epoch":    {func(b runBucket) error { return setRecord(b, func(r *record) { r.Epoch++ }) }, "runs/r1/epochs: the last epoch is 1, the record says 2"},
		"predictions":      {func(b runBucket) error { return flip(b.Bucket, keyPredictions) }, "runs/r1/predictions: checksum"},
		"an impossible class": {func(b runBucket) error {
			return putSealed(b.Bucket, keyPredictions, packPredictions(run.Predictions{
				Truth: [][]int32{{0, 1, 2, 3}, {0, 1, 0, 1}}, Pred: [][]int32{{0, 1, 2, 0}, {0, 0, 0, 0}},
			}))
		}, "runs/r1/predictions: task action: class 3 of 3"},
		"predictions of other images": {func(b runBucket) error {
			return putSealed(b.Bucket, keyPredictions, packPredictions(run.Predictions{Truth: [][]int32{{0}, {0}}, Pred: [][]int32{{0}, {0}}}))
		}, "task action: 1 truths and 1 predictions of 4 images"},
		"wrong counts": {func(b runBucket) error {
			e := epochEvent(1, run.Val)
			e.V, e.Seq = 1, 709
			e.Counts.Tasks[1].Confusion[0]--
			var p packer
			return errors.Join(packEvent(&p, &e), putSealed(b.Bucket.Bucket(keyEpochs), seqKey(709), p.b))
		}, "counts of the val split, epoch 1: task 1 counts 3 of 4 images"},
		"wrong matches": {func(b runBucket) error {
			e := epochEvent(1, run.Val)
			e.V, e.Seq = 1, 709
			e.Counts.Matched = []int64{1, 2, 1}
			var p packer
			return errors.Join(packEvent(&p, &e), putSealed(b.Bucket.Bucket(keyEpochs), seqKey(709), p.b))
		}, "4 images with 4 right labels by their matches, 4 with 5 by their classes"},
		"a manifest of no chunks": {func(b runBucket) error {
			m, err := b.manifest()
			m.Chunk = 0
			return errors.Join(err, putJSON(b.Bucket, keyBest, m))
		}, "runs/r1/best: 17 chunks of 0 bytes do not make 16777221 bytes"},
		"a stray value":  {func(b runBucket) error { return putSealed(b.Bucket, []byte("hello"), nil) }, "runs/r1/hello: does not belong there"},
		"a lost bucket":  {func(b runBucket) error { return b.DeleteBucket(keyNotes) }, "runs/r1/notes: is missing"},
		"another's spec": {func(b runBucket) error { return putJSON(b.Bucket, keySpec, specOf("r9")) }, `runs/r1/spec: belongs to run "r9"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			data := small
			if strings.Contains(name, "chunk") {
				data = big
			}
			if err := os.WriteFile(filepath.Join(dir, FileName), data, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.update(func(tx *bbolt.Tx) error {
				b, err := openRun(tx, "r1")
				if err != nil {
					return err
				}
				return c.damage(b)
			}); err != nil {
				t.Fatal(err)
			}
			last := int64(0)
			problems, err := s.Verify(t.Context(), func(done, total int64) {
				if done < last || done > total {
					t.Errorf("progress %d after %d of %d", done, last, total)
				}
				last = done
			})
			if err != nil {
				t.Fatal(err)
			}
			all := ""
			for _, p := range problems {
				all += p.String() + "\n"
				if !strings.Contains(p.Where, "r1") {
					t.Errorf("the wrong place: %s", p)
				}
			}
			if !strings.Contains(all, c.want) {
				t.Errorf("%q is not among:\n%s", c.want, all)
			}
			if len(problems) > 4 {
				t.Errorf("one damage, %d problems:\n%s", len(problems), all)
			}
		})
	}
}

// One damaged run leaves the others usable and can be removed.
func TestDamagedRunIsRemoved(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), sample(t, 50_000), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openIn(t, dir)
	if err := s.update(func(tx *bbolt.Tx) error {
		b, err := openRun(tx, "r1")
		return errors.Join(err, b.Put(keyRecord, []byte("hello")), b.Put(keyBest, []byte("hello")))
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openIn(t, dir)
	runs, err := s.Runs()
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "runs/r1/record") || len(runs) != 1 || runs[0].Spec.ID != "r2" {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	for _, err := range []error{s.Append("r1", []run.Event{stepEvent(900)}), s.Rewind("r1", 0, 0), s.Events("r1", 1, nil)} {
		if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "remove what is damaged") {
			t.Errorf("%v", err)
		}
	}
	mustAppend(t, s, "r2", stepEvent(900))
	if err := s.Remove("r1"); err != nil {
		t.Fatal(err)
	}
	if runs, err := s.Runs(); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// A file whose pages lead in circles is refused before bbolt follows them.
func TestPagesInCircles(t *testing.T) {
	data := sample(t, 50_000)
	meta, ok := readMeta(bytes.NewReader(data), int64(len(data)))
	if !ok {
		t.Fatal("no meta page")
	}
	// The root page, a leaf, becomes a branch to itself.
	root := data[meta.root*pageSize:]
	binary.LittleEndian.PutUint16(root[8:], flagBranch)
	binary.LittleEndian.PutUint16(root[10:], 1)
	binary.LittleEndian.PutUint32(root[16:], pageElement)
	binary.LittleEndian.PutUint32(root[20:], 4)
	binary.LittleEndian.PutUint64(root[24:], meta.root)
	problems := checkPages(bytes.NewReader(data), int64(len(data)))
	if len(problems) != 1 || !strings.Contains(problems[0].What, "is used twice") {
		t.Errorf("%v", problems)
	}
}
