package data

import (
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
