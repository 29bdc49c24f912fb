package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	socketName = "sweep.sock"
	// pointerName is a file in the store that holds the socket's path where the
	// socket cannot be in the store itself.
	pointerName = "sweep.sock.path"
	// maxSocketPath is the longest path that every kernel takes: macOS has 104
	// bytes with the zero at the end, Linux 108.
	maxSocketPath = 103
)

// listen opens the socket of the store in dir, which the caller holds the lock
// of: what is there under the same name is left from a dead process. remove
// deletes it again.
func listen(dir string) (l *net.UnixListener, remove func(), err error) {
	path := filepath.Join(dir, socketName)
	pointer := filepath.Join(dir, pointerName)
	l, direct := listenAt(path)
	if direct == nil {
		if err := removeFile(pointer); err != nil {
			return nil, nil, errors.Join(err, l.Close())
		}
		return l, func() { _ = os.Remove(path) }, nil
	}
	// The path is too long, or the folder is on a file system without sockets.
	short, err := shortFolder()
	if err != nil {
		return nil, nil, errors.Join(direct, err)
	}
	path = filepath.Join(short, shortName(dir))
	l, err = listenAt(path)
	if err != nil {
		return nil, nil, errors.Join(direct, err)
	}
	if err := os.WriteFile(pointer, []byte(path+"\n"), 0o600); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("socket: %w", err), l.Close())
	}
	return l, func() { _, _ = os.Remove(pointer), os.Remove(path) }, nil
}

func listenAt(path string) (*net.UnixListener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("socket %s: the path has %d bytes, %d are allowed", path, len(path), maxSocketPath)
	}
	if err := removeFile(path); err != nil {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // another supervisor may have its own there by then
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("socket: %w", err), l.Close())
	}
	return l, nil
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("socket: remove what a former supervisor left: %w", err)
	}
	return nil
}

// shortFolder is a folder of this user alone with a short path.
func shortFolder() (string, error) {
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if !filepath.IsAbs(dir) || len(dir) > maxSocketPath/2 {
		dir = "/tmp"
	}
	dir = filepath.Join(dir, fmt.Sprintf("sweep-%d", os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("folder for the socket: %w", err)
	}
	// In /tmp anybody may have made it first.
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return "", fmt.Errorf("folder for the socket: %w", err)
	case !info.IsDir() || info.Mode().Perm() != 0o700 || !ownedByMe(info):
		return "", fmt.Errorf("folder for the socket: %s is not a folder of this user alone (mode 0700): remove it", dir)
	}
	return dir, nil
}

// shortName tells the sockets of several stores apart.
func shortName(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return hex.EncodeToString(sum[:8]) + ".sock"
}

// ErrNoSupervisor says that no supervisor serves the store.
var ErrNoSupervisor = errors.New("no supervisor serves this store")

// dialTimeout bounds how long a connection may take: the other end is this machine.
const dialTimeout = 5 * time.Second

// dialSocket connects to the supervisor of the store in dir. The error matches
// ErrNoSupervisor where none is there.
func dialSocket(ctx context.Context, dir string) (net.Conn, error) {
	path := filepath.Join(dir, socketName)
	if text, err := os.ReadFile(filepath.Join(dir, pointerName)); err == nil {
		path = strings.TrimSuffix(string(text), "\n")
	}
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("store %s: %w", dir, ErrNoSupervisor)
	}
	d := net.Dialer{Timeout: dialTimeout}
	c, err := d.DialContext(ctx, "unix", path)
	switch {
	case isNobody(err):
		return nil, fmt.Errorf("store %s: %w", dir, ErrNoSupervisor)
	case err != nil:
		return nil, fmt.Errorf("supervisor of store %s: %w", dir, err)
	}
	if err := checkPeer(c.(*net.UnixConn)); err != nil {
		return nil, errors.Join(fmt.Errorf("supervisor of store %s: %w", dir, err), c.Close())
	}
	return c, nil
}

// checkPeer refuses a process of another user at the other end; root may.
func checkPeer(c *net.UnixConn) error {
	uid, err := peerUser(c)
	if err != nil {
		return fmt.Errorf("who is at the other end of the socket: %w", err)
	}
	if uid != os.Getuid() && uid != 0 {
		return fmt.Errorf("user %d is at the other end of the socket", uid)
	}
	return nil
}

// peerListener accepts connections of this user's processes only.
type peerListener struct{ *net.UnixListener }

// Accept returns the next connection of this user.
func (l peerListener) Accept() (net.Conn, error) {
	for {
		c, err := l.AcceptUnix()
		if err != nil {
			return nil, err
		}
		if checkPeer(c) == nil {
			return c, nil
		}
		_ = c.Close()
	}
}
