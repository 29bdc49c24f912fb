package fake

import (
	"fmt"
	"slices"
	"time"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Noon is the time at which the scenes play.
func Noon() time.Time { return time.Date(2026, 3, 2, 14, 38, 48, 0, time.UTC) }

// Plans is a sweep of the four backbones in the middle of the second.
func Plans() []Plan {
	at := Noon()
	p := func(id, model string, skill float64, state run.State, steps int, step time.Duration) Plan {
		return Plan{
			ID: id, Launch: "20260302-1357", Sweep: "task02", Model: model, Seed: 42, State: state, Skill: skill,
			Epochs: 30, PerEpoch: 96, Steps: steps, StepTime: step,
			Started: at.Add(-time.Duration(steps) * step),
		}
	}
	all := []Plan{
		p("r1", "resnet18", 0.6, run.Done, 30*96, 120*time.Millisecond),
		p("r2", "resnet50", 0.8, run.Running, 15*96+52, 310*time.Millisecond),
		p("r3", "efficientnet_b4", 0.9, run.Queued, 0, 280*time.Millisecond),
		p("r4", "convnext_base", 1, run.Queued, 0, 700*time.Millisecond),
	}
	all[0].Started = at.Add(-14 * time.Minute)
	return all
}

// Scene is a client of Plans, with a table, a preview and a log.
func Scene() *Client {
	var runs []Run
	for _, p := range Plans() {
		runs = append(runs, p.Make())
	}
	c := New(runs...)
	c.Table = map[sweep.By]sweep.Comparison{sweep.ByModel: Table(sweep.ByModel), sweep.ByRun: Table(sweep.ByRun)}
	c.Preview = Preview()
	c.Data = Overview()
	c.File = []byte("| Metric | ResNet18 |\n")
	for i := range 60 {
		c.Logs = append(c.Logs, fmt.Sprintf("2026/03/02 14:%02d:07 epoch %d: loss %.4f", i%60, i/4+1, 2.1/float64(i+1)))
	}
	c.Logs = append(c.Logs, "경고: 깨진 그림 frame_000123.jpg was skipped")
	return c
}

// Preview is the plan of a sweep that can start.
func Preview() sweep.Preview {
	p := sweep.Preview{
		Name: "task02", Epochs: 30, Parallel: 1, Engine: "host", Device: "AVX-512, 16 threads",
		Images: sweep.Images{Train: 1536, Val: 329, Test: 329},
		Notes: []string{
			"The images are decoded once into a cache of 318 MiB; 41 GiB of disk are free.",
			"The weights start at random.",
		},
	}
	memory := []int64{610 << 20, 1340 << 20, 1870 << 20, 3100 << 20}
	for i, m := range []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"} {
		p.Runs = append(p.Runs, sweep.Planned{Model: m, Seed: 42, Memory: memory[i]})
	}
	return p
}

// Overview is a data set with everything there is to say about one.
func Overview() run.Overview {
	o := run.Overview{
		Source: "/home/user/data/action", Folders: 842, Videos: 829, Frames: 9927, Images: 3597,
		Parts: map[string]int{"train": 2598, "val": 459, "test": 540}, Group: "image",
		Skipped:      map[string]int{"label-unknown": 8, "video-empty": 5},
		Warnings:     []string{`emotion "불안/슬픔" has no image in the train part`},
		Combinations: run.Combinations{Count: 163, Frequent: 38, Single: 60, Mean: 5.086, Median: 2, Most: 94},
		Alike: []run.AlikeLabels{{
			Task: "action", From: "허리를 아치로 세움", Into: "허리를 아치로 세우는 동작",
			Line: "merge_labels: {action: {허리를 아치로 세움: 허리를 아치로 세우는 동작}}",
		}},
		Leaks: []run.Leak{
			{Part: "val", Images: 459, Shared: 385, Videos: 225},
			{Part: "test", Images: 540, Shared: 455, Videos: 225},
		},
	}
	for t, task := range Tasks() {
		view := run.TaskOverview{Name: task.Name}
		classes := task.Classes
		if t == 0 {
			classes = append([]string{"허리를 아치로 세우는 동작"}, append(slices.Clone(classes), "허리를 아치로 세움")...)
		}
		for i, class := range classes {
			images := 523 - 97*i
			c := run.ClassOverview{
				Label: class, Videos: 139 - 30*i, Images: images,
				Parts: map[string]int{"train": images * 7 / 10, "val": images * 14 / 100, "test": images * 16 / 100},
			}
			if images < 100 {
				c.Rare = "fewer than 10 test images"
			}
			view.Classes = append(view.Classes, c)
		}
		o.Tasks = append(o.Tasks, view)
	}
	return o
}

// Table is a comparison of four finished backbones.
func Table(by sweep.By) sweep.Comparison {
	c := sweep.Comparison{Sweep: "task02", By: by}
	models := []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"}
	for i, m := range models {
		col := sweep.ComparisonColumn{Key: m, Title: sweep.DisplayName(m), N: 3}
		if by == sweep.ByRun {
			col = sweep.ComparisonColumn{Key: fmt.Sprintf("r%d", i+1), Title: sweep.DisplayName(m) + " · 42", N: 1}
		}
		c.Columns = append(c.Columns, col)
	}
	mean := [][]float64{
		{0.4120, 0.3688, 0.3391, 0.3402},
		{0.9312, 0.9480, 0.9651, 0.9644},
		{0.9340, 0.9502, 0.9668, 0.9659},
		{0.3331, 0.3332, 0.3333, 0.3333},
		{0.8514, 0.8801, 0.9122, 0.9131},
		{0.9211, 0.9433, 0.9571, 0.9588},
		{0.9402, 0.9511, 0.9702, 0.9690},
		{0.9407, 0.9562, 0.9731, 0.9699},
	}
	for i, row := range run.TableRows(Tasks()) {
		r := sweep.ComparisonRow{Key: row.Key, Title: row.Title}
		best := 0
		for k, v := range mean[i] {
			if (run.LowerIsBetter(row.Key) && v < mean[i][best]) || (!run.LowerIsBetter(row.Key) && v > mean[i][best]) {
				best = k
			}
		}
		for k, v := range mean[i] {
			text := fmt.Sprintf("%.4f", v)
			if by == sweep.ByModel {
				text += fmt.Sprintf(" ± %.4f", 0.0012+0.0007*float64(k))
			}
			r.Cells = append(r.Cells, sweep.ComparisonCell{Text: text, Value: v, Best: k == best})
		}
		c.Rows = append(c.Rows, r)
	}
	c.Pairs = []sweep.Pair{{A: c.Columns[2].Key, B: c.Columns[3].Key, P: 0.41}}
	return c
}
