package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// runChecker checks everything of a run but its weights.
type runChecker struct {
	v *verifier
	b runBucket
	r *record

	spec   run.Spec
	seen   []bool // by sequence number
	whole  bool   // no block was damaged: gaps mean lost events
	images int64  // of the last test row; -1 = none
	chunks bool   // there are weights to be read
}

func (c *runChecker) problem(place, format string, args ...any) {
	c.v.report(Problem{place, fmt.Sprintf(format, args...)})
}

func (c *runChecker) all() error {
	c.names()
	spec, specErr := c.b.spec()
	if err := c.v.check(specErr); err != nil {
		return err
	}
	c.spec = spec
	c.seen = make([]bool, c.r.Seq+1)
	c.whole, c.images = true, -1
	for _, check := range []func() error{c.stepBlocks, c.noteBlocks, c.epochRows} {
		if err := check(); err != nil {
			return err
		}
	}
	if c.whole {
		c.gaps()
	}
	if specErr != nil {
		return nil // the rest is measured by it
	}
	if err := c.best(); err != nil {
		return err
	}
	return c.predictions()
}

func (c *runChecker) names() {
	known := [][]byte{keySpec, keyRecord, keyNotes, keySteps, keyEpochs, keyWeights, keyBest, keyPredictions}
	cursor := c.b.Cursor()
	for k, _ := cursor.First(); k != nil; k, _ = cursor.Next() {
		if !slices.ContainsFunc(known, func(name []byte) bool { return string(name) == string(k) }) {
			c.problem("runs/"+c.b.id+"/"+placeOf(k), "does not belong there")
		}
	}
}

// block checks the sequence numbers of a block, which are ascending within it.
func (c *runChecker) block(place string, key []byte, seqs []int64) {
	if first, ok := keySeq(key); !ok || len(seqs) == 0 || seqs[0] != first {
		c.problem(place, "its first event is not the one in its name")
	}
	last := int64(0)
	for _, seq := range seqs {
		switch {
		case seq <= last || seq > c.r.Seq:
			c.problem(place, "event %d is out of order or after the last one, %d", seq, c.r.Seq)
			return
		case c.seen[seq]:
			c.problem(place, "event %d is there twice", seq)
			return
		}
		c.seen[seq], last = true, seq
	}
}

// blocks checks all values of a bucket by fn.
func (c *runChecker) blocks(name []byte, fn func(place string, key, value []byte) error) error {
	bucket, err := c.b.sub(name)
	if err != nil {
		c.whole = false
		return c.v.check(err)
	}
	place := c.b.place(name)
	whole, err := c.v.values(place, bucket, func(key, value []byte) error {
		return fn(place+"/"+placeOf(key), key, value)
	})
	c.whole = c.whole && whole
	return err
}

func (c *runChecker) stepBlocks() error {
	last := 0
	err := c.blocks(keySteps, func(place string, key, value []byte) error {
		block, err := unpackStepBlock(value)
		if err != nil {
			return damaged(place, "%v", err)
		}
		c.block(place, key, block.Seq)
		for i, step := range block.Step {
			if !c.r.keepsStep(block.Seq[i], int(step)) {
				continue
			}
			if int(step) <= last {
				c.problem(place, "step %d comes after step %d", step, last)
				return nil
			}
			last = int(step)
		}
		return nil
	})
	// After a rewind the last step may be one that was never reported.
	if c.whole && (last > c.r.Step || last < c.r.Step && len(c.r.Rewinds) == 0) {
		c.problem(c.b.place(keySteps), "the last step is %d, the record says %d", last, c.r.Step)
	}
	return err
}

func (c *runChecker) noteBlocks() error {
	return c.blocks(keyNotes, func(place string, key, value []byte) error {
		events, err := unpackNotes(value)
		if err != nil {
			return damaged(place, "%v", err)
		}
		seqs := make([]int64, len(events))
		for i, e := range events {
			seqs[i] = e.Seq
		}
		c.block(place, key, seqs)
		return nil
	})
}

func (c *runChecker) epochRows() error {
	last := 0
	err := c.blocks(keyEpochs, func(place string, key, value []byte) error {
		u := &unpacker{b: value}
		e, err := unpackEvent(u)
		if err == nil {
			err = u.end()
		}
		if err != nil {
			return damaged(place, "%v", err)
		}
		c.block(place, key, []int64{e.Seq})
		if e.Counts != nil {
			if what := checkCounts(e.Counts); what != "" {
				c.problem(place, "counts of the %s split, epoch %d: %s", e.Split, e.Epoch, what)
			}
		}
		if !c.r.keepsEpoch(e.Seq, e.Epoch) {
			return nil
		}
		if e.Split == run.Val {
			last = e.Epoch
		}
		if e.Split == run.Test && e.Counts != nil {
			c.images = e.Counts.Images
		}
		return nil
	})
	if c.whole && (last > c.r.Epoch || last < c.r.Epoch && len(c.r.Rewinds) == 0) {
		c.problem(c.b.place(keyEpochs), "the last epoch is %d, the record says %d", last, c.r.Epoch)
	}
	return err
}

// checkCounts says how counts contradict themselves; empty when they do not.
func checkCounts(n *run.Counts) string {
	var right int64
	for t, task := range n.Tasks {
		if len(task.Confusion) != task.Classes*task.Classes {
			return fmt.Sprintf("task %d has %d cells for %d classes", t, len(task.Confusion), task.Classes)
		}
		var sum int64
		for i, v := range task.Confusion {
			sum += v
			if i%(task.Classes+1) == 0 {
				right += v
			}
		}
		if sum != n.Images {
			return fmt.Sprintf("task %d counts %d of %d images", t, sum, n.Images)
		}
	}
	if len(n.Matched) == 0 {
		return ""
	}
	var images, matched int64
	for k, v := range n.Matched {
		images += v
		matched += int64(k) * v
	}
	if images != n.Images || matched != right {
		return fmt.Sprintf("%d images with %d right labels by their matches, %d with %d by their classes", images, matched, n.Images, right)
	}
	return ""
}

// gaps reports events that are in no block.
func (c *runChecker) gaps() {
	var first, last, missing int64 // the first gap, and all that is missing
	for seq := int64(1); seq <= c.r.Seq; seq++ {
		if c.seen[seq] {
			continue
		}
		if missing++; first == 0 {
			first, last = seq, seq
		} else if last == seq-1 {
			last = seq
		}
	}
	switch others := missing - (last - first + 1); {
	case missing == 0:
	case others == 0:
		c.problem("runs/"+c.b.id, "events %d to %d are missing", first, last)
	default:
		c.problem("runs/"+c.b.id, "events %d to %d and %d others are missing", first, last, others)
	}
}

// best checks the manifest against record and chunks; their content is read elsewhere.
func (c *runChecker) best() error {
	place := c.b.place(keyBest)
	m, err := c.b.manifest()
	if err != nil {
		return c.v.check(err)
	}
	switch {
	case m == nil && c.r.Best == nil:
		return nil
	case m == nil:
		c.problem(place, "is missing, the record has one of epoch %d", c.r.Best.Epoch)
		return nil
	case c.r.Best == nil || *c.r.Best != (run.Best{Epoch: m.Epoch, Metric: m.Metric, Value: m.Value}):
		c.problem(place, "is of epoch %d with %s %v, the record says otherwise", m.Epoch, m.Metric, m.Value)
	case m.Run != c.b.id || m.Seed != c.spec.Seed || m.Model != c.spec.Model:
		c.problem(place, "belongs to %s, seed %d of run %q", m.Model, m.Seed, m.Run)
	}
	if !m.consistent() {
		c.problem(place, "%s", m.inconsistency())
		return nil
	}
	generation, err := c.b.generation(m.Generation)
	if err != nil {
		return c.v.check(err)
	}
	c.chunks = true
	chunks := 0
	err = generation.ForEachBucket(func(k []byte) error {
		return generation.Bucket(k).ForEach(func(_, _ []byte) error { chunks++; return nil })
	})
	if chunks > len(m.Chunks) {
		c.problem(place, "%d chunks of %d are there", chunks, len(m.Chunks))
	}
	return err
}

func (c *runChecker) predictions() error {
	place := c.b.place(keyPredictions)
	data, err := getSealed(c.b.Bucket, keyPredictions)
	if data == nil || err != nil {
		return c.v.check(within("runs/"+c.b.id, err))
	}
	p, err := unpackPredictions(data)
	if err != nil {
		c.problem(place, "%v", err)
		return nil
	}
	if len(p.Truth) != len(c.spec.Tasks) {
		c.problem(place, "of %d tasks, the run has %d", len(p.Truth), len(c.spec.Tasks))
		return nil
	}
	for t, task := range c.spec.Tasks {
		if len(p.Truth[t]) != len(p.Pred[t]) || c.images >= 0 && int64(len(p.Pred[t])) != c.images {
			c.problem(place, "task %s: %d truths and %d predictions of %d images", task.Name, len(p.Truth[t]), len(p.Pred[t]), c.images)
		}
		for _, class := range slices.Concat(p.Truth[t], p.Pred[t]) {
			if class < 0 || int(class) >= len(task.Classes) {
				c.problem(place, "task %s: class %d of %d", task.Name, class, len(task.Classes))
				break
			}
		}
	}
	return nil
}

// sum reads all weights against their checksums.
func (v *verifier) sum(w *Weights) error {
	sum := sha256.New()
	whole := true
	for i := range w.Chunks {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		before := len(v.problems)
		if err := v.check(w.load(i)); err != nil {
			return err
		}
		if len(v.problems) > before {
			whole = false
			continue
		}
		sum.Write(w.data)
		v.read(int64(len(w.data)))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); whole && got != w.SHA256 {
		v.report(Problem{"runs/" + w.Run + "/best", "the SHA-256 of its bytes is " + got + ", its manifest says " + w.SHA256})
	}
	return nil
}
