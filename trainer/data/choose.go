package data

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/backbone-sweep/sweep/trainer/rng"
)

// Chosen is a frame that goes into the data set, and the slot that holds its pixels.
type Chosen struct {
	Video, Frame int // positions in the videos and in the video's frames
	Slot         int
}

// Decoder is where Choose sends frames. Its methods but Reserve are called from
// several goroutines; worker tells them apart. broken says why a frame cannot be
// used; err ends the whole preparation.
type Decoder interface {
	Reserve(slots int) error                                  // how many slots will be used in all, before they are
	Decode(worker, slot int, path string) (broken, err error) // into a slot; again where the frame before was broken
	Check(worker int, path string) (broken error)             // without decoding where that is not needed
}

// Choice is the outcome of Choose.
type Choice struct {
	Frames       []Chosen // ascending slots
	Slots        int      // slots used, those of broken frames too
	Broken       []BrokenFrame
	Usable       []bool // per video: has a frame that decodes
	Combinations int
	Frequent     int // combinations of which one frame per video was taken
}

// BrokenFrame is a frame that did not decode.
type BrokenFrame struct {
	Video, Frame int
	Why          error
}

// Choose applies the frequency rule: combinations of labels with more than over
// videos give one random frame per video, the others all frames. Only videos
// with a usable frame count.
//
// A frame is usable when it decodes. So first each video's frames are tried in
// random order until one decodes: that is the video's one frame should its
// combination be frequent. Then only the others' remaining frames are decoded;
// frames that are not chosen are checked, so that they are counted right.
// Which frame is chosen depends on the seed, the video's id and the listed
// frames alone.
func Choose(ctx context.Context, videos []Video, over int, seed uint64, dec Decoder, progress Progress) (*Choice, error) {
	c := &Choice{Usable: make([]bool, len(videos)), Slots: len(videos)}
	count := newCounter(progress, StageDecode, len(videos))
	if err := dec.Reserve(c.Slots); err != nil {
		return nil, err
	}
	var mu sync.Mutex // guards c.Broken
	addBroken := func(video, frame int, why error) {
		mu.Lock()
		defer mu.Unlock()
		c.Broken = append(c.Broken, BrokenFrame{video, frame, why})
	}
	first := make([]int, len(videos))
	tried := make([][]bool, len(videos))
	err := each(ctx, len(videos), func(w, v int) error {
		defer count.add(1)
		frames := videos[v].Frames
		tried[v] = make([]bool, len(frames))
		for _, f := range rng.New(seed, rng.FrameChoice, 0, rng.Hash(videos[v].ID)).Perm(len(frames)) {
			broken, err := dec.Decode(w, v, frames[f].Path)
			if err != nil {
				return err
			}
			tried[v][f] = true
			if broken == nil {
				first[v], c.Usable[v] = f, true
				return nil
			}
			addBroken(v, f, broken)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	size := map[string]int{}
	for v, ok := range c.Usable {
		if ok {
			size[combination(videos[v].Labels)]++
		}
	}
	c.Combinations = len(size)
	for _, n := range size {
		if n > over {
			c.Frequent++
		}
	}
	var rest, others []Chosen
	for v, ok := range c.Usable {
		if !ok {
			continue
		}
		c.Frames = append(c.Frames, Chosen{v, first[v], v})
		frequent := size[combination(videos[v].Labels)] > over
		for f := range videos[v].Frames {
			switch {
			case tried[v][f]:
			case frequent:
				others = append(others, Chosen{Video: v, Frame: f})
			default:
				rest = append(rest, Chosen{v, f, c.Slots})
				c.Slots++
			}
		}
	}
	count.more(len(rest))
	if err := dec.Reserve(c.Slots); err != nil {
		return nil, err
	}
	good := make([]bool, len(rest))
	err = each(ctx, len(rest), func(w, i int) error {
		defer count.add(1)
		r := rest[i]
		broken, err := dec.Decode(w, r.Slot, videos[r.Video].Frames[r.Frame].Path)
		good[i] = broken == nil
		if broken != nil {
			addBroken(r.Video, r.Frame, broken)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, r := range rest {
		if good[i] {
			c.Frames = append(c.Frames, r)
		}
	}
	count = newCounter(progress, StageCheck, len(others))
	err = each(ctx, len(others), func(w, i int) error {
		defer count.add(1)
		o := others[i]
		if broken := dec.Check(w, videos[o.Video].Frames[o.Frame].Path); broken != nil {
			addBroken(o.Video, o.Frame, broken)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// Found in any order; told in one.
	slices.SortFunc(c.Broken, func(a, b BrokenFrame) int {
		return cmp.Or(cmp.Compare(a.Video, b.Video), cmp.Compare(a.Frame, b.Frame))
	})
	return c, nil
}

// combination is a key for a label of every task.
func combination(labels []int32) string {
	b := make([]byte, 0, 4*len(labels))
	for _, l := range labels {
		b = binary.BigEndian.AppendUint32(b, uint32(l))
	}
	return string(b)
}
