package configs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// labelMerge is one entry of merge_labels.
type labelMerge struct {
	task, from, into string
	line             int
}

func (m labelMerge) key() string { return "merge_labels." + m.task + "." + m.from }

// mergeLabels reads merge_labels: for each task a mapping from the class that
// disappears to the one that it counts as.
func (r *reader) mergeLabels() read {
	return func(path string, n *yaml.Node) {
		r.entries(path, n, func(task *yaml.Node, full string, classes *yaml.Node) {
			r.entries(full, classes, func(from *yaml.Node, at string, into *yaml.Node) {
				if s, ok := r.scalar(at, into, "a class name"); ok {
					r.merges = append(r.merges, labelMerge{target(task).Value, target(from).Value, s, from.Line})
				}
			})
		})
	}
}

// merge lays merge_labels over the tasks. It comes after label_names is read,
// wherever that stands in the file.
func (r *reader) merge(c *Config) {
	if r.bad["label_names"] || len(c.Tasks) == 0 {
		return // said already
	}
	var names []string
	for _, t := range c.Tasks {
		names = append(names, t.Name)
	}
	for _, m := range r.merges {
		fail := func(format string, args ...any) { r.fail(m.key(), m.line, format, args...) }
		i := slices.Index(names, m.task)
		if i < 0 {
			fail("merge_labels: no task %q%s", m.task, orList(m.task, names))
			continue
		}
		t := &c.Tasks[i]
		at := "merge_labels." + m.task
		known := func(class string) bool {
			if slices.Contains(t.Classes, class) {
				return true
			}
			fail("%s: %q is not in label_names.%s%s", at, class, m.task, didYouMean(class, t.Classes))
			return false
		}
		switch {
		case r.bad["label_names."+m.task]:
		case !known(m.from) || !known(m.into):
		case m.from == m.into:
			fail("%s: %q is merged into itself", at, m.from)
		default:
			if t.Merged == nil {
				t.Merged = map[string]string{}
			}
			t.Merged[m.from] = m.into
		}
	}
	for _, m := range r.merges {
		i := slices.Index(names, m.task)
		if i < 0 || r.bad[m.key()] {
			continue
		}
		if next := c.Tasks[i].Merged[m.into]; next != "" {
			r.fail(m.key(), m.line, "merge_labels.%s: %q is merged into %q, which is merged into %q itself: name the class that stays", m.task, m.from, m.into, next)
		}
	}
}

// mergeNode is merge_labels in its canonical form, or nil when nothing is merged.
func mergeNode(tasks []Task) *yaml.Node {
	n := mapping()
	for _, t := range tasks {
		if len(t.Merged) == 0 {
			continue
		}
		merged := mapping()
		for _, from := range slices.Sorted(maps.Keys(t.Merged)) {
			merged.Content = append(merged.Content, text(from), text(t.Merged[from]))
		}
		n.Content = append(n.Content, text(t.Name), merged)
	}
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

// MergeLine is the line of a config that counts a class as another.
func MergeLine(task, from, into string) string {
	n := mapping("merge_labels", mapping(task, mapping(from, text(into))))
	for flowed := n.Content[1]; flowed.Kind == yaml.MappingNode; flowed = flowed.Content[1] {
		flowed.Style = yaml.FlowStyle
	}
	b, _ := yaml.Marshal(n) // plain nodes
	return strings.TrimSpace(strings.ReplaceAll(string(b), "\n", " "))
}

// mergeNotices says what merge_labels does to the classes.
func (c *Config) mergeNotices(add func(key, format string, args ...any)) {
	for _, t := range c.Tasks {
		if len(t.Merged) == 0 {
			continue
		}
		var pairs []string
		for _, from := range slices.Sorted(maps.Keys(t.Merged)) {
			pairs = append(pairs, fmt.Sprintf("%q counts as %q", from, t.Merged[from]))
		}
		add("merge_labels."+t.Name, "merge_labels: %s: %s has %d classes instead of %d, and the indices of those behind move up",
			strings.Join(pairs, ", "), t.Name, len(t.Kept()), len(t.Classes))
	}
}
