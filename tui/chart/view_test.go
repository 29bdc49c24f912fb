package chart

import (
	"math/rand/v2"
	"testing"
)

func TestViewFollowsTheEnd(t *testing.T) {
	full := Extent{1, 1000}
	v := View{}.Zoom(full, 4)
	if w := v.Window(full); w.Hi != 1000 || !v.Following() {
		t.Fatalf("zoomed at the end: window %v, following %v", w, v.Following())
	}
	grown := Extent{1, 1500}
	if w := v.Window(grown); w.Hi != 1500 || w.span() != full.span()/4 {
		t.Errorf("data grew to 1500: window %v, want the same span at the end", w)
	}
	v = v.Pan(grown, -0.5)
	before := v.Window(grown)
	if v.Following() {
		t.Error("panned away, still following")
	}
	if w := v.Window(Extent{1, 9000}); w != before {
		t.Errorf("data grew: window %v, want %v where it was", w, before)
	}
	if v = v.Pan(grown, 5); !v.Following() {
		t.Error("panned to the end, not following")
	}
	if w := (View{}).Window(full); w != full {
		t.Errorf("the zero view shows %v, want everything", w)
	}
}

func TestZoomKeepsWhatIsUnderThePointer(t *testing.T) {
	full := Extent{0, 1000}
	v := View{}.ZoomAt(full, 2, 250)
	if w := v.Window(full); w != (Extent{125, 625}) {
		t.Errorf("window %v, want 125…625: 250 stays at a quarter", w)
	}
	v = v.ZoomAt(full, 0.5, 250)
	if v.Zoomed() {
		t.Errorf("zoomed out again: window %v, want everything", v.Window(full))
	}
}

func TestCrosshairTakesTheWindowAlong(t *testing.T) {
	full := Extent{0, 1000}
	v := View{}.Zoom(full, 10).MoveCross(full, -0.1)
	if x, ok := v.Cross(); !ok || x != 1000 {
		t.Fatalf("first move: crosshair %v, %v; want lit at the right end", x, ok)
	}
	for range 30 {
		v = v.MoveCross(full, -0.1)
	}
	x, _ := v.Cross()
	if w := v.Window(full); x > 701 || x < 699 || x < w.Lo || x > w.Hi {
		t.Errorf("crosshair at %v, window %v; want about 700 and in sight", x, w)
	}
	for range 200 {
		v = v.MoveCross(full, 0.1)
	}
	if x, _ = v.Cross(); x != 1000 {
		t.Errorf("crosshair at %v, want stopped at the end", x)
	}
	if _, ok := v.ClearCross().Cross(); ok {
		t.Error("cleared crosshair still lit")
	}
}

func TestWindowStaysInsideTheData(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for range 300 {
		full := Extent{r.NormFloat64() * 100, 0}
		full.Hi = full.Lo + r.ExpFloat64()*1000
		var v View
		for range 60 {
			switch r.IntN(7) {
			case 0:
				v = v.Zoom(full, r.Float64()*4)
			case 1:
				v = v.ZoomAt(full, r.Float64()*4, full.Lo+r.Float64()*full.span())
			case 2:
				v = v.Pan(full, r.NormFloat64())
			case 3:
				v = v.MoveCross(full, r.NormFloat64()/5)
			case 4:
				v = v.Follow()
			case 5:
				full.Hi += r.Float64() * 100
			case 6:
				v = v.SetCross(r.NormFloat64() * 1000)
			}
			w, slack := v.Window(full), 1e-9*(full.span()+200)
			if w.Empty() || w.Lo < full.Lo-slack || w.Hi > full.Hi+slack {
				t.Fatalf("window %v of %v", w, full)
			}
		}
	}
}

func TestViewOfNothing(t *testing.T) {
	none := NoExtent()
	v := View{}.Zoom(none, 2).Pan(none, 1).MoveCross(none, 1)
	if v.Zoomed() || !v.Window(none).Empty() {
		t.Errorf("view of nothing is %+v", v)
	}
	point := Extent{5, 5}
	if w := v.Zoom(point, 2).Window(point); w != point {
		t.Errorf("window of one x is %v", w)
	}
}
