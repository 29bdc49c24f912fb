package tui

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/backbone-sweep/sweep/sweep"
)

// startScreen is the form that starts a sweep. What would happen is planned anew
// after every change and shown beside it.
type startScreen struct {
	config int
	models []modelBox
	seeds  field
	epochs field
	at     int // field under the cursor
	box    int // backbone under the cursor

	asks     int
	preview  sweep.Preview
	planned  bool
	planning bool
	base     int // ask whose plan fills the form: of a config just chosen; 0 none
	err      string
	starting bool
}

type modelBox struct {
	name string
	on   bool
}

// The fields of the form, from top to bottom.
const (
	atConfig = iota
	atModels
	atSeeds
	atEpochs
	atFields
)

func newStartScreen(w *world) *startScreen {
	s := &startScreen{}
	for _, m := range w.models {
		s.models = append(s.models, modelBox{name: m})
	}
	digits := func(more string) func(rune) bool {
		return func(r rune) bool { return (r < 128 && unicode.IsDigit(r)) || strings.ContainsRune(more, r) }
	}
	s.seeds.only, s.epochs.only = digits(", "), digits("")
	return s
}

func (s *startScreen) places() []place { return []place{onStart} }

// typing: the whole form takes keys itself, for its fields hold text.
func (s *startScreen) typing() bool { return s.at == atSeeds || s.at == atEpochs }

func (s *startScreen) wants(*world) ([]*entry, bool) { return nil, false }

func (s *startScreen) can(w *world, do command) string {
	switch do {
	case cmdSubmit:
		return s.canStart(w)
	case cmdData:
		if len(w.choices) == 0 {
			return "there is no config"
		}
	case cmdToggle:
		if s.at != atModels {
			return "it is for backbones"
		}
	}
	return ""
}

func (s *startScreen) canStart(w *world) string {
	switch {
	case !w.link.up:
		return "there is no connection"
	case len(w.choices) == 0:
		return "there is no config"
	case s.starting:
		return "it is being started"
	case s.planning || !s.planned:
		return "the plan is not there yet"
	case s.err != "":
		return s.err
	case len(s.preview.Problems) > 0:
		return plain(s.preview.Problems[0])
	}
	return ""
}

func (s *startScreen) do(w *world, do command) []action {
	switch do {
	case cmdDown:
		if s.at == atModels && s.box < len(s.models)-1 {
			s.box++
			return nil
		}
		s.at = min(s.at+1, atFields-1)
		s.box = 0
	case cmdUp:
		if s.at == atModels && s.box > 0 {
			s.box--
			return nil
		}
		s.at = max(0, s.at-1)
		if s.at == atModels {
			s.box = max(0, len(s.models)-1)
		}
	case cmdLeft, cmdRight:
		if s.at == atConfig && len(w.choices) > 0 {
			n := len(w.choices)
			s.config = (s.config + map[command]int{cmdLeft: n - 1, cmdRight: 1}[do]) % n
			return s.changed(w)
		}
		if s.at == atModels {
			return s.toggle()
		}
	case cmdToggle:
		return s.toggle()
	case cmdSubmit:
		s.starting = true
		return []action{startRuns{s.request(w)}}
	case cmdData:
		return []action{showData{request: s.request(w), from: s}}
	case cmdBack:
		return []action{showRuns{}}
	}
	return nil
}

func (s *startScreen) toggle() []action {
	if s.box < len(s.models) {
		s.models[s.box].on = !s.models[s.box].on
	}
	return s.edited()
}

// key edits seeds and epochs; what moves or starts does so there too.
func (s *startScreen) key(w *world, k tea.KeyPressMsg) []action {
	f := &s.seeds
	if s.at == atEpochs {
		f = &s.epochs
	}
	b, ok := lookup(bindings(), keyName(k), onStart)
	move := ok && b.at == onStart && !slices.Contains([]command{cmdLeft, cmdRight, cmdToggle, cmdData}, b.do)
	switch {
	case move:
		if why := s.can(w, b.do); why != "" {
			return []action{say{"not now: " + why}}
		}
		return s.do(w, b.do)
	case k.String() == "?" || k.String() == "f1":
		return []action{showHelp{}}
	case f.key(k):
		return s.edited()
	}
	return nil
}

// changed asks for the plan of a config as it stands, to fill the form from.
func (s *startScreen) changed(w *world) []action {
	if len(w.choices) == 0 {
		return nil
	}
	s.asks++
	s.base, s.planning, s.err, s.planned = s.asks, true, "", false
	c := w.choices[s.config]
	return []action{plan{ask: s.asks, request: sweep.StartRequest{Config: c.Config, Dir: w.dir, Demo: c.Demo}}}
}

// resumed plans again after another screen was shown, which has lost the answers
// that came meanwhile.
func (s *startScreen) resumed(w *world) []action {
	if s.planning && s.base == s.asks {
		return s.changed(w)
	}
	return s.edited()
}

// edited waits for the form to be left alone before it is planned.
func (s *startScreen) edited() []action {
	s.asks++
	s.base, s.planning = 0, true
	return []action{settle{s.asks}}
}

// request is what the form says.
func (s *startScreen) request(w *world) sweep.StartRequest {
	c := w.choices[s.config]
	r := sweep.StartRequest{Config: c.Config, Dir: w.dir, Demo: c.Demo}
	for _, m := range s.models {
		if m.on {
			r.Models = append(r.Models, m.name)
		}
	}
	for _, word := range strings.FieldsFunc(s.seeds.String(), func(r rune) bool { return r == ',' || r == ' ' }) {
		if n, err := strconv.ParseUint(word, 10, 64); err == nil {
			r.Seeds = append(r.Seeds, n)
		}
	}
	r.Epochs, _ = strconv.Atoi(s.epochs.String()) // empty: as the config says
	return r
}

// missing says what the form lacks; an empty list would mean the config's own.
func (s *startScreen) missing(r sweep.StartRequest) string {
	switch {
	case len(r.Models) == 0:
		return "choose a backbone"
	case len(r.Seeds) == 0:
		return "give a seed"
	case r.Epochs == 0:
		return "give a number of epochs"
	}
	return ""
}

func (s *startScreen) take(w *world, m tea.Msg) []action {
	switch m := m.(type) {
	case settledMsg:
		if m.ask != s.asks || len(w.choices) == 0 {
			return nil
		}
		r := s.request(w)
		if why := s.missing(r); why != "" {
			s.planning, s.planned, s.err = false, true, why
			return nil
		}
		return []action{plan{ask: s.asks, request: r}}
	case plannedMsg:
		if m.ask != s.asks {
			return nil
		}
		s.planning, s.planned, s.err = false, true, ""
		if m.err != nil {
			s.err = sentence(m.err)
			return nil
		}
		s.preview = m.preview
		if s.base == m.ask {
			s.fill(m.preview)
		}
	case startedMsg:
		s.starting = false
	case tea.PasteMsg:
		switch s.at {
		case atSeeds:
			s.seeds.insert(m.Content)
		case atEpochs:
			s.epochs.insert(m.Content)
		default:
			return nil
		}
		return s.edited()
	}
	return nil
}

// fill puts what a config says into the form.
func (s *startScreen) fill(p sweep.Preview) {
	for i := range s.models {
		s.models[i].on = false
	}
	var seeds []string
	for _, r := range p.Runs {
		i := slices.IndexFunc(s.models, func(m modelBox) bool { return m.name == r.Model })
		if i < 0 {
			s.models = append(s.models, modelBox{name: r.Model})
			i = len(s.models) - 1
		}
		s.models[i].on = true
		if seed := decimal(r.Seed); !slices.Contains(seeds, seed) {
			seeds = append(seeds, seed)
		}
	}
	s.seeds.set(strings.Join(seeds, ", "))
	s.epochs.set(strconv.Itoa(p.Epochs))
}
