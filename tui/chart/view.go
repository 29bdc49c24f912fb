package chart

import "math"

// Extent is a range of x. Lo > Hi is the empty one; see NoExtent.
type Extent struct{ Lo, Hi float64 }

// NoExtent is the extent of nothing.
func NoExtent() Extent { return Extent{math.Inf(1), math.Inf(-1)} }

// Empty says whether the extent holds no x at all.
func (e Extent) Empty() bool { return !(e.Lo <= e.Hi) }

// Union returns the smallest extent that holds both.
func (e Extent) Union(o Extent) Extent {
	switch {
	case e.Empty():
		return o
	case o.Empty():
		return e
	}
	return Extent{min(e.Lo, o.Lo), max(e.Hi, o.Hi)}
}

func (e Extent) span() float64 { return e.Hi - e.Lo }

// View is which x a chart shows, and where its crosshair stands. It is a value:
// give the same one to several charts and they move together. The zero View
// shows everything and has no crosshair. The methods that change it return the
// changed one; full is the extent of all data of all charts that share it.
type View struct {
	span   float64 // width of the window; 0: everything
	hi     float64 // its right end, when it does not follow
	follow bool    // the right end is the end of the data
	cross  float64
	lit    bool // there is a crosshair
}

// minSpan keeps the window from collapsing, relative to all data.
const minSpan = 1e-6

// Window returns the x range on screen.
func (v View) Window(full Extent) Extent {
	if full.Empty() || v.span <= 0 || v.span >= full.span() {
		return full
	}
	hi := full.Hi
	if !v.follow {
		hi = min(max(v.hi, full.Lo+v.span), full.Hi)
	}
	return Extent{hi - v.span, hi}
}

// All shows everything again.
func (v View) All() View {
	v.span, v.follow = 0, false
	return v
}

// Zoomed says whether part of the data is out of sight.
func (v View) Zoomed() bool { return v.span > 0 }

// Following says whether the window stays at the end of growing data. Showing
// everything does.
func (v View) Following() bool { return v.span <= 0 || v.follow }

// Zoom narrows the window by factor (2 shows half, 0.5 twice as much). The
// crosshair keeps its place on screen; without one a window at the end of the
// data keeps its end, and any other one its middle.
func (v View) Zoom(full Extent, factor float64) View {
	w := v.Window(full)
	at := (w.Lo + w.Hi) / 2
	if v.Following() {
		at = w.Hi
	}
	if v.lit {
		at = min(max(v.cross, w.Lo), w.Hi)
	}
	return v.ZoomAt(full, factor, at)
}

// ZoomAt narrows the window by factor and keeps x where it is on screen, as a
// mouse wheel does.
func (v View) ZoomAt(full Extent, factor, x float64) View {
	if full.Empty() || full.span() <= 0 || !(factor > 0) {
		return v
	}
	w := v.Window(full)
	span := max(w.span()/factor, full.span()*minSpan)
	if span >= full.span() {
		return v.All()
	}
	share := 1.0
	if w.span() > 0 {
		share = min(max((x-w.Lo)/w.span(), 0), 1)
	}
	v.span = span
	return v.rightEnd(full, x+(1-share)*span)
}

// Pan moves the window by a share of its width, positive to the right. At the
// end of the data it follows them again.
func (v View) Pan(full Extent, share float64) View {
	if full.Empty() || !v.Zoomed() {
		return v
	}
	w := v.Window(full)
	return v.rightEnd(full, w.Hi+share*w.span())
}

// Follow puts the window at the end of the data and keeps it there.
func (v View) Follow() View {
	v.follow = true
	return v
}

// rightEnd places the window; touching the end of the data means to follow it.
func (v View) rightEnd(full Extent, hi float64) View {
	v.hi = max(hi, full.Lo+v.span)
	v.follow = v.hi >= full.Hi
	return v
}

// Cross returns where the crosshair stands; ok says whether there is one.
func (v View) Cross() (x float64, ok bool) { return v.cross, v.lit }

// SetCross puts the crosshair at x.
func (v View) SetCross(x float64) View {
	v.cross, v.lit = x, true
	return v
}

// ClearCross takes the crosshair away.
func (v View) ClearCross() View {
	v.cross, v.lit = 0, false
	return v
}

// MoveCross moves the crosshair by a share of the window, positive to the right,
// and the window with it at its edges. The first move lights it at the right end.
func (v View) MoveCross(full Extent, share float64) View {
	if full.Empty() {
		return v
	}
	w := v.Window(full)
	if !v.lit {
		return v.SetCross(w.Hi)
	}
	v.cross = min(max(v.cross+share*w.span(), full.Lo), full.Hi)
	switch {
	case !v.Zoomed():
	case v.cross > w.Hi:
		v = v.rightEnd(full, v.cross)
	case v.cross < w.Lo:
		v = v.rightEnd(full, v.cross+v.span)
	}
	return v
}
