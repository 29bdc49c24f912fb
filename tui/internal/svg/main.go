// Command svg draws golden frames of the terminal app as SVG pictures:
//
//	go run ./tui/internal/svg -out docs/pictures tui/testdata/runs_120x40.ansi …
//
// Lines, blocks and braille are drawn as shapes, so that the pictures look the
// same whatever fonts a reader has.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("out", ".", "folder for the pictures")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "svg:", err)
		os.Exit(1)
	}
}

func run(out string, frames []string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, path := range frames {
		frame, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".ansi"), "_")
		picture := draw(parse(strings.TrimRight(string(frame), "\n")))
		if err := os.WriteFile(filepath.Join(out, name+".svg"), []byte(picture), 0o644); err != nil {
			return err
		}
	}
	return nil
}
