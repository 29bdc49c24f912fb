package configs

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// problem is a value that was read but cannot be used.
type problem struct {
	key string // "data.split.val", "models[2]"
	msg string
}

// problems checks a complete config: ranges, words, and what must fit together.
func (c *Config) problems() []problem {
	var ps []problem
	bad := func(key, format string, args ...any) {
		ps = append(ps, problem{key, fmt.Sprintf(format, args...)})
	}
	atLeast := func(key string, v, least int) {
		if v < least {
			bad(key, "%s: want at least %d, got %d", key, least, v)
		}
	}
	oneOf := func(key, v string, words ...string) {
		if !slices.Contains(words, v) {
			bad(key, "%s: want %s, got %q", key, either(words), v)
		}
	}

	if badName(c.Name) {
		bad("name", "name: %q cannot be part of a file's name", c.Name)
	}
	c.checkModels(bad)
	c.checkLabels(bad)
	c.checkData(bad)
	oneOf("head", c.Head, HeadMulti, HeadSingle)
	atLeast("batch_size", c.BatchSize, 1)
	atLeast("epochs", c.Epochs, 1)
	if c.LearningRate < 0 { // 0 is of use: it scores weights as they are
		bad("learning_rate", "learning_rate: want at least 0, got %g", c.LearningRate)
	}
	if c.WeightDecay < 0 {
		bad("weight_decay", "weight_decay: want at least 0, got %g", c.WeightDecay)
	}
	oneOf("lr_schedule", c.LRSchedule, ScheduleLinear, ScheduleConstant, ScheduleCosine)
	if len(c.Seeds) == 0 {
		bad("seeds", "seeds: empty: give at least one")
	}
	for i, s := range c.Seeds {
		if slices.Index(c.Seeds, s) < i {
			bad(fmt.Sprintf("seeds[%d]", i), "seeds: %d is there twice", s)
		}
	}
	if keys := metricKeys(c.Tasks); !slices.Contains(keys, c.BestMetric) {
		bad("best_metric", "best_metric: %q is no metric%s", c.BestMetric, orList(c.BestMetric, keys))
	}
	oneOf("engine", c.Engine, EngineAuto, EngineHost, EngineXLA)
	if c.Device != "" {
		oneOf("device", c.Device, DeviceCUDA, DeviceCPU)
	}
	oneOf("precision", c.Precision, FP32, BF16)
	atLeast("parallel", c.Parallel, 1)

	switch {
	case c.Device == DeviceCUDA && c.Engine == EngineHost:
		bad("device", "device: cuda and engine: host contradict each other: drop one")
	case c.Device == DeviceCPU && c.Engine == EngineXLA:
		bad("device", "device: cpu and engine: xla contradict each other: drop one")
	}
	if c.Precision == BF16 && c.EngineName() == EngineHost {
		bad("precision", "precision: bf16 needs the xla engine: the host engine computes in fp32")
	}
	return ps
}

func (c *Config) checkModels(bad func(key, format string, args ...any)) {
	known := Backbones()
	if len(c.Models) == 0 {
		bad("models", "models: empty: give at least one of %s", strings.Join(known, ", "))
	}
	for i, m := range c.Models {
		at := fmt.Sprintf("models[%d]", i)
		if !slices.Contains(known, m) {
			bad(at, "unknown backbone %q%s", m, orList(m, known))
		}
		if slices.Index(c.Models, m) < i {
			bad(at, "models: %s is there twice", m)
		}
	}
	for m := range c.Pretrained.Files {
		if !slices.Contains(known, m) {
			bad("pretrained."+m, "pretrained: unknown backbone %q%s", m, orList(m, known))
		}
	}
}

func (c *Config) checkLabels(bad func(key, format string, args ...any)) {
	if len(c.Tasks) == 0 {
		bad("label_names", "label_names: missing: give at least one task with its classes")
	}
	for _, t := range c.Tasks {
		key := "label_names." + t.Name
		switch {
		case t.Name == "":
			bad(key, "label_names: a task without a name")
		case strings.TrimSpace(t.Name) != t.Name:
			bad(key, "label_names: task %q: the name begins or ends with a space", t.Name)
		case strings.ContainsFunc(t.Name, unprintable):
			bad(key, "label_names: task %q: the name holds a control character", t.Name)
		case slices.Contains(reserved(), t.Name):
			bad(key, "label_names: task %q: the name is taken by a column or metric of that name: choose another", t.Name)
		}
		if len(t.Classes) == 0 {
			bad(key, "%s: empty: give at least one class", key)
		}
		first := map[string]int{}
		for i, class := range t.Classes {
			if j, twice := first[class]; twice {
				bad(fmt.Sprintf("%s[%d]", key, i), "%s: class %q is there twice (also index %d)", key, class, j)
				continue
			}
			first[class] = i
		}
	}
}

func (c *Config) checkData(bad func(key, format string, args ...any)) {
	d := c.Data
	var have, lack []string
	for _, f := range []struct{ key, path string }{
		{"data.train_csv", d.TrainCSV},
		{"data.val_csv", d.ValCSV},
		{"data.test_csv", d.TestCSV},
	} {
		if f.path == "" {
			lack = append(lack, f.key)
		} else {
			have = append(have, f.key)
		}
	}
	if len(have) > 0 && len(lack) > 0 {
		bad(have[0], "%s without %s: give all three", strings.Join(have, " and "), strings.Join(lack, " and "))
	}
	if d.ImageSize < 32 || d.ImageSize > 1024 {
		bad("data.image_size", "data.image_size: want 32 to 1024 pixels, got %d", d.ImageSize)
	}
	if d.FrequentOver < 0 {
		bad("data.frequent_over", "data.frequent_over: want at least 0, got %d", d.FrequentOver)
	}
	inside := true
	for _, f := range []struct {
		key   string
		share float64
	}{{"data.split.val", d.Split.Val}, {"data.split.test", d.Split.Test}} {
		if f.share <= 0 || f.share >= 1 {
			bad(f.key, "%s: want a share between 0 and 1, got %g", f.key, f.share)
			inside = false
		}
	}
	if inside && d.Split.Val+d.Split.Test >= 1 {
		bad("data.split", "data.split: val %g and test %g leave nothing to train on", d.Split.Val, d.Split.Test)
	}
	if g := d.Split.Group; g != GroupImage && g != GroupVideo {
		bad("data.split.group", "data.split.group: want image or video, got %q", g)
	}
}

// metricKeys lists what best_metric can be.
func metricKeys(tasks []Task) []string {
	keys := baseMetrics()
	for _, t := range tasks {
		keys = append(keys, "acc_"+t.Name)
	}
	for _, t := range tasks {
		keys = append(keys, "f1_"+t.Name)
	}
	return keys
}

func baseMetrics() []string {
	return []string{
		"loss", "macro_f1", "macro_f1_pooled", "macro_f1_tasks", "micro_f1",
		"partial_match", "mean_match", "exact_match",
	}
}

// reserved lists names that no task can have: a column of a task stands beside
// columns of these names.
func reserved() []string {
	return append(baseMetrics(), "image_path", "image", "video", "frame", "error", "step", "epoch", "split", "lr")
}

// badName reports whether a sweep's name would be trouble in a path.
func badName(name string) bool {
	return name == "" || len(name) > 100 || !utf8.ValidString(name) || strings.HasPrefix(name, ".") || strings.ContainsFunc(name, func(c rune) bool {
		return unprintable(c) || c == '/' || c == '\\'
	})
}

// either writes "a or b" or "a, b or c".
func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// orList suggests the nearest word, or else lists all.
func orList(word string, words []string) string {
	if s := didYouMean(word, words); s != "" {
		return s
	}
	return fmt.Sprintf(" (known: %s)", strings.Join(words, ", "))
}
