package data

import (
	"errors"
	"fmt"
	"slices"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Part is one of the three parts of a data set.
type Part string

// The parts, as files and events spell them.
const (
	Train Part = "train"
	Val   Part = "val"
	Test  Part = "test"
)

// Parts lists them in their usual order.
func Parts() []Part { return []Part{Train, Val, Test} }

// Image is one prepared image: a chosen frame or a row of a CSV file.
type Image struct {
	Path   string  `json:"path"`  // absolute path of the source file
	Video  string  `json:"video"` // id of its video; for CSV its folder
	Frame  int     `json:"frame"` // frame number; for CSV 0
	Labels []int32 `json:"labels"`
}

// Prepared is a data set ready for training: decoded images in a memory-mapped
// cache, their labels and their split. It may be used by many goroutines until
// it is closed.
type Prepared struct {
	Dir        string     // folder with train.csv, val.csv, test.csv, split.json, skipped.csv and the cache; "" in memory
	Size       int        // images are Size×Size
	Tasks      []run.Task //
	Images     []Image    // [n] in cache order
	DataDigest string     // hex SHA-256 over labels, split and pixels
	Report     *Report
	Skips      []Skip

	pixels []byte   // [n, Size, Size, 3]
	sums   []uint32 // [n] CRC-32C
	parts  map[Part][]int32
	close  func() error
}

// Part returns the cache positions of a part's images in ascending order. The
// slice is shared: do not write to it.
func (p *Prepared) Part(part Part) []int32 { return p.parts[part] }

// Pixels returns image i: Size·Size·3 bytes, valid until Close. Do not write to it.
func (p *Prepared) Pixels(i int) []byte {
	n := imageBytes(p.Size)
	return p.pixels[i*n : (i+1)*n : (i+1)*n]
}

// AllPixels returns the whole cache [n, Size, Size, 3], valid until Close. Do
// not write to it.
func (p *Prepared) AllPixels() []byte { return p.pixels }

// Close unmaps the cache. Batches and pixels must not be used afterwards, and
// loaders must be closed before.
func (p *Prepared) Close() error {
	if p.close == nil {
		return nil
	}
	f := p.close
	p.close, p.pixels = nil, nil
	return f()
}

// NewMemory makes a data set of images that are already in memory: pixels is
// [n, size, size, 3], parts hold positions in images.
func NewMemory(size int, tasks []run.Task, images []Image, pixels []byte, parts map[Part][]int32) (*Prepared, error) {
	if size <= 0 || len(pixels) != len(images)*imageBytes(size) {
		return nil, fmt.Errorf("data set in memory: %d bytes for %d images of %d×%d", len(pixels), len(images), size, size)
	}
	p := &Prepared{Size: size, Tasks: tasks, Images: images, pixels: pixels, parts: map[Part][]int32{}}
	for i, img := range images {
		if len(img.Labels) != len(tasks) {
			return nil, fmt.Errorf("data set in memory: image %d has %d labels for %d tasks", i, len(img.Labels), len(tasks))
		}
	}
	for part, index := range parts {
		index = slices.Sorted(slices.Values(index))
		if len(index) > 0 && (index[0] < 0 || int(index[len(index)-1]) >= len(images)) {
			return nil, errors.New("data set in memory: a part holds an image that does not exist")
		}
		p.parts[part] = index
	}
	sums := make([]imageSum, len(images))
	for i := range images {
		sums[i] = sumOf(p.Pixels(i))
		p.sums = append(p.sums, sums[i].crc)
	}
	p.DataDigest = dataDigest(p, sums)
	return p, nil
}

func imageBytes(size int) int { return size * size * 3 }
