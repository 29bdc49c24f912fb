package data

import (
	"strings"
	"testing"
)

func TestReportText(t *testing.T) {
	r := &Report{
		Source: "/data/action", Folders: 12, Videos: 10, Frames: 90, Selected: 40, Combinations: 6, Frequent: 1,
		Parts:   map[Part]int{Train: 28, Val: 6, Test: 6},
		Skipped: map[Reason]int{LabelUnknown: 2, ImageBroken: 11},
		Tasks: []TaskReport{{Name: "emotion", Classes: []ClassReport{
			{Label: "편안/안정", Videos: 9, Images: 39, Parts: map[Part]int{Train: 27, Val: 6, Test: 6}},
			{Label: "calm", Videos: 1, Images: 1, Parts: map[Part]int{Train: 1}},
		}}},
		Warnings: []string{"something to know"},
	}
	// Korean letters take two columns.
	const want = `/data/action
12 video folders, 10 usable · 6 label combinations, 1 of them frequent · 90 frames, 40 selected
train 28 · val 6 · test 6

emotion       videos  images  train  val  test
 0 편안/안정       9      39     27    6     6
 1 calm            1       1      1    0     0

skipped        count
image-broken      11
label-unknown      2

warning: something to know
`
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestTooManySkips(t *testing.T) {
	for _, c := range []struct {
		videosSkipped, videos, framesSkipped, frames int
		refused                                      bool
	}{
		{0, 10, 0, 100, false},
		{5, 100, 50, 1000, false}, // exactly 5 %
		{6, 100, 0, 1000, true},
		{0, 100, 51, 1000, true},
		{0, 0, 4, 60, true}, // a table
		{0, 0, 3, 60, false},
	} {
		r := &Report{VideosSkipped: c.videosSkipped, Folders: c.videos, FramesSkipped: c.framesSkipped, FramesListed: c.frames}
		if got := r.tooManySkips() != nil; got != c.refused {
			t.Errorf("%+v: refused %v", c, got)
		}
	}
}
