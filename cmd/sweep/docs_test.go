package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocumentedCommands holds the commands that README and docs show against
// the command tree: names, flags and number of arguments.
func TestDocumentedCommands(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sh\n(.*?)```")
	comment := regexp.MustCompile(`\s+#.*$`)
	n := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range block.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(b[1]) {
				line = comment.ReplaceAllString(strings.TrimSpace(line), "")
				line, _, _ = strings.Cut(line, " >")
				words, ok := strings.CutPrefix(line, "sweep")
				if !ok || words != "" && words[0] != ' ' {
					continue
				}
				n++
				cmd, rest, err := newRoot(&newConsole(t).env).Find(strings.Fields(words))
				if err == nil {
					err = cmd.ParseFlags(rest)
				}
				if err == nil {
					err = cmd.ValidateArgs(cmd.Flags().Args())
				}
				if err != nil {
					t.Errorf("%s: %s: %v", filepath.Base(page), line, err)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d commands found", n)
	}
}
