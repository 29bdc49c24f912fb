package data

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/backbone-sweep/sweep/trainer/rng"
)

// SplitRule says how a data set is divided.
type SplitRule struct {
	Val, Test float64 // shares; Val is of what Test leaves
	ByVideo   bool    // all images of a video go to one part
	Seed      uint64
}

// Split gives every image a part. The test part has ceil(Test·n) images, the
// validation part ceil(Val·rest), and both are stratified: each combination of
// labels gives its share, rounded so that the totals are exact.
//
// With ByVideo whole videos are dealt out, combination by combination; a part
// then has its size but for half a video, as long as combinations have a video
// to spare.
func Split(images []Image, rule SplitRule) []Part {
	parts := make([]Part, len(images))
	left := make([]int, len(images))
	for i := range left {
		parts[i], left[i] = Train, i
	}
	for round, p := range []struct {
		part  Part
		share float64
	}{{Test, rule.Test}, {Val, rule.Val}} {
		want := min(len(left), int(math.Ceil(p.share*float64(len(left)))))
		draw := drawImages
		if rule.ByVideo {
			draw = drawVideos
		}
		for _, i := range draw(images, left, want, rule.Seed, round) {
			parts[i] = p.part
		}
		left = slices.DeleteFunc(left, func(i int) bool { return parts[i] != Train })
	}
	return parts
}

// stratum is the images of one combination of labels.
type stratum struct {
	key    string
	images []int
}

// strata groups images by combination, in order of the labels.
func strata(images []Image, among []int) []stratum {
	by := map[string][]int{}
	for _, i := range among {
		k := combination(images[i].Labels)
		by[k] = append(by[k], i)
	}
	out := make([]stratum, 0, len(by))
	for _, k := range slices.Sorted(maps.Keys(by)) {
		out = append(out, stratum{k, by[k]})
	}
	return out
}

// drawImages draws exactly want images: the largest remainders of the strata's
// shares are rounded up, ties by lot.
func drawImages(images []Image, among []int, want int, seed uint64, round int) []int {
	groups := strata(images, among)
	type share struct{ group, take, remainder, lot int }
	shares := make([]share, len(groups))
	missing := want
	for i, lot := range rng.New(seed, rng.SplitOrder, round, 0).Perm(len(groups)) {
		exact := want * len(groups[i].images)
		shares[i] = share{i, exact / len(among), exact % len(among), lot}
		missing -= shares[i].take
	}
	slices.SortFunc(shares, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.remainder, a.remainder), cmp.Compare(a.lot, b.lot))
	})
	var drawn []int
	for i, s := range shares {
		if i < missing { // a remainder above zero leaves an image to take
			s.take++
		}
		g := groups[s.group]
		for _, k := range rng.New(seed, rng.SplitOrder, round, rng.Hash(g.key)|1).Perm(len(g.images))[:s.take] {
			drawn = append(drawn, g.images[k])
		}
	}
	return drawn
}

// drawVideos draws whole videos of about want images in all. It goes through the
// combinations in order of their labels and carries what it owes from one to the
// next, so that the first tasks' classes get their shares too. A combination
// never gives all of several videos.
func drawVideos(images []Image, among []int, want int, seed uint64, round int) []int {
	groups := strata(images, among)
	// A video is dealt out with the combination of its first image; only a CSV
	// source has videos of several.
	members := map[string][]int{}
	for _, i := range among {
		members[images[i].Video] = append(members[images[i].Video], i)
	}
	done := map[string]bool{}
	var drawn []int
	owed := 0 // in images·len(among), to stay exact
	for _, g := range groups {
		var videos []string
		for _, i := range g.images {
			if v := images[i].Video; !done[v] {
				done[v] = true
				videos = append(videos, v)
				owed += want * len(members[v])
			}
		}
		spare := len(videos)
		if spare > 1 {
			spare--
		}
		for _, k := range rng.New(seed, rng.SplitOrder, round, rng.Hash(g.key)|1).Perm(len(videos)) {
			size := len(members[videos[k]]) * len(among)
			// Taking it must bring the debt nearer to zero.
			if spare == 0 || 2*owed < size {
				continue
			}
			spare--
			owed -= size
			drawn = append(drawn, members[videos[k]]...)
		}
	}
	return drawn
}
