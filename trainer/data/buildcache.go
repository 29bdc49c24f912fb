package data

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// buildCache decodes the images that a manifest and the frequency rule give,
// splits them, and writes the cache and the tables beside it. When ctx ends it
// leaves what is decoded for the next call to go on with, after an error nothing:
// a full disk is emptied again. The caller holds the folder's lock.
func buildCache(ctx context.Context, dir string, m *Manifest, d run.Data, tasks []run.Task, k key, st stamp, progress Progress) (err error) {
	report := &Report{Source: m.Source, Folders: m.Folders}
	// What is known before decoding may already be too much.
	report.countSkips(m, m.Skips)
	if report.tooManySkips() != nil && !d.AllowSkips {
		return refuse(ctx, dir, m, newCacheDecoder(nil, d.ImageSize), report, progress)
	}
	w, err := newCacheWriter(dir, d.ImageSize, findDonors(d.Prepared, m.Source, d.ImageSize))
	if err != nil {
		return err
	}
	defer func() {
		w.close(err != nil && ctx.Err() != nil)
		_ = os.Remove(dir) // only where nothing is in it
	}()
	s, err := choose(ctx, m, d, newCacheDecoder(w, w.size), report, progress)
	if err != nil {
		return err
	}
	place, err := w.compact(s.slots)
	if err != nil {
		return err
	}
	s.arrange(place)
	if err := ctx.Err(); err != nil {
		return err
	}
	p := assemble(m, d, tasks, s, report)
	p.Dir = dir
	for _, part := range Parts() {
		if len(p.parts[part]) == 0 && (part != Test || d.CSV == "" && d.Dir == "" || d.Test > 0) {
			return inputErrorf(m.Source, "the %s part is empty, of %d images in all: more images are needed", part, len(s.images))
		}
	}
	p.DataDigest = dataDigest(p, w.sums)
	if err := writeTables(p, d); err != nil {
		return err
	}
	x := &index{
		Tasks: tasks, Images: p.Images, Parts: p.parts, DataDigest: p.DataDigest,
		Report: report, Skips: p.Skips, Sums: make([]uint32, len(w.sums)), Files: w.files,
	}
	for i, s := range w.sums {
		x.Sums[i] = s.crc
	}
	return w.finish(x, k, st)
}

// choose decodes the frames that the frequency rule gives, or the rows.
func choose(ctx context.Context, m *Manifest, d run.Data, dec Decoder, report *Report, progress Progress) (*selection, error) {
	if m.Folders > 0 {
		return selectFrames(ctx, m, d, dec, report, progress)
	}
	return selectRows(ctx, m, dec, report, progress)
}

// assemble splits what was chosen and counts it; the set has no pixels yet.
func assemble(m *Manifest, d run.Data, tasks []run.Task, s *selection, report *Report) *Prepared {
	p := &Prepared{
		Size: d.ImageSize, Tasks: tasks, Images: s.images, Report: report,
		Skips: slices.Concat(m.Skips, s.skips), parts: map[Part][]int32{},
	}
	sortSkips(p.Skips)
	parts := s.parts
	if parts == nil {
		parts = Split(s.images, SplitRule{Val: d.Val, Test: d.Test, ByVideo: d.Group == "video", Seed: d.Seed})
	}
	for i, part := range parts {
		p.parts[part] = append(p.parts[part], int32(i))
	}
	report.count(p, m)
	return p
}

// refuse completes the list of skips without decoding what looks whole, so that
// the owner can mend all at once, and returns a *TooManySkipsError.
func refuse(ctx context.Context, dir string, m *Manifest, dec *cacheDecoder, report *Report, progress Progress) error {
	paths := make([]string, 0, len(m.Rows))
	for _, r := range m.Rows {
		paths = append(paths, r.Path)
	}
	for _, v := range m.Videos {
		for _, f := range v.Frames {
			paths = append(paths, f.Path)
		}
	}
	broken := make([]error, len(paths))
	count := newCounter(progress, StageCheck, len(paths))
	err := each(ctx, len(paths), func(worker, i int) error {
		defer count.add(1)
		broken[i] = dec.Check(worker, paths[i])
		return nil
	})
	if err != nil {
		return err
	}
	skips := slices.Clone(m.Skips)
	for i, why := range broken {
		if why != nil {
			skips = append(skips, brokenSkip(m, paths[i], why))
		}
	}
	at := len(m.Rows)
	for _, v := range m.Videos {
		if !slices.Contains(broken[at:at+len(v.Frames)], nil) {
			skips = append(skips, Skip{v.Dir, VideoEmpty, "no frame decodes"})
		}
		at += len(v.Frames)
	}
	sortSkips(skips)
	report.countSkips(m, skips)
	tooMany := report.tooManySkips()
	tooMany.List = filepath.Join(dir, skippedName)
	if err := writeSkips(tooMany.List, skips); err != nil {
		return err
	}
	return tooMany
}

func sortSkips(skips []Skip) {
	slices.SortStableFunc(skips, func(a, b Skip) int { return comparePaths(a.Path, b.Path) })
}

// selection is what was decoded: parallel slices, first in ascending order of
// slots, after arrange in cache order.
type selection struct {
	images []Image
	slots  []int
	parts  []Part // nil: still to be split
	skips  []Skip
}

// arrange puts images into the order of their final places.
func (s *selection) arrange(place []int) {
	images := make([]Image, len(place))
	parts := make([]Part, len(s.parts))
	for i, at := range place {
		images[at] = s.images[i]
		if s.parts != nil {
			parts[at] = s.parts[i]
		}
	}
	s.images, s.slots = images, nil
	if s.parts != nil {
		s.parts = parts
	}
}

func selectFrames(ctx context.Context, m *Manifest, d run.Data, dec Decoder, report *Report, progress Progress) (*selection, error) {
	c, err := Choose(ctx, m.Videos, d.FrequentOver, d.Seed, dec, progress)
	if err != nil {
		return nil, err
	}
	s := &selection{}
	for _, f := range c.Frames {
		v := &m.Videos[f.Video]
		s.images = append(s.images, Image{Path: v.Frames[f.Frame].Path, Video: v.ID, Frame: v.Frames[f.Frame].Number, Labels: v.Labels})
		s.slots = append(s.slots, f.Slot)
	}
	bad := make([]int, len(m.Videos))
	for _, b := range c.Broken {
		bad[b.Video]++
		s.skips = append(s.skips, brokenSkip(m, m.Videos[b.Video].Frames[b.Frame].Path, b.Why))
	}
	for v, ok := range c.Usable {
		if !ok {
			s.skips = append(s.skips, Skip{m.Videos[v].Dir, VideoEmpty, "no frame decodes"})
			continue
		}
		report.Videos++
		report.Frames += len(m.Videos[v].Frames) - bad[v]
	}
	report.Combinations, report.Frequent = c.Combinations, c.Frequent
	return s, nil
}

func selectRows(ctx context.Context, m *Manifest, dec Decoder, report *Report, progress Progress) (*selection, error) {
	if err := dec.Reserve(len(m.Rows)); err != nil {
		return nil, err
	}
	why := make([]error, len(m.Rows))
	count := newCounter(progress, StageDecode, len(m.Rows))
	err := each(ctx, len(m.Rows), func(worker, i int) (err error) {
		defer count.add(1)
		why[i], err = dec.Decode(worker, i, m.Rows[i].Path)
		return err
	})
	if err != nil {
		return nil, err
	}
	s := &selection{}
	videos, combinations := map[string]bool{}, map[string]bool{}
	for i, r := range m.Rows {
		if why[i] != nil {
			s.skips = append(s.skips, brokenSkip(m, r.Path, why[i]))
			continue
		}
		s.images = append(s.images, Image{Path: r.Path, Video: r.Folder, Labels: r.Labels})
		s.slots = append(s.slots, i)
		if r.Part != "" {
			s.parts = append(s.parts, r.Part)
		}
		videos[r.Folder], combinations[combination(r.Labels)] = true, true
	}
	report.Videos, report.Frames, report.Combinations = len(videos), len(s.images), len(combinations)
	return s, nil
}

func brokenSkip(m *Manifest, path string, why error) Skip {
	reason, detail := ImageBroken, why.Error()
	if e := (*ImageError)(nil); errors.As(why, &e) {
		detail = e.What
	}
	if errors.Is(why, fs.ErrNotExist) {
		reason = FrameMissing
		if m.Folders == 0 {
			reason = ImageMissing
		}
	}
	if m.Folders > 0 {
		if rel, err := filepath.Rel(m.Source, path); err == nil {
			path = filepath.ToSlash(rel)
		}
	}
	return Skip{path, reason, detail}
}
