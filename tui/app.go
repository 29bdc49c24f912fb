package tui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// Options is what the app needs of the world.
type Options struct {
	// Dial reaches the supervisor; it is called again when the link is lost.
	Dial func(context.Context) (sweep.Client, error)
	// Choices are the sweeps that can be started, Models the backbones.
	Choices []Choice
	Models  []string
	// Dir is where relative file names start.
	Dir string
	// Start is a sweep to start as soon as the supervisor answers; nil for none.
	Start *sweep.StartRequest
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Sent counts the bytes sent to the terminal; nil when nobody counts.
	Sent func() int64
}

// App is the root model: it holds what the screens share and routes messages.
type App struct {
	ctx     context.Context
	opts    Options
	w       *world
	remote  remote
	feed    *feed
	runs    *runsScreen
	screen  screen
	dialog  dialog
	notices notices
	starts  *sweep.StartRequest // to be sent once the link is up
	going   bool                // a start is under way
	ticks   int
	sent    []int64 // of the last ticks
	uses    int
	frame   string // what View shows
	drawn   bool   // it is what the model says
	held    bool   // the last frame is younger than framePeriod
}

// framePeriod is the shortest time between two frames. What happens after a
// while of rest is drawn at once, what follows it after this time.
const framePeriod = 100 * time.Millisecond

// New returns the app's model. Commands end when ctx does.
func New(ctx context.Context, o Options) *App {
	if o.Now == nil {
		o.Now = time.Now
	}
	w := &world{
		dark: true, profile: colorprofile.ANSI256, book: newBook(), rate: -1,
		choices: o.Choices, models: o.Models, dir: o.Dir,
		hidden: map[string]bool{}, pinned: map[string]bool{},
	}
	w.restyle()
	runs := &runsScreen{}
	return &App{ctx: ctx, opts: o, w: w, runs: runs, screen: runs, starts: o.Start, remote: remote{ctx: ctx}}
}

// Init implements tea.Model.
func (a *App) Init() tea.Cmd {
	return tea.Batch(connect(a.ctx, a.opts.Dial, a.opts.Now), tick(a.opts.Now, a.opts.Sent), tea.RequestBackgroundColor)
}

// Update implements tea.Model. It does no I/O and reads no clock.
func (a *App) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.route(m)
	return a, tea.Batch(cmd, a.load(), a.draw(m))
}

// draw makes a new frame when there is something new and it is time for one.
func (a *App) draw(m tea.Msg) tea.Cmd {
	if _, ok := m.(frameMsg); ok {
		a.held = false
	}
	if a.drawn || (a.held && !urgent(m)) {
		return nil
	}
	a.frame, a.drawn = strings.Join(a.lines(), "\n"), true
	if a.held {
		return nil
	}
	a.held = true
	return after(framePeriod, frameMsg{})
}

// urgent messages are drawn at once: a frame of the wrong size would flicker,
// and the first with runs is what was waited for.
func urgent(m tea.Msg) bool {
	switch m.(type) {
	case tea.WindowSizeMsg, linkedMsg:
		return true
	}
	return false
}

// route hands a message to what it concerns.
func (a *App) route(m tea.Msg) tea.Cmd {
	changed := true
	defer func() { a.drawn = a.drawn && !changed }()
	switch m := m.(type) {
	case tea.WindowSizeMsg:
		a.w.width, a.w.height = m.Width, m.Height
	case tea.BackgroundColorMsg:
		a.w.dark = m.IsDark()
		a.w.restyle()
	case tea.ColorProfileMsg:
		a.w.profile = m.Profile
		a.w.restyle()
	case tea.KeyPressMsg:
		return a.press(m)
	case tea.MouseWheelMsg, tea.MouseClickMsg:
		return a.point(m)
	case tickMsg:
		var cmd tea.Cmd
		cmd, changed = a.tick(m)
		return cmd
	case linkedMsg:
		return a.linked(m)
	case unreachedMsg:
		a.w.link.err = m.err
		return a.redial()
	case lostMsg:
		return a.lost(m)
	case frameMsg:
		changed = false
	case redialMsg:
		changed = false
		return connect(a.ctx, a.opts.Dial, a.opts.Now)
	case eventsMsg:
		return a.events(m)
	case runsMsg:
		if m.link != a.w.link.number {
			return nil
		}
		if m.err != nil {
			a.fail(m.err)
			return nil
		}
		changed = a.w.book.merge(m.runs)
	case historyMsg:
		a.history(m)
	case startedMsg:
		return a.started(m)
	case doneMsg:
		if m.err != nil {
			a.fail(m.err)
		} else {
			a.say(m.said)
		}
		return a.remote.runs()
	case stoppedAllMsg:
		if m.err != nil {
			a.fail(m.err)
			return nil
		}
		return tea.Quit
	case renderedMsg:
		return a.rendered(m)
	case savedMsg:
		return a.saved(m)
	case tea.ResumeMsg, tea.EnvMsg, tea.KeyboardEnhancementsMsg, tea.ModeReportMsg:
		// Bubble Tea draws anew by itself.
	default:
		return a.pass(m)
	}
	return nil
}

// pass gives a message to the dialog and the screen.
func (a *App) pass(m tea.Msg) tea.Cmd {
	if a.dialog != nil {
		return a.act(a.dialog.take(a.w, m))
	}
	return a.act(a.screen.take(a.w, m))
}

// press finds out what a key means.
func (a *App) press(k tea.KeyPressMsg) tea.Cmd {
	a.notices.pressed()
	switch {
	case k.String() == "ctrl+z":
		return tea.Suspend
	case a.dialog != nil:
		return a.act(a.dialog.key(a.w, k))
	case a.screen.typing():
		if k.String() == "ctrl+c" {
			return a.quit()
		}
		return a.act(a.screen.key(a.w, k))
	}
	b, ok := lookup(bindings(), keyName(k), a.screen.places()...)
	if !ok {
		return nil
	}
	if why := a.can(b.do); why != "" {
		a.say("not now: " + why)
		return nil
	}
	return a.run(b.do)
}

// can says why a command is not possible now.
func (a *App) can(do command) string { return a.screen.can(a.w, do) }

// run carries out a command that holds everywhere, or leaves it to the screen.
func (a *App) run(do command) tea.Cmd {
	switch do {
	case cmdQuit:
		return a.quit()
	case cmdHelp:
		return a.act([]action{showHelp{}})
	case cmdNotices:
		return a.act([]action{showNotices{}})
	case cmdSuspend:
		return a.act([]action{suspend{}})
	case cmdRedraw:
		return a.act([]action{redraw{}})
	case cmdMouse:
		return a.act([]action{toggleMouse{}})
	}
	return a.act(a.screen.do(a.w, do))
}

// quit leaves at once when nothing goes on, else asks.
func (a *App) quit() tea.Cmd {
	if n := a.w.book.going(); n > 0 && a.w.link.up {
		a.dialog = leaving(n)
		return nil
	}
	return tea.Quit
}

// tick moves the clock. Nothing is drawn when nothing on the screen counts time.
func (a *App) tick(m tickMsg) (tea.Cmd, bool) {
	a.w.at(m.now)
	a.ticks++
	before := byteRate(a.w.rate)
	a.measure(m.sent)
	cmds := []tea.Cmd{tick(a.opts.Now, a.opts.Sent)}
	if a.w.link.up && a.ticks%5 == 0 {
		cmds = append(cmds, a.remote.runs())
	}
	if s, ok := a.screen.(*runScreen); ok && a.w.link.up && a.ticks%2 == 0 {
		cmds = append(cmds, a.act(s.follow(a.w)))
	}
	changed := !a.w.link.up || len(a.w.book.live()) > 0 || a.notices.shown || byteRate(a.w.rate) != before
	return tea.Batch(cmds...), changed
}

// rateTicks is over how many seconds the sent bytes are averaged, and how often
// the number on the screen changes.
const rateTicks = 5

func (a *App) measure(sent int64) {
	if sent < 0 {
		return
	}
	if a.ticks%rateTicks != 1 {
		return
	}
	a.sent = append(a.sent, sent)
	if n := len(a.sent); n >= 2 {
		a.w.rate = float64(a.sent[n-1]-a.sent[n-2]) / rateTicks
		a.sent = a.sent[n-1:]
	}
}

// linked begins to follow a supervisor.
func (a *App) linked(m linkedMsg) tea.Cmd {
	w := a.w
	w.at(m.now)
	w.info = m.info
	w.link = linkState{up: true, number: w.link.number + 1}
	a.remote = remote{ctx: a.ctx, link: w.link.number, client: m.client}
	for _, e := range w.book.runs {
		if e.curves != nil && e.curves.loading {
			e.curves = nil // the answer died with the old link
		}
	}
	w.book.merge(m.runs)
	a.feed = newFeed(a.ctx, w.link.number, m.client, w.book.seqs())
	cmds := []tea.Cmd{a.feed.watch, a.feed.next(a.opts.Now)}
	if a.starts != nil {
		cmds = append(cmds, a.act([]action{startRuns{*a.starts}}))
		a.starts = nil
	}
	return tea.Batch(cmds...)
}

// lost notes that the link is gone and dials again.
func (a *App) lost(m lostMsg) tea.Cmd {
	if m.link != a.w.link.number || !a.w.link.up {
		return nil
	}
	a.w.link.up, a.w.link.err, a.w.link.since, a.w.link.attempts = false, m.err, a.w.now, 0
	client := a.remote.client
	closing := func() tea.Msg {
		_ = client.Close() // it is gone
		return nil
	}
	return tea.Batch(closing, a.redial())
}

func (a *App) redial() tea.Cmd {
	if errors.Is(a.ctx.Err(), context.Canceled) {
		return nil
	}
	wait := backoff(a.w.link.attempts)
	a.w.link.attempts++
	return after(wait, redialMsg{})
}

// events folds a batch in and asks for the next.
func (a *App) events(m eventsMsg) tea.Cmd {
	if m.link != a.w.link.number || a.feed == nil {
		return nil
	}
	a.w.at(m.now)
	cmds := []tea.Cmd{a.feed.next(a.opts.Now)}
	if a.w.book.fold(m.events) {
		cmds = append(cmds, a.remote.runs())
	}
	if s, ok := a.screen.(*tableScreen); ok && slices.ContainsFunc(m.events, func(e run.Event) bool {
		return e.Type == run.EventState && e.State.Ended()
	}) {
		cmds = append(cmds, a.act(s.refresh()))
	}
	return tea.Batch(cmds...)
}

// history puts what is recorded of a run into its curves.
func (a *App) history(m historyMsg) {
	e := a.w.book.byID[m.id]
	if e == nil || e.curves == nil || !e.curves.loading || m.link != a.w.link.number {
		return
	}
	if m.err != nil {
		e.curves.loading = false
		e.curves.asked = a.ticks + retryTicks
		a.fail(m.err)
		return
	}
	e.curves.fill(e, m.history, a.w.smooth)
}
