package tui

import (
	"slices"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/tui/chart"
	"github.com/backbone-sweep/sweep/tui/theme"
)

// world is what the screens share. App owns it; screens read it and change
// what concerns the view alone.
type world struct {
	th      *theme.Theme
	dark    bool
	profile colorprofile.Profile
	width   int
	height  int

	now  time.Time // of the last message that bore a time
	book *book
	info sweep.Info
	link linkState
	rate float64 // bytes sent per second; below 0 unknown

	choices []Choice
	models  []string
	dir     string

	filter  string
	hidden  map[string]bool
	pinned  map[string]bool
	linear  bool // loss on a linear axis
	smooth  bool
	mouse   bool
	view    chart.View
	solo    int    // the chart that has all the room, from 1; 0 none
	follows string // run that a new launch puts the cursor on; consumed by the runs screen
}

// Choice is a sweep that the app offers to start.
type Choice struct {
	Config string // a file, or the name of an embedded config
	Title  string // how it is listed
	Demo   bool   // on the demo's own data
}

// at notes the time that a message bore.
func (w *world) at(t time.Time) {
	if t.After(w.now) {
		w.now = t
	}
}

func (w *world) restyle() { w.th = theme.New(w.dark, w.profile) }

// mostShown bounds the curves in a chart: more cannot be told apart.
const mostShown = 12

// shown are the runs in charts and table: the pinned ones and those of the
// launch under the cursor, but for the hidden ones.
func (w *world) shown(at *entry) []*entry {
	var out []*entry
	for _, e := range w.book.runs {
		if w.hidden[e.ID] || (!w.pinned[e.ID] && (at == nil || e.Launch != at.Launch)) {
			continue
		}
		out = append(out, e)
	}
	if len(out) <= mostShown {
		return out
	}
	// Of a large launch those around the cursor, and all that are pinned.
	i := max(0, slices.Index(out, at))
	from := max(0, min(i-mostShown/2, len(out)-mostShown))
	kept := out[:0:0]
	for k, e := range out {
		if w.pinned[e.ID] || (k >= from && k < from+mostShown) {
			kept = append(kept, e)
		}
	}
	return kept[:min(len(kept), 2*mostShown)]
}

// styles gives each run of a set its look; the same everywhere for the same set.
func (w *world) styles(runs []*entry) map[string]theme.RunStyle {
	names := make([]string, len(runs))
	for i, e := range runs {
		names[i] = e.name
	}
	out := make(map[string]theme.RunStyle, len(runs))
	for i, s := range w.th.Runs(names) {
		out[runs[i].ID] = s
	}
	return out
}

// planned is the x range of all epochs that the runs have before them, as far
// as it is drawn: a range that grows in few large steps, so that a chart of a
// running sweep is mostly the same from frame to frame.
func planned(runs []*entry, data chart.Extent) chart.Extent {
	epochs := 0
	for _, e := range runs {
		epochs = max(epochs, e.Epochs)
	}
	hi := float64(epochs)
	if data.Empty() || epochs == 0 {
		return chart.Extent{Lo: 0, Hi: max(hi, 1)}
	}
	for hi/1.5 >= max(data.Hi, 0.02*float64(epochs)) {
		hi /= 1.5
	}
	return chart.Extent{Lo: 0, Hi: max(hi, data.Hi)}
}

// window is the range that charts of these runs share.
func (w *world) window(runs []*entry) chart.Extent {
	data := chart.NoExtent()
	for _, e := range runs {
		if e.curves != nil {
			data = data.Union(e.curves.loss.Extent()).Union(e.curves.macro.Extent())
		}
	}
	if w.view.Zoomed() && !data.Empty() {
		return data
	}
	return planned(runs, data)
}

// steer moves window and crosshair; it reports whether the command was for
// charts. A new crosshair stands where the run at the cursor has come to.
func (w *world) steer(do command, runs []*entry, at *entry) bool {
	full := w.window(runs)
	if do == cmdZoomIn || do == cmdCrossL || do == cmdCrossR {
		// Not into the part that is still to come.
		data := chart.NoExtent()
		for _, e := range runs {
			if e.curves != nil {
				data = data.Union(e.curves.loss.Extent())
			}
		}
		if !data.Empty() {
			full = data
		}
	}
	if _, lit := w.view.Cross(); !lit && (do == cmdCrossL || do == cmdCrossR) && at != nil && at.curves != nil {
		if own := at.curves.loss.Extent(); !own.Empty() {
			in := w.view.Window(full)
			w.view = w.view.SetCross(min(max(own.Hi, in.Lo), in.Hi))
			return true
		}
	}
	switch do {
	case cmdZoomIn:
		w.view = w.view.Zoom(full, 2)
	case cmdZoomOut:
		w.view = w.view.Zoom(full, 0.5)
	case cmdAll:
		w.view = w.view.All()
	case cmdPanLeft:
		w.view = w.view.Pan(full, -0.25)
	case cmdPanRight:
		w.view = w.view.Pan(full, 0.25)
	case cmdCrossL:
		w.view = w.view.MoveCross(full, -0.02)
	case cmdCrossR:
		w.view = w.view.MoveCross(full, 0.02)
	case cmdSolo:
		w.solo++
	case cmdLog:
		w.linear = !w.linear
	case cmdSmooth:
		w.smooth = !w.smooth
		for _, e := range w.book.runs {
			if e.curves != nil {
				e.curves.smoothing(w.smooth)
			}
		}
	default:
		return false
	}
	return true
}

// unsteer drops the crosshair, then the zoom; it reports whether there was one.
func (w *world) unsteer() bool {
	if _, ok := w.view.Cross(); ok {
		w.view = w.view.ClearCross()
		return true
	}
	if w.view.Zoomed() {
		w.view = w.view.All()
		return true
	}
	if w.solo > 0 {
		w.solo = 0
		return true
	}
	return false
}

// steerable says why a chart command makes no sense now.
func (w *world) steerable(do command) string {
	switch do {
	case cmdZoomOut, cmdAll, cmdPanLeft, cmdPanRight:
		if !w.view.Zoomed() {
			return "everything is in sight already: + zooms in"
		}
	}
	return ""
}
