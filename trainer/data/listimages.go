package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// LoadImage decodes one image file to size×size RGB bytes, as the cache holds them.
func LoadImage(path string, size int) ([]byte, error) {
	px := make([]byte, imageBytes(size))
	if err := NewImageReader(size).Load(px, path); err != nil {
		return nil, err
	}
	return px, nil
}

// ListImages returns the paths of the .jpg, .jpeg and .png files (in any case of
// letters) directly in a folder, sorted by name. Names that begin with a dot are
// left out.
func ListImages(dir string) ([]string, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, inputErrorf(dir, "a file: give a folder, or - and the names of files on stdin")
	}
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, &InputError{On: dir, What: "the folder cannot be read", Err: err}
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && isImageName(e.Name()) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if len(paths) == 0 {
		return nil, inputErrorf(dir, "the folder holds no .jpg, .jpeg or .png file")
	}
	return paths, nil
}

// maxPathBytes bounds a line of a list of images; no system has longer paths.
const maxPathBytes = 32 << 10

// ReadImageList returns the paths that a list names, one a line, in its order.
// Empty lines and a byte-order mark are read over.
func ReadImageList(r io.Reader) ([]string, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxPathBytes)
	var paths []string
	n := 0
	for lines.Scan() {
		n++
		line := strings.TrimSuffix(lines.Text(), "\r")
		if n == 1 {
			line = strings.TrimPrefix(line, string(utf8BOM))
		}
		switch {
		case line == "":
		case strings.ContainsRune(line, 0):
			return nil, inputErrorf(fmt.Sprintf("list of images, line %d", n), "holds a zero byte: want a path a line")
		default:
			paths = append(paths, line)
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, inputErrorf(fmt.Sprintf("list of images, line %d", n+1), "longer than %d bytes: want a path a line", maxPathBytes)
		}
		return nil, &InputError{On: "list of images", What: "cannot be read", Err: err}
	}
	if len(paths) == 0 {
		return nil, inputErrorf("list of images", "empty: want a path a line")
	}
	return paths, nil
}

func isImageName(name string) bool {
	if strings.HasPrefix(name, ".") {
		return false
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}
