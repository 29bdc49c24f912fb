package fetch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// part is a file that is not whole yet.
type part struct {
	f     *os.File
	path  string
	size  int64 // bytes that are there
	state state
}

// state is what is known of the source of a part.
type state struct {
	URL      string `json:"url"`
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	Total    int64  `json:"total"`            // bytes of the whole file, -1 where it is not known
	SHA256   string `json:"sha256,omitempty"` // that the server announced
}

// validator is what tells the server which version a part is of; empty for none.
// A weak ETag does not: it allows other bytes.
func (s state) validator() string {
	if s.ETag != "" && s.ETag[0] == '"' {
		return s.ETag
	}
	return s.Modified
}

func partPath(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".part")
}

// openPart opens or begins the part of a file and locks it.
func openPart(path string) (*part, error) {
	name := partPath(path)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", path, err)
	}
	p := &part{f: f, path: name, state: state{Total: -1}}
	if err := p.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("fetch %s: %w", path, err)
	}
	return p, nil
}

var errBusy = errors.New("another program is loading this file: wait for it, or stop it")

func (p *part) open() error {
	if err := unix.Flock(int(p.f.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return errBusy
	} else if err != nil {
		return fmt.Errorf("lock %s: %w", p.path, err)
	}
	mine, err := p.f.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Lstat(p.path); err != nil || !os.SameFile(mine, there) {
		return errBusy // it was finished, or thrown away, just now
	}
	p.size = mine.Size()
	raw, err := os.ReadFile(p.statePath())
	if err != nil || json.Unmarshal(raw, &p.state) != nil {
		p.state = state{Total: -1} // a part of nothing known
	}
	return nil
}

func (p *part) statePath() string { return p.path + ".json" }

// close leaves the part for the next call; an empty one goes.
func (p *part) close() {
	if p.size == 0 && p.f != nil {
		p.remove()
	}
	if p.f != nil {
		p.f.Close()
	}
}

// describe notes what the part is of.
func (p *part) describe(s state) error {
	if s == p.state {
		return nil
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := os.WriteFile(p.statePath(), raw, 0o644); err != nil {
		return err
	}
	p.state = s
	return nil
}

// restart throws away what is there.
func (p *part) restart() error {
	if err := os.Remove(p.statePath()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	p.state = state{Total: -1}
	return p.truncate()
}

func (p *part) truncate() error {
	if err := p.f.Truncate(0); err != nil {
		return err
	}
	p.size = 0
	return nil
}

func (p *part) write(b []byte) error {
	n, err := p.f.WriteAt(b, p.size)
	p.size += int64(n)
	return err
}

// reader reads the part from its beginning.
func (p *part) reader() io.Reader { return io.NewSectionReader(p.f, 0, p.size) }

// rename makes the part the file, durably.
func (p *part) rename(to string) error {
	if err := p.f.Sync(); err != nil {
		return err
	}
	if err := os.Rename(p.path, to); err != nil {
		return err
	}
	_ = os.Remove(p.statePath())
	err := p.f.Close()
	p.f = nil
	if dir, e := os.Open(filepath.Dir(to)); e == nil {
		_ = dir.Sync() // some file systems cannot
		dir.Close()
	}
	return err
}

// remove deletes the part.
func (p *part) remove() {
	_ = os.Remove(p.statePath())
	_ = os.Remove(p.path)
}
