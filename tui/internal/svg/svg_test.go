package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFrameBecomesShapesAndLetters(t *testing.T) {
	got := draw(parse("\x1b[1;38;5;203m한a\x1b[0m│\x1b[48;5;237m x\x1b[m⠁<"))
	for what, want := range map[string]string{
		"wide letter, then the next two cells on": `font-weight="bold" x="10 26">한a</text>`,
		"a colour of the cube":                    `fill="#ff5f5f"`,
		"a grey ground under two cells":           `<rect x="42" y="10" width="16" height="17" fill="#3a3a3a"/>`,
		"a line as a shape":                       "M37.5 10h1v9h-1z",
		"a braille dot as a shape":                "M59 11.12h2v2h-2z",
		"markup escaped":                          "&lt;</text>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s: no %s in\n%s", what, want, got)
		}
	}
}

func TestEveryGoldenFrameIsWellFormed(t *testing.T) {
	frames, err := filepath.Glob("../../testdata/*.ansi")
	if err != nil || len(frames) == 0 {
		t.Fatalf("no golden frames: %v", err)
	}
	for _, path := range frames {
		frame, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(strings.NewReader(draw(parse(string(frame)))))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
	}
}

// make pictures must have been run since the frames changed.
func TestPicturesAreCurrent(t *testing.T) {
	pictures, err := filepath.Glob("../../../docs/pictures/*.svg")
	if err != nil || len(pictures) == 0 {
		t.Fatalf("no pictures: %v", err)
	}
	for _, path := range pictures {
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".svg")
		frame, err := os.ReadFile("../../testdata/" + name + "_120x40.ansi")
		if err != nil {
			t.Fatal(err)
		}
		if draw(parse(strings.TrimRight(string(frame), "\n"))) != string(have) {
			t.Errorf("%s is not what make pictures draws", path)
		}
	}
}
