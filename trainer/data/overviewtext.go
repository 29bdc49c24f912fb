package data

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// WriteOverview writes an overview as tables for a terminal.
func WriteOverview(w io.Writer, o *run.Overview) error {
	var b strings.Builder
	b.WriteString(o.Source + "\n")
	c := o.Combinations
	if o.Folders > 0 {
		fmt.Fprintf(&b, "%d video folders, %d usable · %d frames, %d selected\n", o.Folders, o.Videos, o.Frames, o.Images)
		fmt.Fprintf(&b, "%d label combinations, %d of them frequent · videos of one: mean %.2f, median %g, most %d; %d have a single video\n",
			c.Count, c.Frequent, c.Mean, c.Median, c.Most, c.Single)
	} else {
		fmt.Fprintf(&b, "%d images · %d folders · %d label combinations\n", o.Images, o.Videos, c.Count)
	}
	fmt.Fprintf(&b, "train %d · val %d · test %d", o.Parts[string(Train)], o.Parts[string(Val)], o.Parts[string(Test)])
	if !o.Prepared {
		b.WriteString(" · counted without decoding")
	}
	b.WriteByte('\n')
	for _, t := range o.Tasks {
		writeTask(&b, t)
	}
	writeSkipped(&b, o.Skipped)
	writeRare(&b, o)
	writeAlike(&b, o)
	writeLeaks(&b, o)
	writeWarnings(&b, o.Warnings)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeTask(b *strings.Builder, t run.TaskOverview) {
	rows := [][]string{{t.Name, "videos", "images", "train", "val", "test", ""}}
	for i, c := range t.Classes {
		mark := ""
		if c.Rare != "" {
			mark = "!"
		}
		rows = append(rows, []string{
			fmt.Sprintf("%2d %s", i, c.Label), strconv.Itoa(c.Videos), strconv.Itoa(c.Images),
			strconv.Itoa(c.Parts[string(Train)]), strconv.Itoa(c.Parts[string(Val)]), strconv.Itoa(c.Parts[string(Test)]), mark,
		})
	}
	b.WriteByte('\n')
	writeColumns(b, rows)
	for _, from := range slices.Sorted(maps.Keys(t.Merged)) {
		fmt.Fprintf(b, "   %s counts as %s (merge_labels)\n", from, t.Merged[from])
	}
}

func writeRare(b *strings.Builder, o *run.Overview) {
	type rareClass struct {
		task string
		run.ClassOverview
	}
	var all []rareClass
	for _, t := range o.Tasks {
		for _, c := range t.Classes {
			if c.Rare != "" {
				all = append(all, rareClass{t.Name, c})
			}
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(x, y rareClass) int {
		return cmp.Or(cmp.Compare(x.Parts[string(Test)], y.Parts[string(Test)]), cmp.Compare(x.Videos, y.Videos))
	})
	b.WriteString("\nrare classes (!): their metrics rest on a few images or videos\n")
	for _, c := range all {
		fmt.Fprintf(b, "  %s %q: %s (%d images of %d videos, %d test images)\n", c.task, c.Label, c.Rare, c.Images, c.Videos, c.Parts[string(Test)])
	}
}

func writeAlike(b *strings.Builder, o *run.Overview) {
	for i, a := range o.Alike {
		if i == 0 {
			b.WriteString("\nlabels that look alike; a line of the config counts the first as the second\n")
		}
		fmt.Fprintf(b, "  %s %q and %q\n    %s\n", a.Task, a.From, a.Into, a.Line)
	}
}

func writeLeaks(b *strings.Builder, o *run.Overview) {
	leaking := false
	for _, l := range o.Leaks {
		if l.Images == 0 {
			continue
		}
		if !leaking {
			b.WriteString("\nleaks: images whose video is in train too\n")
			leaking = true
		}
		if l.Shared == 0 {
			fmt.Fprintf(b, "  %-4s  none of %d\n", l.Part, l.Images)
			continue
		}
		fmt.Fprintf(b, "  %-4s  %d of %d (%.0f %%), of %d videos\n", l.Part, l.Shared, l.Images, 100*float64(l.Shared)/float64(l.Images), l.Videos)
	}
	if leaking && o.Group == "image" && slices.ContainsFunc(o.Leaks, func(l run.Leak) bool { return l.Shared > 0 }) {
		b.WriteString("  split: {group: video} keeps a video in one part; the scores are lower, and true\n")
	}
}
