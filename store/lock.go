package store

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// openLocked opens the file and takes its lock: exclusive for a writer, which
// creates the file when it is missing, else shared. It gives up after timeout
// with a LockedError. The lock ends with the file's last descriptor.
func openLocked(path string, readOnly bool, timeout time.Duration) (*os.File, error) {
	flags, how := os.O_RDWR|os.O_CREATE, syscall.LOCK_EX
	if readOnly {
		flags, how = os.O_RDONLY, syscall.LOCK_SH
	}
	deadline := time.Now().Add(timeout)
	for {
		f, err := os.OpenFile(path, flags, 0o600)
		if err != nil {
			return nil, err
		}
		err = lockUntil(f, how, deadline)
		if err != nil {
			f.Close()
			return nil, err
		}
		// While we waited the holder may have put a compacted file in its place.
		same, err := isAt(f, path)
		if err == nil && same {
			return f, nil
		}
		f.Close()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
}

func lockUntil(f *os.File, how int, deadline time.Time) error {
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		left := time.Until(deadline)
		if left <= 0 {
			return holder(f)
		}
		time.Sleep(min(wait, left))
	}
}

func isAt(f *os.File, path string) (bool, error) {
	mine, err := f.Stat()
	if err != nil {
		return false, err
	}
	there, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	return os.SameFile(mine, there), nil
}

// holder looks up who holds the lock on f. Linux lists locks in /proc/locks;
// elsewhere the holder stays unknown.
func holder(f *os.File) *LockedError {
	e := &LockedError{Path: f.Name()}
	info, err := f.Stat()
	if err != nil {
		return e
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return e
	}
	list, err := os.Open("/proc/locks")
	if err != nil {
		return e
	}
	defer list.Close()
	suffix := fmt.Sprintf(":%d", st.Ino)
	for s := bufio.NewScanner(list); s.Scan(); {
		// 1: FLOCK  ADVISORY  WRITE 4711 fe:00:1234 0 EOF
		w := strings.Fields(s.Text())
		if len(w) < 6 || w[1] != "FLOCK" || !strings.HasSuffix(w[5], suffix) {
			continue
		}
		pid, err := strconv.Atoi(w[4])
		if err != nil || pid <= 0 {
			continue
		}
		e.PID, e.Writer = pid, w[3] == "WRITE"
		if name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil {
			e.Name = strings.TrimSpace(string(name))
		}
		return e
	}
	return e
}
