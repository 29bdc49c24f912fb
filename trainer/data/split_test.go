package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/rng"
)

// manyImages makes images of combos combinations with a long tail, n in all, in
// videos of about ten.
func manyImages(n, combos int) []Image {
	r := rng.New(1, rng.Demo, 0, 0)
	var images []Image
	for c := range combos {
		images = append(images, Image{Labels: []int32{int32(c % 13), int32(c / 13 % 6), int32(c % 17)}})
	}
	for len(images) < n {
		c := r.IntN(1+r.IntN(combos)) % combos // small numbers are more frequent
		images = append(images, Image{Labels: images[c].Labels})
	}
	slices.SortStableFunc(images, func(a, b Image) int { return slices.Compare(a.Labels, b.Labels) })
	for i := range images {
		images[i].Video = fmt.Sprintf("%s%d", combination(images[i].Labels), i/10)
	}
	return images
}

func sizes(parts []Part) (train, val, test int) {
	for _, p := range parts {
		switch p {
		case Train:
			train++
		case Val:
			val++
		case Test:
			test++
		}
	}
	return train, val, test
}

func TestSplitSizes(t *testing.T) {
	for _, c := range []struct {
		n, combos        int
		val, test        float64
		train, vals, tst int
	}{
		{18172, 163, 0.15, 0.15, 13129, 2317, 2726},
		{3597, 163, 0.15, 0.15, 2598, 459, 540},
		{163, 163, 0.15, 0.15, 117, 21, 25},
		{7, 1, 0.15, 0.15, 4, 1, 2},
		{3, 3, 0.15, 0.15, 1, 1, 1},
		{100, 4, 0.25, 0, 75, 25, 0},
		{1, 1, 0.15, 0.15, 0, 0, 1},
	} {
		parts := Split(manyImages(c.n, c.combos), SplitRule{Val: c.val, Test: c.test, Seed: 42})
		train, val, test := sizes(parts)
		if train != c.train || val != c.vals || test != c.tst {
			t.Errorf("%d images of %d combinations: train %d, val %d, test %d; want %d, %d, %d",
				c.n, c.combos, train, val, test, c.train, c.vals, c.tst)
		}
	}
}

// Each combination gives its share to within one image.
func TestSplitIsStratified(t *testing.T) {
	images := manyImages(18172, 163)
	parts := Split(images, SplitRule{Val: 0.15, Test: 0.15, Seed: 42})
	all, test, val := map[string]int{}, map[string]int{}, map[string]int{}
	for i, img := range images {
		k := combination(img.Labels)
		all[k]++
		switch parts[i] {
		case Test:
			test[k]++
		case Val:
			val[k]++
		}
	}
	for k, n := range all {
		exact := float64(n) * 2726 / 18172
		if math.Abs(float64(test[k])-exact) >= 1 {
			t.Errorf("combination of %d images: %d in test, share %.2f", n, test[k], exact)
		}
		exact = float64(n-test[k]) * 2317 / 15446
		if math.Abs(float64(val[k])-exact) >= 1 {
			t.Errorf("combination of %d images: %d in val, share %.2f", n, val[k], exact)
		}
	}
}

func TestSplitDependsOnTheSeedAlone(t *testing.T) {
	images := manyImages(2000, 50)
	for _, byVideo := range []bool{false, true} {
		rule := SplitRule{Val: 0.15, Test: 0.15, Seed: 42, ByVideo: byVideo}
		a := Split(images, rule)
		if !slices.Equal(a, Split(images, rule)) {
			t.Errorf("by video %v: two splits of one seed differ", byVideo)
		}
		rule.Seed = 43
		if slices.Equal(a, Split(images, rule)) {
			t.Errorf("by video %v: two seeds gave the same split", byVideo)
		}
	}
}

func TestSplitByVideo(t *testing.T) {
	images := manyImages(18172, 163)
	parts := Split(images, SplitRule{Val: 0.15, Test: 0.15, Seed: 42, ByVideo: true})
	in := map[string]Part{}
	for i, img := range images {
		if p, ok := in[img.Video]; ok && p != parts[i] {
			t.Fatalf("video %q is in %s and %s", img.Video, p, parts[i])
		}
		in[img.Video] = parts[i]
	}
	_, val, test := sizes(parts)
	// A video has up to ten images.
	if math.Abs(float64(test-2726)) > 10 || math.Abs(float64(val-2317)) > 20 {
		t.Errorf("val %d, test %d; want about 2317 and 2726", val, test)
	}
	// The first task's classes keep their share.
	var all, inTest [13]int
	for i, img := range images {
		all[img.Labels[0]]++
		if parts[i] == Test {
			inTest[img.Labels[0]]++
		}
	}
	for c, n := range all {
		if share := float64(inTest[c]) / float64(n); share < 0.10 || share > 0.20 {
			t.Errorf("class %d: share in test %.3f", c, share)
		}
	}
}

// Long videos of rare combinations get into a part as often as short ones do:
// else a score on it would leave out what is hard.
func TestSplitByVideoDoesNotPreferShortVideos(t *testing.T) {
	var images []Image
	add := func(video string, label int32, n int) {
		for range n {
			images = append(images, Image{Video: video, Labels: []int32{label}})
		}
	}
	for i := range 500 {
		add(fmt.Sprint("short", i), int32(i%5), 1)
	}
	for i := range 100 {
		add(fmt.Sprint("long", i), int32(100+i), 12)
	}
	for seed := range uint64(5) {
		long := 0
		parts := Split(images, SplitRule{Val: 0.15, Test: 0.15, ByVideo: true, Seed: seed})
		for i, p := range parts {
			if p == Test && images[i].Labels[0] >= 100 {
				long++
			}
		}
		if share := float64(long) / 1200; share < 0.13 || share > 0.17 {
			t.Errorf("seed %d: %.3f of the images of long videos are in test, want 0.15", seed, share)
		}
	}
}
