package store

import (
	"encoding/json"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// packEvent writes every field of an event but Run, which the bucket tells.
func packEvent(p *packer, e *run.Event) error {
	p.uint(uint64(e.V))
	p.uint(uint64(e.Seq))
	p.time(e.Time)
	p.string(string(e.Type))
	p.string(string(e.State))
	p.string(e.Reason)
	p.int(int64(e.Steps))
	p.int(int64(e.Step))
	p.int(int64(e.Epoch))
	p.string(e.Split)
	p.float(e.LR)
	p.float(e.ImagesPerS)
	p.float(e.DataWait)
	p.string(e.Metric)
	p.float(e.Value)
	p.string(e.Message)
	p.string(e.File)
	p.uint(uint64(len(e.Values)))
	for _, kv := range e.Values {
		p.string(kv.Key)
		p.float(kv.V)
	}
	var provenance []byte
	if e.Provenance != nil {
		var err error
		if provenance, err = json.Marshal(e.Provenance); err != nil {
			return err
		}
	}
	p.string(string(provenance))
	if e.Counts == nil {
		p.uint(0)
		return nil
	}
	p.uint(1)
	packCounts(p, e.Counts)
	return nil
}

func unpackEvent(u *unpacker) (run.Event, error) {
	e := run.Event{
		V:          int(u.uint()),
		Seq:        int64(u.uint()),
		Time:       u.time(),
		Type:       run.EventType(u.string()),
		State:      run.State(u.string()),
		Reason:     u.string(),
		Steps:      int(u.int()),
		Step:       int(u.int()),
		Epoch:      int(u.int()),
		Split:      u.string(),
		LR:         u.float(),
		ImagesPerS: u.float(),
		DataWait:   u.float(),
		Metric:     u.string(),
		Value:      u.float(),
		Message:    u.string(),
		File:       u.string(),
	}
	if n := u.count(9); n > 0 {
		e.Values = make(run.Values, n)
		for i := range e.Values {
			e.Values[i] = run.Value{Key: u.string(), V: u.float()}
		}
	}
	if p := u.string(); p != "" {
		e.Provenance = new(run.Provenance)
		if err := json.Unmarshal([]byte(p), e.Provenance); err != nil {
			return e, err
		}
	}
	if u.uint() == 1 {
		e.Counts = unpackCounts(u)
	}
	return e, u.err
}

// packCounts writes the integers as varints: confusion matrices are mostly zeros.
func packCounts(p *packer, c *run.Counts) {
	p.int(c.Images)
	p.uint(uint64(len(c.Tasks)))
	for _, t := range c.Tasks {
		p.uint(uint64(t.Classes))
		p.float(t.Loss)
		packInts(p, t.Confusion)
	}
	packInts(p, c.Matched)
}

func unpackCounts(u *unpacker) *run.Counts {
	c := &run.Counts{Images: u.int(), Tasks: make([]run.TaskCounts, u.count(10))}
	for i := range c.Tasks {
		c.Tasks[i] = run.TaskCounts{Classes: int(u.uint()), Loss: u.float(), Confusion: unpackInts(u)}
	}
	c.Matched = unpackInts(u)
	return c
}

func packInts(p *packer, vs []int64) {
	p.uint(uint64(len(vs)))
	for _, v := range vs {
		p.int(v)
	}
}

func unpackInts(u *unpacker) []int64 {
	vs := make([]int64, u.count(1))
	for i := range vs {
		vs[i] = u.int()
	}
	return vs
}
