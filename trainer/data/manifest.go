package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// maxJSONBytes bounds one video's JSON; real ones have some hundred kB.
const maxJSONBytes = 64 << 20

// Frame is a picture of a video: listed in its annotations and there as a file.
type Frame struct {
	Number int
	Path   string // absolute
}

// Video is a video with known labels and at least one frame file.
type Video struct {
	ID     string
	Dir    string  // relative to the source folder
	Labels []int32 // one class per task
	Frames []Frame // by frame number
}

// Row is a line of a CSV source.
type Row struct {
	Path   string // absolute
	other  string // where else it may be; empty for nowhere
	Folder string // stands for the video: frames of a video lie in one folder
	Labels []int32
	Part   Part // "" where the rows are still to be split
}

// Manifest is what a source holds, before any image is decoded.
type Manifest struct {
	Source  string // absolute path of the folder or of the first CSV file
	Folders int    // videos found, skipped ones too
	Videos  []Video
	Rows    []Row // of a CSV source, which has no videos
	Skips   []Skip
}

// ReadManifest reads the source that d names: an AI-Hub folder, one CSV file or
// three. Faults of single videos and frames become skips, in sorted order; faults
// of the whole are an *InputError.
func ReadManifest(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*Manifest, error) {
	s, err := survey(ctx, d, tasks, progress)
	if err != nil {
		return nil, err
	}
	return s.manifest(ctx, d, tasks, progress)
}

// surveyed is a source whose files are known, and their times and sizes, but
// whose JSON files are not read yet.
type surveyed struct {
	stamp   stamp
	folders []folder  // of an AI-Hub folder
	tables  *Manifest // of CSV files
}

func survey(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*surveyed, error) {
	if d.Dir == "" {
		m, st, err := readTables(ctx, d, tasks, progress)
		return &surveyed{stamp: st, tables: m}, err
	}
	switch info, err := os.Stat(d.Dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, inputErrorf("data.dir "+d.Dir, "no such folder: give the folder that holds the class folders")
	case err != nil:
		return nil, &InputError{On: "data.dir " + d.Dir, What: "the folder cannot be read", Err: err}
	case !info.IsDir():
		return nil, inputErrorf("data.dir "+d.Dir, "a file: give the folder that holds the class folders, or csv: for a table")
	}
	folders, st, err := scan(ctx, d.Dir, progress)
	return &surveyed{stamp: st, folders: folders}, err
}

func (s *surveyed) manifest(ctx context.Context, d run.Data, tasks []run.Task, progress Progress) (*Manifest, error) {
	if s.tables != nil {
		return s.tables, nil
	}
	found := clips(s.folders)
	docs := make([]read, len(found))
	count := newCounter(progress, "reading annotations", len(found))
	err := each(ctx, len(found), func(_, i int) error {
		docs[i] = readClip(d.Dir, found[i], tasks)
		count.add(1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	m := &Manifest{Source: d.Dir, Folders: len(found)}
	if len(found) == 0 {
		return nil, inputErrorf("data.dir "+d.Dir, "no videos found: want folders that hold one JSON and its frames")
	}
	if err := knownFields(d.Dir, docs, tasks); err != nil {
		return nil, err
	}
	r := resolver{m: m, tasks: tasks, classes: classIndex(tasks), seen: map[string]string{}}
	for i := range found {
		r.add(found[i], docs[i])
	}
	return m, nil
}

// read is a clip's JSON, or why there is none.
type read struct {
	doc  *document
	skip *Skip
}

func readClip(root string, c clip, tasks []run.Task) read {
	fail := func(r Reason, detail string) read { return read{skip: &Skip{c.rel, r, detail}} }
	switch {
	case len(c.jsons) == 0:
		return fail(JSONMissing, "frames without a JSON")
	case len(c.jsons) > 1:
		return fail(JSONAmbiguous, "several JSON files: "+strings.Join(c.jsons, ", "))
	}
	b, err := readLimited(filepath.Join(root, filepath.FromSlash(c.jsons[0])), maxJSONBytes)
	if err != nil {
		return fail(JSONBroken, err.Error())
	}
	doc, err := parseDocument(b, tasks)
	if err != nil {
		return fail(JSONBroken, c.jsons[0]+": "+err.Error())
	}
	return read{doc: doc}
}

// knownFields refuses a task that no JSON has a field for: a misspelt name must
// not look like a data set without labels.
func knownFields(root string, docs []read, tasks []run.Task) error {
	for t, task := range tasks {
		read, found := 0, false
		for _, d := range docs {
			if d.doc != nil {
				read++
				found = found || d.doc.labels[t].found
			}
		}
		if read > 0 && !found {
			var places []string
			for _, p := range fieldPaths(task.Name) {
				places = append(places, "metadata."+dotted(p))
			}
			return inputErrorf("data.dir "+root, "no JSON has a label for the task %q (looked for %s): check label_names",
				task.Name, strings.Join(places, ", "))
		}
	}
	return nil
}

// classIndex maps each task's labels, the merged ones too, to class numbers.
func classIndex(tasks []run.Task) []map[string]int32 {
	index := make([]map[string]int32, len(tasks))
	for t, task := range tasks {
		index[t] = make(map[string]int32, len(task.Classes))
		for c, name := range task.Classes {
			index[t][norm.NFC.String(name)] = int32(c)
		}
		for label, class := range task.Merged {
			if c, ok := index[t][norm.NFC.String(class)]; ok {
				index[t][norm.NFC.String(label)] = c
			}
		}
	}
	return index
}

// resolver turns clips into videos, in sorted order.
type resolver struct {
	m       *Manifest
	tasks   []run.Task
	classes []map[string]int32
	seen    map[string]string // video id → folder
}

func (r *resolver) add(c clip, d read) {
	skip := func(reason Reason, detail string) { r.m.Skips = append(r.m.Skips, Skip{c.rel, reason, detail}) }
	if d.skip != nil {
		r.m.Skips = append(r.m.Skips, *d.skip)
		return
	}
	if first, ok := r.seen[d.doc.id]; ok {
		skip(VideoDuplicate, fmt.Sprintf("file_video %s is also in %s", d.doc.id, first))
		return
	}
	r.seen[d.doc.id] = c.rel
	v := Video{ID: d.doc.id, Dir: c.rel, Labels: make([]int32, len(r.tasks))}
	for t, f := range d.doc.labels {
		if f.value == "" {
			skip(LabelMissing, "no "+r.tasks[t].Name)
			return
		}
		class, ok := r.classes[t][f.value]
		if !ok {
			skip(LabelUnknown, fmt.Sprintf("%s %q is not in label_names", r.tasks[t].Name, f.value))
			return
		}
		v.Labels[t] = class
	}
	var skips []Skip
	v.Frames, skips = matchFrames(r.m.Source, c, d.doc.frames)
	r.m.Skips = append(r.m.Skips, skips...)
	if len(v.Frames) == 0 {
		skip(VideoEmpty, "no frame is both listed and there")
		return
	}
	r.m.Videos = append(r.m.Videos, v)
}

// frameName is frame_{number}_timestamp_{milliseconds}.jpg
var frameName = regexp.MustCompile(`(?i)^frame_(\d{1,9})_timestamp_(\d{1,9})\.(?:jpe?g|png)$`)

// matchFrames pairs files with annotations by frame number. Of several files
// with one number the one with the listed timestamp counts.
func matchFrames(root string, c clip, listed []listedFrame) ([]Frame, []Skip) {
	files := map[int][]file{}
	var skips []Skip
	unlisted := func(f file) {
		skips = append(skips, Skip{c.dir + "/" + f.name, FrameUnlisted, "not in the annotations"})
	}
	for _, f := range c.images {
		number, _, ok := parseFrameName(f.name)
		if !ok {
			unlisted(f)
			continue
		}
		files[number] = append(files[number], f)
	}
	var frames []Frame
	done := map[int]bool{}
	for _, l := range listed {
		if done[l.number] {
			continue
		}
		done[l.number] = true
		if len(files[l.number]) == 0 {
			name := fmt.Sprintf("frame_%d_timestamp_%d.jpg", l.number, l.timestamp)
			skips = append(skips, Skip{c.dir + "/" + name, FrameMissing, "listed in the annotations, but there is no file"})
			continue
		}
		best := files[l.number][0]
		for _, f := range files[l.number] {
			if _, ms, _ := parseFrameName(f.name); ms == l.timestamp {
				best = f
				break
			}
		}
		for _, f := range files[l.number] {
			if f != best {
				unlisted(f)
			}
		}
		frames = append(frames, Frame{l.number, filepath.Join(root, filepath.FromSlash(c.dir), best.name)})
		delete(files, l.number)
	}
	for _, f := range c.images {
		if number, _, ok := parseFrameName(f.name); ok && len(files[number]) > 0 {
			unlisted(f)
		}
	}
	slices.SortFunc(frames, func(a, b Frame) int { return a.Number - b.Number })
	slices.SortStableFunc(skips, func(a, b Skip) int { return strings.Compare(a.Path, b.Path) })
	return frames, skips
}

func parseFrameName(name string) (number, ms int, ok bool) {
	m := frameName.FindStringSubmatch(name)
	if m == nil {
		return 0, 0, false
	}
	number, _ = strconv.Atoi(m[1]) // nine digits at most
	ms, _ = strconv.Atoi(m[2])
	return number, ms, true
}
