package weights

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
	"github.com/backbone-sweep/sweep/trainer/backbone"
)

// Names go to torchvision and come back; those of a single head are the very
// names and shapes that torchvision lists, less its batch counters.
func TestTorchvisionNamesReturn(t *testing.T) {
	for _, model := range backbone.Names() {
		for _, head := range []string{run.HeadMulti, run.HeadSingle} {
			gr, err := backbone.Build(backbone.Options{
				Model: model, Head: head, Batch: 1, Size: 32, TaskNames: []string{"a", "b"}, Classes: []int{300, 700},
			})
			if err != nil {
				t.Fatal(err)
			}
			var timm []Entry
			for _, s := range slots(gr.Params, gr.Buffers) {
				timm = append(timm, Entry{Name: s.name, Shape: s.timmShape()})
			}
			entries, err := torchvisionEntries(timm, model)
			if err != nil {
				t.Fatal(err)
			}
			if list := "testdata/torchvision_" + model + ".txt"; head == run.HeadSingle && model != "resnet18" {
				compareTorchvision(t, list, entries)
			}
			f := &File{Entries: entries}
			timmNames(f.Entries)
			if err := f.indexNames(); err != nil {
				t.Fatal(err)
			}
			for i, s := range slots(gr.Params, gr.Buffers) {
				if at := f.find(s); at != i || !reflect.DeepEqual(f.Entries[i].Shape, timm[i].Shape) {
					t.Errorf("%s: %s comes back as %v", model, s.name, f.Entries[i])
				}
			}
		}
	}
	if _, err := torchvisionEntries([]Entry{{Name: "blocks.0.0.conv_xx.weight"}}, "efficientnet_b4"); err == nil {
		t.Error("a tensor that torchvision does not have: no error")
	}
}

// compareTorchvision holds names and shapes against torchvision's list.
func compareTorchvision(t *testing.T, list string, entries []Entry) {
	t.Helper()
	raw, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(strings.FieldsFuncSeq(string(raw), func(r rune) bool { return r == '\n' }))
	var got []string
	for _, e := range entries {
		dims := make([]string, len(e.Shape))
		for i, d := range e.Shape {
			dims[i] = strconv.Itoa(d)
		}
		got = append(got, e.Name+" "+strings.Join(dims, "x"))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d tensors, want %d: %v", list, len(got), len(want), slices.DeleteFunc(got, func(s string) bool { return slices.Contains(want, s) }))
	}
}

// A file under torchvision's names gives, read again, the bytes it was made of.
func TestTorchvisionRoundTrip(t *testing.T) {
	gr, err := backbone.Build(backbone.Options{
		Model: "efficientnet_b4", Head: run.HeadSingle, Batch: 1, Size: 32, TaskNames: []string{"a", "b"}, Classes: []int{3, 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	path, raw := export(t, gr, numbered(gr.Params, gr.Buffers, 3))
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	if err := f.ExportTorchvision(&b, "efficientnet_b4"); err != nil {
		t.Fatal(err)
	}
	state := State{}
	loaded, err := Load(write(t, b.Bytes()), gr.Params, gr.Buffers, state)
	if err != nil || len(loaded.Ignored) > 0 || loaded.Metadata["names"] != "torchvision" || loaded.Metadata["epoch"] != "3" {
		t.Fatalf("loaded %+v, %v", loaded, err)
	}
	if _, again := export(t, gr, state); !bytes.Equal(again, raw) {
		t.Error("other bytes after the round trip")
	}
}
