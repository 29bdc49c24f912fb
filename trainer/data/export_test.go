package data

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// The tables list the images folder by folder, and the frames of a video by their
// number, whose text sorts otherwise.
func TestTablesAreInOrderOfFrames(t *testing.T) {
	files := tree{}
	for v := range 8 {
		files.add(t, fmt.Sprintf("WALKRUN/v%d", v), goodVideo(fmt.Sprintf("v%d.mp4", v), 100, 9, 12, 6))
	}
	dir := files.write(t)
	p, err := Prepare(t.Context(), run.Data{
		Dir: dir, ImageSize: 8, FrequentOver: 50, Val: 0.1, Test: 0.1, Prepared: t.TempDir(),
	}, testTasks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var natural []string
	for v := range 8 {
		for _, n := range []int{6, 9, 12, 100} {
			natural = append(natural, filepath.Join(dir, fmt.Sprintf("WALKRUN/v%d", v), testFrameName(n)))
		}
	}
	rows := 0
	for _, part := range Parts() {
		f, err := os.Open(filepath.Join(p.Dir, string(part)+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		table, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var at []int
		for _, row := range table[1:] {
			at = append(at, slices.Index(natural, row[0]))
		}
		if !slices.IsSorted(at) || slices.Contains(at, -1) {
			t.Errorf("%s.csv: images in the order %v", part, at)
		}
		rows += len(at)
	}
	if rows != len(natural) {
		t.Errorf("the tables hold %d images, want %d", rows, len(natural))
	}
}
