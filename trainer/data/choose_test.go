package data

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fakeDecoder knows broken frames by their paths and remembers what was asked.
type fakeDecoder struct {
	broken map[string]bool
	fatal  string // a path that ends the preparation

	mu      sync.Mutex
	decoded []string
	slots   map[int]string
	checked []string
	reserve int
}

var errBroken, errFatal = errors.New("broken"), errors.New("disk full")

func (d *fakeDecoder) Reserve(n int) error {
	d.reserve = n
	return nil
}

func (d *fakeDecoder) Decode(_, slot int, path string) (broken, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.decoded = append(d.decoded, path)
	switch {
	case path == d.fatal:
		return nil, errFatal
	case d.broken[path]:
		return errBroken, nil
	}
	if d.slots == nil {
		d.slots = map[int]string{}
	}
	d.slots[slot] = path
	return nil, nil
}

func (d *fakeDecoder) Check(_ int, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.checked = append(d.checked, path)
	if d.broken[path] {
		return errBroken
	}
	return nil
}

// fakeVideos makes one video of four frames per letter; the same letter is the
// same combination of labels. Paths are like "A1.0": video 1 of A, frame 0.
func fakeVideos(letters string) []Video {
	var vs []Video
	for _, c := range letters {
		v := Video{Labels: []int32{int32(c)}}
		v.ID = fmt.Sprintf("%c%d", c, len(vs))
		for f := range 4 {
			v.Frames = append(v.Frames, Frame{f, fmt.Sprintf("%s.%d", v.ID, f)})
		}
		vs = append(vs, v)
	}
	return vs
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name, videos string
		over         int
		broken       []string // frames; a video's name stands for all its frames
		want         string   // images per video
		combinations int
		frequent     int
	}{
		{"exactly as many are not frequent", "AAB", 2, nil, "4 4 4", 2, 0},
		{"one more is", "AAAB", 2, nil, "1 1 1 4", 2, 1},
		{"all are frequent over 0", "AB", 0, nil, "1 1", 2, 2},
		{"broken frames are left out of the others", "AB", 2, []string{"A0.1", "A0.2"}, "2 4", 2, 0},
		{"and do not matter to the frequent", "AAA", 2, []string{"A0.0", "A0.1", "A0.2"}, "1 1 1", 1, 1},
		{"a video without a usable frame does not count", "AAAB", 2, []string{"A0"}, "0 4 4 4", 2, 0},
		{"nor its combination", "AB", 2, []string{"B1"}, "4 0", 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &fakeDecoder{broken: map[string]bool{}}
			videos := fakeVideos(c.videos)
			brokenFrames := 0
			for _, b := range c.broken {
				for _, v := range videos {
					for _, f := range v.Frames {
						if f.Path == b || v.ID == b {
							d.broken[f.Path] = true
							brokenFrames++
						}
					}
				}
			}
			got, err := Choose(t.Context(), videos, c.over, 42, d, nil)
			if err != nil {
				t.Fatal(err)
			}
			n := make([]int, len(videos))
			for _, f := range got.Frames {
				n[f.Video]++
				if path := videos[f.Video].Frames[f.Frame].Path; d.slots[f.Slot] != path {
					t.Errorf("slot %d holds %q, want %q", f.Slot, d.slots[f.Slot], path)
				}
			}
			if s := strings.Trim(fmt.Sprint(n), "[]"); s != c.want {
				t.Errorf("images per video %s, want %s", s, c.want)
			}
			if got.Combinations != c.combinations || got.Frequent != c.frequent {
				t.Errorf("%d combinations, %d frequent; want %d, %d", got.Combinations, got.Frequent, c.combinations, c.frequent)
			}
			if len(got.Broken) != brokenFrames {
				t.Errorf("%d broken frames found, want %d", len(got.Broken), brokenFrames)
			}
			if got.Slots != d.reserve {
				t.Errorf("%d slots used, %d reserved", got.Slots, d.reserve)
			}
			// Whatever was not needed was only checked, and nothing twice.
			asked := slices.Concat(d.decoded, d.checked)
			slices.Sort(asked)
			if n := len(slices.Compact(asked)); n != 4*len(videos) || n != len(d.decoded)+len(d.checked) {
				t.Errorf("%d frames decoded and %d checked, want each of %d once", len(d.decoded), len(d.checked), 4*len(videos))
			}
		})
	}
}

// Which frame is chosen depends on the video's id and the seed, not on the
// videos around it.
func TestChosenFrameIsTheVideosOwn(t *testing.T) {
	pick := func(videos []Video, seed uint64) map[string]string {
		d := &fakeDecoder{}
		c, err := Choose(t.Context(), videos, 0, seed, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		chosen := map[string]string{}
		for _, f := range c.Frames {
			chosen[videos[f.Video].ID] = videos[f.Video].Frames[f.Frame].Path
		}
		return chosen
	}
	videos := fakeVideos(strings.Repeat("A", 40))
	all := pick(videos, 42)
	for id, path := range pick(videos[:7], 42) {
		if all[id] != path {
			t.Errorf("%s: %s among 40 videos, %s among 7", id, all[id], path)
		}
	}
	frames, moved := map[string]int{}, 0
	for id, path := range pick(videos, 43) {
		if all[id] != path {
			moved++
		}
		frames[path[len(path)-1:]]++
	}
	if moved < 20 {
		t.Errorf("another seed moved %d of 40 choices", moved)
	}
	for f := range 4 {
		if n := frames[fmt.Sprint(f)]; n < 3 || n > 20 {
			t.Errorf("frame %d was chosen %d times of 40", f, n)
		}
	}
}

func TestChooseEndsOnAFatalError(t *testing.T) {
	videos := fakeVideos("AB")
	if _, err := Choose(t.Context(), videos, 5, 42, &fakeDecoder{fatal: "B1.3"}, nil); !errors.Is(err, errFatal) {
		t.Errorf("got %v, want %v", err, errFatal)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Choose(ctx, videos, 5, 42, &fakeDecoder{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
