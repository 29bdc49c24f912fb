package chart

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/tui/theme"
)

var update = flag.Bool("update", false, "write the golden files anew")

// checkGolden compares with testdata/name.
func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./tui/chart -update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./tui/chart -update accepts it). Got:\n%s", name, got)
	}
}

// korean are labels of two cells a letter.
var korean = []string{"허리를 아치로 세우는 동작", "걷거나 달리는 동작", "그루밍하는 동작", "배를 보여주는 동작", "꼬리를 흔드는 동작"}

// goldenRuns are four runs with what can happen to a curve.
func goldenRuns(th *theme.Theme, names ...string) []Line {
	var lines []Line
	for k, st := range th.Runs(names) {
		s := &Series{}
		s.SetSmoothing(20)
		for i := range 2000 - 300*k {
			x := float64(i)
			y := 2/(1+x/float64(60+40*k)) + 0.02
			y *= 1 + 0.4*math.Sin(x*float64(3+k))
			switch {
			case k == 1 && i > 600 && i < 900:
				y = math.NaN()
			case k == 2 && i == 1100:
				y = 30
			case k == 3 && i == 500:
				y = math.Inf(1)
			case k == 3 && i == 700:
				y = 0
			}
			s.Add(x+1, y)
		}
		lines = append(lines, Line{Label: names[k], Series: s, Style: st})
	}
	return lines
}

// goldenScores are validation values once an epoch; the last run has only one.
func goldenScores(th *theme.Theme, names ...string) []Line {
	var lines []Line
	for k, st := range th.Runs(names) {
		s := &Series{}
		for e := 1; e <= 30 && (k < 3 || e == 1); e++ {
			x := float64(e + k)
			s.Add(float64(e), x/(x+4))
		}
		lines = append(lines, Line{Label: names[k], Series: s, Style: st})
	}
	return lines
}

func TestGoldenCharts(t *testing.T) {
	backbones := []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"}
	scenes := map[string]func(th *theme.Theme) *Chart{
		"loss": func(th *theme.Theme) *Chart {
			return &Chart{Title: "loss", Log: true, Smooth: true, Lines: goldenRuns(th, backbones...)}
		},
		"loss-linear": func(th *theme.Theme) *Chart {
			return &Chart{Title: "loss", Lines: goldenRuns(th, backbones...)}
		},
		"crosshair": func(th *theme.Theme) *Chart {
			c := &Chart{Title: "loss", Log: true, Lines: goldenRuns(th, korean[:4]...)}
			c.Lines[2].Pinned = true
			c.View = View{}.Zoom(c.Extent(), 2).SetCross(1500)
			return c
		},
		"scores": func(th *theme.Theme) *Chart {
			return &Chart{Title: "macro-F1 · validation", Unit: Epochs, Lines: goldenScores(th, backbones...)}
		},
		"empty": func(th *theme.Theme) *Chart {
			return &Chart{Title: "loss", Empty: "no step yet", Lines: []Line{{Label: "resnet18", Series: &Series{}}}}
		},
		"constant": func(th *theme.Theme) *Chart {
			s := &Series{}
			for i := range 100 {
				s.Add(float64(i), 3e-4)
			}
			return &Chart{Title: "learning rate", Lines: []Line{{Label: "lr", Series: s, Style: th.Run("lr")}}}
		},
	}
	sizes := [][2]int{{20, 6}, {39, 8}, {60, 15}, {100, 24}, {150, 40}}
	for name, scene := range scenes {
		for kind, th := range themes() {
			if kind != "plain" && (name != "loss" && name != "crosshair" || kind != "dark") {
				continue
			}
			t.Run(name+"."+kind, func(t *testing.T) {
				var b strings.Builder
				for _, size := range sizes {
					if kind != "plain" && size[0] > 60 {
						continue // the letters are those of the plain one
					}
					text := scene(th).Render(size[0], size[1], th)
					checkSize(t, text, size[0], size[1])
					fmt.Fprintf(&b, "%d×%d\n%s\n\n", size[0], size[1], text)
				}
				checkGolden(t, name+"."+kind+".golden", b.String())
			})
		}
	}
}

func goldenMatrix() HeatMap {
	h := HeatMap{Labels: korean}
	for i := range korean {
		for j := range korean {
			n := int64((7*i + 3*j) % 5 * (i % 3))
			if i == j {
				n = int64(40 + 100*i)
			}
			h.Counts = append(h.Counts, n)
		}
	}
	return h
}

func TestGoldenHeatMap(t *testing.T) {
	for kind, th := range themes() {
		t.Run(kind, func(t *testing.T) {
			var b strings.Builder
			for _, size := range [][2]int{{80, 8}, {40, 8}, {24, 6}, {10, 4}} {
				for _, share := range []bool{false, true} {
					h := goldenMatrix()
					h.Share = share
					if share {
						h.Cursor = Cell{Truth: 4, Predicted: 3, On: true}
					}
					text := h.Render(size[0], size[1], th)
					checkSize(t, text, size[0], size[1])
					fmt.Fprintf(&b, "%d×%d share=%v\n%s\n\n", size[0], size[1], share, text)
				}
			}
			checkGolden(t, "heatmap."+kind+".golden", b.String())
		})
	}
}

func TestGoldenBars(t *testing.T) {
	for kind, th := range themes() {
		t.Run(kind, func(t *testing.T) {
			var b strings.Builder
			for _, width := range []int{70, 40, 20} {
				var items []BarItem
				for i, label := range append([]string{"sit"}, korean...) {
					item := BarItem{Label: label, Value: float64(i) / 5, Note: fmt.Sprint(3*i*i*i, " img"), Style: th.Done}
					if i == 2 {
						item.Value = math.NaN()
					}
					items = append(items, item)
				}
				rows := Bars(items, 1, width, th)
				checkSize(t, strings.Join(rows, "\n"), width, len(items))
				fmt.Fprintf(&b, "%d\n%s\n\n", width, strings.Join(rows, "\n"))
			}
			checkGolden(t, "bars."+kind+".golden", b.String())
		})
	}
}
