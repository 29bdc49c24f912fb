package data

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
)

// Pillow's own output for the same input; every byte must agree.
func TestResizeAgreesWithPillow(t *testing.T) {
	b, err := os.ReadFile("testdata/resize.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixture struct {
		Cases []struct {
			Width, Height, Size int
			Kind                string
			Input, Output       []int
		}
	}
	if err := json.Unmarshal(b, &fixture); err != nil {
		t.Fatal(err)
	}
	if len(fixture.Cases) != 8 {
		t.Fatalf("%d cases, want 8", len(fixture.Cases))
	}
	var r Resizer // one for all: buffers of an earlier size must not show
	for _, c := range fixture.Cases {
		t.Run(fmt.Sprintf("%s %dx%d to %d", c.Kind, c.Width, c.Height, c.Size), func(t *testing.T) {
			r.Size = c.Size
			got := make([]byte, imageBytes(c.Size))
			r.Resize(got, c.Width, c.Height, func(y int, rgb []byte) {
				for i := range 3 * c.Width {
					rgb[i] = byte(c.Input[y*3*c.Width+i])
				}
			})
			want := make([]byte, len(c.Output))
			for i, v := range c.Output {
				want[i] = byte(v)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestResizeToTheSameSizeCopies(t *testing.T) {
	src := make([]byte, imageBytes(5))
	for i := range src {
		src[i] = byte(i * 37)
	}
	r := Resizer{Size: 5}
	got := make([]byte, len(src))
	r.Resize(got, 5, 5, func(y int, rgb []byte) { copy(rgb, src[y*15:(y+1)*15]) })
	if !slices.Equal(got, src) {
		t.Errorf("got %v, want %v", got, src)
	}
}
