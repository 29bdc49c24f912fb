package data

import (
	"context"
	"fmt"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// A class is called rare when it has fewer test images or videos than these:
// with fewer images one more right moves its F1 by about 0.1, and with fewer
// videos a split by video cannot put one into every part.
const (
	fewTestImages = 10
	fewVideos     = 3
)

// Look counts what Prepare would make of d without making it. The finished set
// is used where there is one; else nothing is decoded: images are counted whose
// both ends look whole, so a picture that is damaged in between is still in.
func Look(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*run.Overview, error) {
	if err := check(&d, tasks); err != nil {
		return nil, err
	}
	d.AllowSkips = true
	if p, err := Find(ctx, d, tasks); err == nil {
		defer p.Close()
		o := overview(p, d)
		o.Prepared = true
		return o, nil
	}
	m, err := ReadManifest(ctx, d, tasks, progress)
	if err != nil {
		return nil, err
	}
	looking := func(stage string, done, total int) {
		if progress == nil {
			return
		}
		if stage == StageDecode {
			stage = StageCheck
		}
		progress(stage, done, total)
	}
	report := &Report{Source: m.Source, Folders: m.Folders}
	s, err := choose(ctx, m, d, looker{newCacheDecoder(nil, d.ImageSize)}, report, looking)
	if err != nil {
		return nil, err
	}
	s.arrange(placement(s.slots)) // the split depends on the order
	return overview(assemble(m, d, tasks, s, report), d), nil
}

// looker takes an image for decoded that looks whole.
type looker struct{ dec *cacheDecoder }

func (l looker) Reserve(int) error { return nil }

func (l looker) Decode(worker, _ int, path string) (broken, err error) {
	return l.dec.Check(worker, path), nil
}

func (l looker) Check(worker int, path string) error { return l.dec.Check(worker, path) }

func overview(p *Prepared, d run.Data) *run.Overview {
	r := p.Report
	o := &run.Overview{
		Source: r.Source, Folders: r.Folders, Videos: r.Videos, Frames: r.Frames, Images: len(p.Images),
		Parts: counts(r.Parts), Group: d.Group, Skipped: map[string]int{}, Warnings: append([]string{}, r.Warnings...),
		Combinations: combinations(p), Alike: []run.AlikeLabels{}, Leaks: leaks(p),
	}
	if d.CSV == "" && d.Dir == "" {
		o.Group = "" // the tables are the split
	}
	o.Combinations.Frequent = r.Frequent
	for reason, n := range r.Skipped {
		o.Skipped[string(reason)] = n
	}
	if tooMany := r.tooManySkips(); tooMany != nil {
		o.Warnings = append(o.Warnings, fmt.Sprintf("%d of %d videos and %d of %d frames are skipped, more than 5 %%: a run refuses these data without --allow-skips",
			tooMany.VideosSkipped, tooMany.Videos, tooMany.FramesSkipped, tooMany.Frames))
	}
	for t, task := range r.Tasks {
		to := run.TaskOverview{Name: task.Name, Merged: p.Tasks[t].Merged}
		for _, c := range task.Classes {
			to.Classes = append(to.Classes, run.ClassOverview{
				Label: c.Label, Videos: c.Videos, Images: c.Images, Parts: counts(c.Parts), Rare: rare(c, r.Folders > 0),
			})
		}
		o.Tasks = append(o.Tasks, to)
		o.Alike = append(o.Alike, alike(to)...)
	}
	return o
}

func counts(parts map[Part]int) map[string]int {
	out := map[string]int{}
	for _, part := range Parts() {
		out[string(part)] = parts[part]
	}
	return out
}

func rare(c ClassReport, videos bool) string {
	switch {
	case c.Images == 0:
		return "no image"
	case c.Parts[Train] == 0:
		return "no image in train"
	case videos && c.Videos < fewVideos:
		return fmt.Sprintf("fewer than %d videos", fewVideos)
	case c.Parts[Test] < fewTestImages:
		return fmt.Sprintf("fewer than %d test images", fewTestImages)
	}
	return ""
}

// combinations counts the videos of each combination of labels.
func combinations(p *Prepared) run.Combinations {
	videos := map[string]map[string]bool{}
	for _, img := range p.Images {
		k := combination(img.Labels)
		if videos[k] == nil {
			videos[k] = map[string]bool{}
		}
		videos[k][img.Video] = true
	}
	c := run.Combinations{Count: len(videos)}
	var sizes []int
	sum := 0
	for _, v := range videos {
		sizes = append(sizes, len(v))
		sum += len(v)
		c.Most = max(c.Most, len(v))
		if len(v) == 1 {
			c.Single++
		}
	}
	if n := len(sizes); n > 0 {
		slices.Sort(sizes)
		c.Mean = float64(sum) / float64(n)
		c.Median = float64(sizes[(n-1)/2]+sizes[n/2]) / 2
	}
	return c
}

// leaks counts the images of val and test whose video is in train too.
func leaks(p *Prepared) []run.Leak {
	train := map[string]bool{}
	for _, i := range p.parts[Train] {
		train[p.Images[i].Video] = true
	}
	leaks := []run.Leak{}
	for _, part := range []Part{Val, Test} {
		l := run.Leak{Part: string(part), Images: len(p.parts[part])}
		videos := map[string]bool{}
		for _, i := range p.parts[part] {
			if v := p.Images[i].Video; train[v] {
				l.Shared++
				videos[v] = true
			}
		}
		l.Videos = len(videos)
		leaks = append(leaks, l)
	}
	return leaks
}
