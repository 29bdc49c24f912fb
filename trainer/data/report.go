package data

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Report counts what was prepared.
type Report struct {
	Source       string         `json:"source"`
	Folders      int            `json:"video_folders"` // skipped ones too; 0 for CSV
	Videos       int            `json:"videos"`        // with at least one usable frame
	Frames       int            `json:"frames"`        // usable frames of those videos
	Selected     int            `json:"frames_selected"`
	Combinations int            `json:"combinations"`
	Frequent     int            `json:"combinations_frequent"`
	Tasks        []TaskReport   `json:"tasks"`
	Parts        map[Part]int   `json:"parts"` // images
	Skipped      map[Reason]int `json:"skipped"`
	Warnings     []string       `json:"warnings"`

	// Of all that the source lists, for the bound on skips.
	VideosSkipped int `json:"videos_skipped"`
	FramesSkipped int `json:"frames_skipped"`
	FramesListed  int `json:"frames_listed"` // usable and skipped
}

// TaskReport counts one task's classes.
type TaskReport struct {
	Name    string        `json:"name"`
	Classes []ClassReport `json:"classes"`
}

// ClassReport counts the videos and images of a class.
type ClassReport struct {
	Label  string       `json:"label"`
	Videos int          `json:"videos"`
	Images int          `json:"images"`
	Parts  map[Part]int `json:"parts"`
}

// countSkips counts skips against what the manifest lists.
func (r *Report) countSkips(m *Manifest, skips []Skip) {
	r.Skipped = map[Reason]int{}
	r.VideosSkipped, r.FramesSkipped = 0, 0
	r.FramesListed = len(m.Rows)
	for _, v := range m.Videos {
		r.FramesListed += len(v.Frames)
	}
	for _, s := range skips {
		r.Skipped[s.Reason]++
		switch {
		case s.Reason.Video():
			r.VideosSkipped++
		default:
			r.FramesSkipped++
			if s.Reason != ImageBroken { // broken ones are in the manifest
				r.FramesListed++
			}
		}
	}
}

// tooManySkips returns nil or why the set is refused: over 5 % skipped.
func (r *Report) tooManySkips() *TooManySkipsError {
	if 20*r.VideosSkipped <= r.Folders && 20*r.FramesSkipped <= r.FramesListed {
		return nil
	}
	return &TooManySkipsError{
		Source: r.Source, VideosSkipped: r.VideosSkipped, Videos: r.Folders,
		FramesSkipped: r.FramesSkipped, Frames: r.FramesListed, Reasons: r.Skipped,
	}
}

// count fills in what follows from the finished set.
func (r *Report) count(p *Prepared, m *Manifest) {
	r.countSkips(m, p.Skips)
	r.Selected = len(p.Images)
	r.Parts = map[Part]int{}
	partOf := make([]Part, len(p.Images))
	for part, list := range p.parts {
		r.Parts[part] = len(list)
		for _, i := range list {
			partOf[i] = part
		}
	}
	r.Tasks = make([]TaskReport, len(p.Tasks))
	for t, task := range p.Tasks {
		classes := make([]ClassReport, len(task.Classes))
		videos := make([]map[string]bool, len(task.Classes))
		for c, label := range task.Classes {
			classes[c] = ClassReport{Label: label, Parts: map[Part]int{}}
			videos[c] = map[string]bool{}
		}
		for i, img := range p.Images {
			c := img.Labels[t]
			classes[c].Images++
			classes[c].Parts[partOf[i]]++
			videos[c][img.Video] = true
		}
		for c := range classes {
			classes[c].Videos = len(videos[c])
			if classes[c].Parts[Train] == 0 && classes[c].Images > 0 {
				r.Warnings = append(r.Warnings, fmt.Sprintf("%s %q has no image in the train part", task.Name, classes[c].Label))
			}
			if classes[c].Images == 0 {
				r.Warnings = append(r.Warnings, fmt.Sprintf("%s %q has no image at all", task.Name, classes[c].Label))
			}
		}
		r.Tasks[t] = TaskReport{task.Name, classes}
	}
	r.Warnings = append(r.Warnings, sharedImages(p)...)
}

// sharedImages warns of images that stand in several of three ready tables.
func sharedImages(p *Prepared) []string {
	first := map[string]Part{}
	shared := map[[2]Part]int{}
	for _, part := range Parts() {
		for _, i := range p.parts[part] {
			path := p.Images[i].Path
			if in, ok := first[path]; ok {
				shared[[2]Part{in, part}]++
			} else {
				first[path] = part
			}
		}
	}
	var warnings []string
	for _, a := range Parts() {
		for _, b := range Parts() {
			if n := shared[[2]Part{a, b}]; n > 0 {
				warnings = append(warnings, fmt.Sprintf("%d images are in %s and in %s", n, a, b))
			}
		}
	}
	return warnings
}

// WriteText writes the counts as tables for a terminal, aligned for labels of
// double width such as Korean ones.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Source)
	if r.Folders > 0 {
		fmt.Fprintf(&b, "%d video folders, %d usable · ", r.Folders, r.Videos)
		fmt.Fprintf(&b, "%d label combinations, %d of them frequent · ", r.Combinations, r.Frequent)
		fmt.Fprintf(&b, "%d frames, %d selected\n", r.Frames, r.Selected)
	} else {
		fmt.Fprintf(&b, "%d images · %d folders · %d label combinations\n", r.Selected, r.Videos, r.Combinations)
	}
	fmt.Fprintf(&b, "train %d · val %d · test %d\n", r.Parts[Train], r.Parts[Val], r.Parts[Test])
	for _, t := range r.Tasks {
		rows := [][]string{{t.Name, "videos", "images", "train", "val", "test"}}
		for i, c := range t.Classes {
			rows = append(rows, []string{
				fmt.Sprintf("%2d %s", i, c.Label), strconv.Itoa(c.Videos), strconv.Itoa(c.Images),
				strconv.Itoa(c.Parts[Train]), strconv.Itoa(c.Parts[Val]), strconv.Itoa(c.Parts[Test]),
			})
		}
		b.WriteByte('\n')
		writeColumns(&b, rows)
	}
	writeSkipped(&b, r.Skipped)
	writeWarnings(&b, r.Warnings)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeSkipped[R ~string](b *strings.Builder, skipped map[R]int) {
	if len(skipped) == 0 {
		return
	}
	rows := [][]string{{"skipped", "count"}}
	for _, reason := range slices.Sorted(maps.Keys(skipped)) {
		rows = append(rows, []string{string(reason), strconv.Itoa(skipped[reason])})
	}
	b.WriteByte('\n')
	writeColumns(b, rows)
}

func writeWarnings(b *strings.Builder, warnings []string) {
	for i, warning := range warnings {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(b, "warning: %s\n", warning)
	}
}

// writeColumns aligns the first column to the left and the others to the right.
func writeColumns(b *strings.Builder, rows [][]string) {
	// The environment's locale must not change the layout.
	measure := &runewidth.Condition{}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], measure.StringWidth(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-measure.StringWidth(cell))
			if i == 0 {
				line = cell + pad
				continue
			}
			line += "  " + pad + cell
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
