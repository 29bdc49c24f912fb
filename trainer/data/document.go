package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// document is the part of an AI-Hub JSON that matters: one video.
type document struct {
	id     string
	labels []field       // one per task
	frames []listedFrame // as annotated
}

type listedFrame struct{ number, timestamp int }

// field is a label as found: absent and null are not the same.
type field struct {
	found bool // the key is there
	value string
}

// fieldPaths says where in metadata a task's label stands, first match first.
// The three tasks of the original have one place each; others are looked for.
func fieldPaths(task string) [][]string {
	switch task {
	case "action":
		return [][]string{{"inspect", "action"}}
	case "emotion":
		return [][]string{{"inspect", "emotion"}}
	case "situation":
		return [][]string{{"owner", "situation"}}
	}
	return [][]string{{"inspect", task}, {"owner", task}, {"animal", task}, {task}}
}

// utf8BOM may begin a file that went through a Windows editor.
var utf8BOM = []byte("\xef\xbb\xbf")

// parseDocument reads one JSON. An error is its fault in words; a label that is
// absent, null or empty is none.
func parseDocument(b []byte, tasks []run.Task) (*document, error) {
	b = bytes.TrimPrefix(b, utf8BOM)
	if len(bytes.TrimSpace(b)) == 0 {
		return nil, errors.New("the file is empty")
	}
	var raw struct {
		File        *string        `json:"file_video"`
		Metadata    map[string]any `json:"metadata"`
		Annotations []*struct {
			Frame     json.Number `json:"frame_number"`
			Timestamp json.Number `json:"timestamp"`
		} `json:"annotations"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	if raw.File == nil || *raw.File == "" {
		return nil, errors.New("no file_video")
	}
	d := &document{id: norm.NFC.String(*raw.File), labels: make([]field, len(tasks))}
	for t, task := range tasks {
		f, err := lookUp(raw.Metadata, fieldPaths(task.Name))
		if err != nil {
			return nil, err
		}
		d.labels[t] = f
	}
	for i, a := range raw.Annotations {
		if a == nil {
			return nil, fmt.Errorf("annotation %d is null", i+1)
		}
		n, ok := integer(a.Frame)
		if !ok {
			return nil, fmt.Errorf("annotation %d: frame_number %q is no whole number", i+1, a.Frame)
		}
		ms, _ := integer(a.Timestamp) // only tells apart two files of one frame
		d.frames = append(d.frames, listedFrame{n, ms})
	}
	return d, nil
}

func lookUp(metadata map[string]any, paths [][]string) (field, error) {
	for _, p := range paths {
		m := metadata
		for _, key := range p[:len(p)-1] {
			m, _ = m[key].(map[string]any) // a nil map has no keys
		}
		switch v := m[p[len(p)-1]].(type) {
		case string:
			return field{true, norm.NFC.String(v)}, nil
		case nil:
			if _, there := m[p[len(p)-1]]; there {
				return field{found: true}, nil
			}
		default:
			return field{}, fmt.Errorf("metadata.%s is %v, not a text", dotted(p), v)
		}
	}
	return field{}, nil
}

func dotted(path []string) string {
	s := path[0]
	for _, p := range path[1:] {
		s += "." + p
	}
	return s
}

func integer(n json.Number) (int, bool) {
	if i, err := strconv.Atoi(n.String()); err == nil && i >= 0 && i <= math.MaxInt32 {
		return i, true
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f > math.MaxInt32 {
		return 0, false
	}
	return int(f), true
}
