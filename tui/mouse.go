package tui

import tea "charm.land/bubbletea/v2"

// wheelLines is how far a turn of the wheel moves a list.
const wheelLines = 3

// point passes the mouse on in the screen's own coordinates.
func (a *App) point(m tea.Msg) tea.Cmd {
	if a.dialog != nil {
		return nil
	}
	switch m := m.(type) {
	case tea.MouseWheelMsg:
		by := wheelLines
		if m.Button == tea.MouseWheelUp {
			by = -wheelLines
		}
		return a.act(a.screen.take(a.w, pointer{x: m.X, y: m.Y - 1, wheel: by}))
	case tea.MouseClickMsg:
		if m.Button == tea.MouseLeft {
			return a.act(a.screen.take(a.w, pointer{x: m.X, y: m.Y - 1}))
		}
	}
	return nil
}

// point moves the cursor to the row that was clicked, or scrolls.
func (s *runsScreen) point(w *world, p pointer) {
	if p.wheel != 0 {
		s.move(w, p.wheel)
		return
	}
	list := s.list(w)
	rows := s.rows(w, list)
	i := s.top + p.y - 1
	if p.y < 1 || p.y > s.page || i >= len(rows) || rows[i].run == nil {
		return
	}
	for k, e := range list {
		if e == rows[i].run {
			s.index, s.at, s.chosen = k, e.ID, true
		}
	}
}
