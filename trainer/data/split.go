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
// With ByVideo whole videos are dealt out, see drawVideos; a part then has its
// size but for half a video.
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

// drawVideos draws whole videos of about want images in all. A combination with
// enough videos to give one gives its share; those with fewer are one pool, out
// of which videos are drawn whatever their labels: whether a part gets a
// combination that training never saw is then left to chance, as it is outside.
// What one group gives too much or too little, the next makes up for.
func drawVideos(images []Image, among []int, want int, seed uint64, round int) []int {
	// A video is dealt out with the combination of its first image; only a CSV
	// source has videos of several.
	members := map[string][]int{}
	for _, i := range among {
		members[images[i].Video] = append(members[images[i].Video], i)
	}
	type group struct {
		key    string
		videos []string
	}
	var groups []group
	pool := group{key: "rare"}
	done := map[string]bool{}
	for _, s := range strata(images, among) {
		g := group{key: s.key}
		for _, i := range s.images {
			if v := images[i].Video; !done[v] {
				done[v] = true
				g.videos = append(g.videos, v)
			}
		}
		if len(g.videos)*want < len(among) {
			pool.videos = append(pool.videos, g.videos...)
		} else {
			groups = append(groups, g)
		}
	}
	var drawn []int
	owed := 0 // in images·len(among), to stay exact
	for _, g := range append(groups, pool) {
		for _, v := range g.videos {
			owed += want * len(members[v])
		}
		for _, k := range rng.New(seed, rng.SplitOrder, round, rng.Hash(g.key)|1).Perm(len(g.videos)) {
			video := members[g.videos[k]]
			size := len(video) * len(among)
			// Taking it must bring the debt nearer to zero. Looking on for a smaller
			// one would fill the part with short videos.
			if 2*owed < size {
				break
			}
			owed -= size
			drawn = append(drawn, video...)
		}
	}
	return drawn
}
