package configs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/backbone-sweep/sweep/configs"
)

const spellings = "label_names: {action: [arch, walk, 허리를 아치로 세움, lie], mood: [calm]}\n"

func TestMergeLabels(t *testing.T) {
	plain := parse(t, spellings)
	// merge_labels may stand before the labels that it names.
	c := parse(t, "merge_labels: {action: {허리를 아치로 세움: arch}}\n"+spellings)
	if got := c.Tasks[0].Kept(); !slices.Equal(got, []string{"arch", "walk", "lie"}) {
		t.Errorf("classes %q", got)
	}
	if got := c.Tasks[0].Classes; len(got) != 4 {
		t.Errorf("label_names lost classes: %q", got)
	}
	if len(c.Notices) != 1 || !strings.Contains(c.Notices[0], `t.yaml:1: merge_labels: "허리를 아치로 세움" counts as "arch": action has 3 classes instead of 4`) {
		t.Errorf("notices %q", c.Notices)
	}
	if c.Digest() == plain.Digest() {
		t.Error("with merge_labels the config has the digest of one without")
	}
	fixedPoint(t, c)
	if strings.Contains(plain.YAML(), "merge_labels") {
		t.Error("merge_labels is not off by default")
	}
}

// What is suggested is a line that a config can have.
func TestMergeLineIsRead(t *testing.T) {
	for _, c := range []struct{ task, from, into string }{
		{"action", "허리를 아치로 세움", "arch"},
		{"situation", "먹을것, 장난감이 앞에 있을 때", "a: b"},
		{"x", "- {", "'\"#"},
		{"x", "true", "1"},
	} {
		line := configs.MergeLine(c.task, c.from, c.into)
		if strings.Contains(line, "\n") {
			t.Errorf("more than a line: %q", line)
		}
		text := configs.MergeLine(c.task, c.from, c.into) + "\nlabel_names:\n  " + c.task + ": ['" +
			strings.ReplaceAll(c.from, "'", "''") + "', '" + strings.ReplaceAll(c.into, "'", "''") + "']\n"
		if got := parse(t, text).Tasks[0].Merged; got[c.from] != c.into {
			t.Errorf("%s reads as %v", line, got)
		}
	}
	if got, want := configs.MergeLine("action", "허리를 아치로 세움", "허리를 아치로 세우는 동작"),
		"merge_labels: {action: {허리를 아치로 세움: 허리를 아치로 세우는 동작}}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
