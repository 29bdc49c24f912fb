package data

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/rng"
)

// DemoTasks are the label lists of the demo data set.
func DemoTasks() []run.Task {
	return []run.Task{
		{Name: "action", Classes: []string{"걷거나 달리는 동작", "좌우로 뒹구는 동작", "납작 엎드리는 동작", "꼬리를 흔드는 동작"}},
		{Name: "emotion", Classes: []string{"편안/안정", "행복/즐거움", "불안/슬픔"}},
		{Name: "situation", Classes: []string{"먹을것, 장난감이 앞에 있을 때", "보호자가 집에 돌아왔을 때", "휴식시간"}},
	}
}

// Every one of the 36 combinations occurs. Three are frequent, so that the rule
// for frequent combinations has something to do: 21 videos give one frame each.
const (
	demoFrames         = 10 // per video
	demoFrequentVideos = 7
	demoFrequentFrames = 4
)

var demoClassFolders = [...]string{"WALKRUN", "ROLL", "GETDOWN", "TAILING"} // by action

// demoVideo is one drawn video.
type demoVideo struct {
	labels [3]int
	frames int
	number int
}

func (v demoVideo) stem() string {
	return fmt.Sprintf("cat-%s-%06d", strings.ToLower(demoClassFolders[v.labels[0]]), 1000+v.number)
}

// id is file_video; the folder has a name of the same parts.
func (v demoVideo) id() string { return fmt.Sprintf("202010%02d/%s.mp4", 1+v.number%28, v.stem()) }

func (v demoVideo) folder() string {
	return demoClassFolders[v.labels[0]] + "/" + strings.ReplaceAll(v.id(), "/", "_")
}

// demoFrameName is the name of frame k: every sixth of 30 a second.
func demoFrameName(k int) string {
	return fmt.Sprintf("frame_%d_timestamp_%d.jpg", 6*k, 200*k)
}

func demoVideos() []demoVideo {
	frequent := map[[3]int]bool{{0, 0, 0}: true, {2, 1, 2}: true, {3, 0, 1}: true}
	var vs []demoVideo
	for a := range 4 {
		for e := range 3 {
			for s := range 3 {
				l := [3]int{a, e, s}
				n, frames := 1, demoFrames
				if frequent[l] {
					n, frames = demoFrequentVideos, demoFrequentFrames
				}
				for range n {
					vs = append(vs, demoVideo{l, frames, len(vs)})
				}
			}
		}
	}
	return vs
}

// WriteDemo writes the demo data set to dir: drawn images of 96×96 with the
// labels of DemoTasks, in the AI-Hub layout, the same bytes every time. dir may be
// absent, empty or hold an earlier demo; a folder that holds anything else is an
// *InputError and stays as it is.
func WriteDemo(ctx context.Context, dir string) error {
	videos := demoVideos()
	if err := onlyDemoFiles(dir, videos); err != nil {
		return err
	}
	return each(ctx, len(videos), func(_, i int) error {
		if err := writeDemoVideo(filepath.Join(dir, filepath.FromSlash(videos[i].folder())), videos[i]); err != nil {
			return fmt.Errorf("demo data set: %w", err)
		}
		return nil
	})
}

func onlyDemoFiles(dir string, videos []demoVideo) error {
	known := map[string]bool{}
	for _, v := range videos {
		known[path.Join(v.folder(), path.Base(v.folder())+".json")] = true
		for k := range v.frames {
			known[path.Join(v.folder(), demoFrameName(k))] = true
		}
	}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || known[p] || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		return inputErrorf(dir, "the folder holds %s, which is not of the demo: give a new or an empty folder", p)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func writeDemoVideo(dir string, v demoVideo) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for k := range v.frames {
		var jpg bytes.Buffer
		if err := jpeg.Encode(&jpg, drawDemo(v, k), &jpeg.Options{Quality: 85}); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, demoFrameName(k)), jpg.Bytes(), 0o666); err != nil {
			return err
		}
	}
	text, err := demoDocument(v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, filepath.Base(dir)+".json"), text, 0o666)
}

// demoDocument is a video's JSON with the fields that the real ones have.
func demoDocument(v demoVideo) ([]byte, error) {
	tasks := DemoTasks()
	label := func(t int) string { return tasks[t].Classes[v.labels[t]] }
	r := rng.New(demoSeed, rng.Demo, 0, uint64(v.number))
	type object map[string]any
	annotations := []object{}
	for k := range v.frames {
		keypoints := object{}
		for p := range 15 {
			keypoints[fmt.Sprint(p+1)] = object{"x": r.IntN(demoSide), "y": r.IntN(demoSide)}
			if r.IntN(6) == 0 {
				keypoints[fmt.Sprint(p+1)] = nil
			}
		}
		annotations = append(annotations, object{
			"frame_number": 6 * k, "timestamp": 200 * k, "keypoints": keypoints,
			"bounding_box": object{"x": demoSide / 4, "y": demoSide / 4, "width": demoSide / 2, "height": demoSide / 2},
		})
	}
	breeds := []string{"코리안 숏헤어", "페르시안", "러시안 블루"}
	var b bytes.Buffer
	e := json.NewEncoder(&b) // sorts the keys of maps
	e.SetEscapeHTML(false)
	err := e.Encode(object{
		"file_video": v.id(),
		"metadata": object{
			"seq": 1000 + v.number, "species": "CAT", "action": label(0), "location": "실내",
			"height": demoSide, "width": demoSide, "duration": float64(v.frames) / 5,
			"animal":  object{"breed": breeds[r.IntN(len(breeds))], "gender": "FEMALE", "age": r.IntN(16), "neuter": "Y"},
			"owner":   object{"pain": "N", "disease": "N", "emotion": label(1), "situation": label(2), "animalCount": 1 + r.IntN(3)},
			"inspect": object{"action": label(0), "painDisease": "N", "abnormalAction": "N", "emotion": label(1)},
		},
		"annotations": annotations,
	})
	return b.Bytes(), err
}
