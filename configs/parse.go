package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxSize bounds a config file, in bytes; a longer one is surely something else.
const maxSize = 1 << 20

// Parse reads a config. name stands in errors and gives the sweep its name when
// the text does not; relative paths in the text start at dir.
func Parse(name string, data []byte, dir string) (*Config, error) {
	r := &reader{name: name, given: map[string]int{}, bad: map[string]bool{}}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, &Error{Config: name, Msg: "the current folder is not known: " + err.Error(), Err: err}
	}
	r.dir = abs
	n, err := document(name, data)
	if err != nil {
		return nil, err
	}

	c := defaults()
	c.Source, c.folder, c.given = name, r.dir, r.given
	c.Name = defaultName(name)
	c.WeightsDir = r.resolve(c.WeightsDir)
	r.root = r.fields(c)
	r.mapping("", n, r.root)
	r.merge(c)
	r.exclusive()

	for _, p := range c.problems() {
		if !r.excused(p.key) {
			r.errs = append(r.errs, &Error{Config: name, Line: c.given[p.key], Msg: p.msg})
		}
	}
	if len(r.errs) > 0 {
		return nil, join(r.errs)
	}
	c.Notices = c.notices()
	if c.Data.TrainCSV != "" {
		c.Data.Split = defaults().Data.Split
	}
	return c, nil
}

// document returns the mapping at the top of the text.
func document(name string, data []byte) (*yaml.Node, error) {
	if len(data) > maxSize {
		return nil, &Error{Config: name, Msg: fmt.Sprintf("%d bytes: a config has at most %d", len(data), maxSize)}
	}
	if !utf8.Valid(data) {
		return nil, &Error{Config: name, Line: invalidLine(data), Msg: "not UTF-8: save the file as UTF-8 text"}
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := d.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, syntaxError(name, data, err)
	}
	if len(doc.Content) == 0 || target(doc.Content[0]).Tag == "!!null" {
		return nil, &Error{Config: name, Msg: "empty: label_names at least must be given"}
	}
	top := target(doc.Content[0])
	if top.Kind != yaml.MappingNode {
		return nil, &Error{Config: name, Line: top.Line, Msg: "want keys and values, got " + describe(top)}
	}
	var more yaml.Node
	switch err := d.Decode(&more); {
	case errors.Is(err, io.EOF):
		return top, nil
	case err != nil:
		return nil, syntaxError(name, data, err)
	default:
		return nil, &Error{Config: name, Line: more.Line, Msg: "a second document begins here: a config is one"}
	}
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

func syntaxError(name string, data []byte, err error) error {
	e := &Error{Config: name, Err: err}
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		e.Line, _ = strconv.Atoi(m[1]) // digits by the expression
		msg = msg[len(m[0]):]
	}
	starts := func(prefix string) bool { return strings.HasPrefix(msg, prefix) }
	switch {
	case starts("unknown anchor"), starts("control characters"): // no line known
	case slices.ContainsFunc(parserMessages(), starts) && e.Line > 0:
		e.Line++ // where the block or list begins that is broken
		msg += ", in this line or below"
	case e.Line == 0:
		e.Line = 1
	}
	if starts("found a tab") || starts("found character that cannot start any token") {
		if line := tabLine(data, e.Line); line > 0 {
			e.Line, msg = line, "a tab indents this line: use spaces"
		}
	}
	// What is never closed is missed behind the last line.
	e.Line = min(e.Line, 1+bytes.Count(bytes.TrimRight(data, " \t\r\n"), []byte("\n")))
	e.Msg = "no valid YAML: " + msg
	return e
}

// tabLine finds the first line from the given one on that a tab indents, or 0:
// yaml.v3 names the line of the last word before it.
func tabLine(data []byte, from int) int {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]
		if line >= from && bytes.ContainsRune(indent, '\t') && len(bytes.TrimSpace(text)) > 0 {
			return line
		}
	}
	return 0
}

// parserMessages lists how the messages begin for which yaml.v3 counts lines
// from 0; for all others it counts from 1, and leaves line 1 out.
func parserMessages() []string {
	return []string{
		"did not find expected key", "did not find expected node content", "did not find expected '-'",
		"did not find expected ','", "did not find expected <", "found undefined tag handle",
		"found duplicate %", "found incompatible YAML",
	}
}

func invalidLine(data []byte) int {
	line := 1
	for text := range bytes.Lines(data) {
		if !utf8.Valid(text) {
			return line
		}
		line++
	}
	return 0
}

// fields is the table of all keys.
func (r *reader) fields(c *Config) []field {
	return []field{
		{key: "name", read: r.text(&c.Name)},
		{key: "models", read: r.models(c)},
		{key: "model_name", read: r.modelName(c)},
		{key: "head", read: r.text(&c.Head)},
		{key: "pretrained", read: r.pretrained(c)},
		{key: "weights_dir", read: r.path(&c.WeightsDir)},
		r.block("data", []field{
			{key: "dir", read: r.path(&c.Data.Dir)},
			{key: "csv", read: r.path(&c.Data.CSV)},
			{key: "train_csv", read: r.path(&c.Data.TrainCSV)},
			{key: "val_csv", read: r.path(&c.Data.ValCSV)},
			{key: "test_csv", read: r.path(&c.Data.TestCSV)},
			{key: "image_size", read: r.int(&c.Data.ImageSize)},
			{key: "frequent_over", read: r.int(&c.Data.FrequentOver)},
			r.block("split", []field{
				{key: "val", read: r.float(&c.Data.Split.Val)},
				{key: "test", read: r.float(&c.Data.Split.Test)},
				{key: "group", read: r.text(&c.Data.Split.Group)},
			}),
		}),
		{key: "label_names", read: r.labelNames(c)},
		{key: "merge_labels", read: r.mergeLabels()},
		{key: "batch_size", read: r.int(&c.BatchSize)},
		{key: "epochs", read: r.int(&c.Epochs)},
		{key: "learning_rate", read: r.float(&c.LearningRate)},
		{key: "weight_decay", read: r.float(&c.WeightDecay)},
		{key: "lr_schedule", read: r.text(&c.LRSchedule)},
		{key: "seed", read: r.oneSeed(c)},
		{key: "seeds", read: r.seeds(c)},
		r.block("augment", []field{{key: "hflip", read: r.bool(&c.Augment.HFlip)}}),
		{key: "best_metric", read: r.text(&c.BestMetric)},
		{key: "engine", read: r.text(&c.Engine)},
		{key: "device", read: r.text(&c.Device)},
		{key: "precision", read: r.text(&c.Precision)},
		{key: "parallel", read: r.int(&c.Parallel)},
		{key: "save_path", read: func(string, *yaml.Node) {}},
		{key: "best_model_path", read: func(string, *yaml.Node) {}},
	}
}

func (r *reader) models(c *Config) read {
	return func(path string, n *yaml.Node) {
		c.Models = nil
		r.list(path, n, "a list of backbones", func(at string, n *yaml.Node) {
			s, ok := r.scalar(at, n, "a backbone's name")
			if !ok {
				r.bad[path] = true
			}
			c.Models = append(c.Models, s)
		})
	}
}

func (r *reader) modelName(c *Config) read {
	return func(path string, n *yaml.Node) {
		if s, ok := r.scalar(path, n, "a backbone's name"); ok {
			c.Models = []string{s}
			r.given["models[0]"] = n.Line
		}
	}
}

func (r *reader) oneSeed(c *Config) read {
	return func(path string, n *yaml.Node) {
		if s, ok := r.seed(path, n); ok {
			c.Seeds = []uint64{s}
		}
	}
}

func (r *reader) seeds(c *Config) read {
	return func(path string, n *yaml.Node) {
		c.Seeds = nil
		r.list(path, n, "a list of whole numbers", func(at string, n *yaml.Node) {
			s, ok := r.seed(at, n)
			if !ok {
				r.bad[path] = true
			}
			c.Seeds = append(c.Seeds, s)
		})
	}
}

func (r *reader) pretrained(c *Config) read {
	return func(path string, n *yaml.Node) {
		if b, ok := boolean(n); ok {
			c.Pretrained.Known = b
			return
		}
		if n.Kind != yaml.MappingNode {
			r.wrongType(path, n, "true, false or a mapping from backbones to files")
			return
		}
		c.Pretrained.Files = map[string]string{}
		r.entries(path, n, func(key *yaml.Node, full string, value *yaml.Node) {
			if file, ok := r.scalar(full, value, "a path"); ok {
				c.Pretrained.Files[target(key).Value] = r.resolve(file)
			}
		})
	}
}

func (r *reader) labelNames(c *Config) read {
	return func(path string, n *yaml.Node) {
		r.entries(path, n, func(key *yaml.Node, full string, value *yaml.Node) {
			task := Task{Name: target(key).Value}
			r.list(full, value, "a list of classes", func(at string, n *yaml.Node) {
				s, ok := r.scalar(at, n, "a class name")
				if !ok {
					r.bad[full] = true
				}
				task.Classes = append(task.Classes, s)
			})
			c.Tasks = append(c.Tasks, task)
		})
	}
}

// exclusive reports keys that shut each other out.
func (r *reader) exclusive() {
	for _, keys := range [][]string{
		{"models", "model_name"},
		{"seeds", "seed"},
		{"data.dir", "data.csv", "data.train_csv"},
	} {
		var have []string
		for _, k := range keys {
			if r.given[k] > 0 {
				have = append(have, k)
			}
		}
		if len(have) < 2 {
			continue
		}
		last := have[0]
		for _, k := range have {
			if r.given[k] > r.given[last] {
				last = k
			}
		}
		r.fail(last, r.given[last], "%s exclude each other: keep one", strings.Join(have, " and "))
	}
}

// excused reports whether a problem of the finished config follows from an error
// already reported: the value at the key, or one that its check rests on, was
// not read.
func (r *reader) excused(key string) bool {
	for bad := range r.bad {
		if bad == key || strings.HasPrefix(bad, key+".") || strings.HasPrefix(key, bad+"[") {
			return true
		}
		if key == "best_metric" && bad == "label_names" {
			return true
		}
	}
	return false
}

func (r *reader) resolve(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(r.dir, path)
}

func unprintable(c rune) bool {
	return unicode.IsControl(c) || c == '\uFEFF' || c == '\u2028' || c == '\u2029'
}

// defaultName is the file's name without folder and extension.
func defaultName(file string) string {
	base := filepath.Base(file)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	if badName(base) {
		return "sweep"
	}
	return base
}
