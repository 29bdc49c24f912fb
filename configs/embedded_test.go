package configs_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestEmbedded compares what the embedded configs mean with golden files.
func TestEmbedded(t *testing.T) {
	if got := configs.Embedded(); !slices.Equal(got, []string{"demo", "task01", "task02"}) {
		t.Fatalf("embedded: %q", got)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range configs.Embedded() {
		c, err := configs.LoadEmbedded(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Notices) > 0 {
			t.Errorf("%s: notices %q", name, c.Notices)
		}
		fixedPoint(t, c)
		golden := filepath.Join("testdata", name+".golden")
		got := "# " + c.Digest() + "\n" + strings.ReplaceAll(c.YAML(), here, "/here")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

// TestTasksDifferInTheHeadOnly: the two task configs are one experiment.
func TestTasksDifferInTheHeadOnly(t *testing.T) {
	one, err := configs.LoadEmbedded("task01")
	if err != nil {
		t.Fatal(err)
	}
	two, err := configs.LoadEmbedded("task02.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if one.Head != "single" || two.Head != "multi" {
		t.Errorf("heads %s and %s", one.Head, two.Head)
	}
	one.Name, one.Head, one.Source = two.Name, two.Head, two.Source
	equal(t, one, two)
	var n []int
	for _, task := range two.Tasks {
		n = append(n, len(task.Classes))
	}
	if !slices.Equal(n, []int{13, 6, 17}) {
		t.Errorf("classes %d", n)
	}
}
