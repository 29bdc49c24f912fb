package configs

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// read stores the value n of the key at path, or reports what is wrong with it.
type read func(path string, n *yaml.Node)

// field is one key of a mapping.
type field struct {
	key    string
	read   read
	fields []field // of a nested mapping
}

// reader walks the nodes of one file and collects its errors.
type reader struct {
	name  string
	dir   string         // absolute; relative paths start here
	given map[string]int // line of every key and list item
	root  []field        // for suggestions across levels
	errs  []*Error
	bad   map[string]bool // paths with an error

	merges []labelMerge // of merge_labels, in order
}

func (r *reader) fail(path string, line int, format string, args ...any) {
	r.bad[path] = true
	r.errs = append(r.errs, &Error{Config: r.name, Line: line, Msg: printable(fmt.Sprintf(format, args...))})
}

// printable writes control characters, which a key may hold, as escapes: a message
// is one line.
func printable(s string) string {
	var b strings.Builder
	for _, c := range s {
		if unicode.IsControl(c) {
			quoted := strconv.QuoteRune(c)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (r *reader) wrongType(path string, n *yaml.Node, want string) {
	r.fail(path, n.Line, "%s: want %s, got %s", path, want, describe(n))
}

// mapping reads the keys of n, a mapping at path, into fields.
func (r *reader) mapping(path string, n *yaml.Node, fields []field) {
	r.entries(path, n, func(key *yaml.Node, full string, value *yaml.Node) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == key.Value })
		if i < 0 {
			r.fail(full, key.Line, "unknown key %q%s", full, r.suggest(path, key.Value, fields))
			return
		}
		fields[i].read(full, value)
	})
}

// entries calls visit for each key of a mapping, in order, with the key's full
// path. Keys given twice are reported and visited once.
func (r *reader) entries(path string, n *yaml.Node, visit func(key *yaml.Node, full string, value *yaml.Node)) {
	n = target(n)
	if n.Kind != yaml.MappingNode {
		r.wrongType(path, n, "a mapping")
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := target(n.Content[i]), target(n.Content[i+1])
		if key.Kind != yaml.ScalarNode {
			r.fail(path, n.Content[i].Line, "a key must be a word, got %s", describe(key))
			continue
		}
		full := key.Value
		if path != "" {
			full = path + "." + key.Value
		}
		if line, twice := first[key.Value]; twice {
			r.fail(full, n.Content[i].Line, "duplicate key %q (first on line %d)", full, line)
			continue
		}
		first[key.Value] = n.Content[i].Line
		r.given[full] = n.Content[i].Line
		visit(n.Content[i], full, value)
	}
}

// suggest finds the key that was meant: a near one of the same mapping, or one
// of that very name elsewhere.
func (r *reader) suggest(path, key string, fields []field) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.key)
	}
	if n := nearest(key, names); n != "" {
		if path != "" {
			n = path + "." + n
		}
		return fmt.Sprintf(" (did you mean %q?)", n)
	}
	if full := find(r.root, "", key); full != "" {
		return fmt.Sprintf(" (did you mean %q?)", full)
	}
	return fmt.Sprintf(" (known here: %s)", strings.Join(names, ", "))
}

func find(fields []field, path, key string) string {
	for _, f := range fields {
		full := path + f.key
		if f.key == key {
			return full
		}
		if deep := find(f.fields, full+".", key); deep != "" {
			return deep
		}
	}
	return ""
}

func (r *reader) block(key string, fields []field) field {
	return field{key, func(path string, n *yaml.Node) { r.mapping(path, n, fields) }, fields}
}

// list calls visit for every item of a list and records the items' lines.
func (r *reader) list(path string, n *yaml.Node, want string, visit func(path string, n *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.wrongType(path, n, want)
		return
	}
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		r.given[at] = item.Line
		visit(at, target(item))
	}
}

func (r *reader) text(dst *string) read {
	return func(path string, n *yaml.Node) {
		if s, ok := r.scalar(path, n, "text"); ok {
			*dst = s
		}
	}
}

// scalar returns the text of a plain value, whatever YAML takes it for: 2024 is
// a fine name and 1 a fine class.
func (r *reader) scalar(path string, n *yaml.Node, want string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.wrongType(path, n, want)
		return "", false
	}
	if strings.TrimSpace(n.Value) == "" {
		r.fail(path, n.Line, "%s: want %s, got empty text", path, want)
		return "", false
	}
	if strings.ContainsFunc(n.Value, unprintable) {
		r.fail(path, n.Line, "%s: %q holds a control character", path, n.Value)
		return "", false
	}
	return n.Value, true
}

func (r *reader) path(dst *string) read {
	return func(path string, n *yaml.Node) {
		if s, ok := r.scalar(path, n, "a path"); ok {
			*dst = r.resolve(s)
		}
	}
}

func (r *reader) bool(dst *bool) read {
	return func(path string, n *yaml.Node) {
		b, ok := boolean(n)
		if !ok {
			r.wrongType(path, n, "true or false")
			return
		}
		*dst = b
	}
}

func boolean(n *yaml.Node) (value, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		return false, false
	}
	return strings.EqualFold(n.Value, "true"), true
}

// decimal is the one way to write a whole number: YAML's octal, hexadecimal and
// underscored forms are more often slips than meant.
var decimal = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)

func (r *reader) whole(path string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Style&quoted != 0 || !decimal.MatchString(n.Value) {
		r.wrongType(path, n, "a whole number")
		return "", false
	}
	return n.Value, true
}

func (r *reader) int(dst *int) read {
	return func(path string, n *yaml.Node) {
		s, ok := r.whole(path, n)
		if !ok {
			return
		}
		v, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			r.fail(path, n.Line, "%s: %s is out of range", path, s)
			return
		}
		*dst = int(v)
	}
}

func (r *reader) seed(path string, n *yaml.Node) (uint64, bool) {
	s, ok := r.whole(path, n)
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 10, 64)
	if err != nil {
		r.fail(path, n.Line, "%s: want 0 to 18446744073709551615, got %s", path, s)
	}
	return v, err == nil
}

// float also takes 5e-05 without a point, which some YAML readers hold for text.
func (r *reader) float(dst *float64) read {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Style&quoted != 0 {
			r.wrongType(path, n, "a number")
			return
		}
		v, err := strconv.ParseFloat(n.Value, 64)
		if errors.Is(err, strconv.ErrRange) {
			r.fail(path, n.Line, "%s: %s is out of range", path, n.Value)
			return
		}
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(n.Value, "_xX") {
			r.wrongType(path, n, "a number")
			return
		}
		*dst = v
	}
}

const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// target follows an alias to its node.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// describe says what a node is, for "got …".
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Tag == "!!null":
		return "nothing"
	case n.Tag == "!!int" || n.Tag == "!!float" || n.Tag == "!!bool":
		return n.Value
	}
	s := n.Value
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return strconv.Quote(s)
}
