package configs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"
)

// YAML writes the config with every default and absolute paths, always in the
// same order and form; Parse reads it back to the same config.
func (c *Config) YAML() string {
	top := mapping(
		"name", text(c.Name),
		"models", flow(texts(c.Models)),
		"head", text(c.Head),
		"pretrained", c.Pretrained.node(),
		"weights_dir", text(c.WeightsDir),
		"data", c.Data.node(),
		"label_names", labelNode(c.Tasks),
	)
	if merged := mergeNode(c.Tasks); merged != nil {
		top.Content = append(top.Content, text("merge_labels"), merged)
	}
	top.Content = append(top.Content, mapping(
		"batch_size", whole(c.BatchSize),
		"epochs", whole(c.Epochs),
		"learning_rate", number(c.LearningRate),
		"weight_decay", number(c.WeightDecay),
		"lr_schedule", text(c.LRSchedule),
		"seeds", flow(seedNodes(c.Seeds)),
		"augment", mapping("hflip", truth(c.Augment.HFlip)),
		"best_metric", text(c.BestMetric),
		"engine", text(c.Engine),
	).Content...)
	if c.Device != "" {
		top.Content = append(top.Content, text("device"), text(c.Device))
	}
	top.Content = append(top.Content,
		text("precision"), text(c.Precision),
		text("parallel"), whole(c.Parallel))

	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	// Neither can fail: the nodes are plain and the writer is memory.
	_ = e.Encode(top)
	_ = e.Close()
	return b.String()
}

// Digest is the SHA-256, in hex, of what bears on a run's result beside its
// backbone and seed, its data and its first weights: those are recorded with the
// run, the latter two by digests of their own. So it depends neither on folders
// nor on how many runs there are or on which engine they go.
func (c *Config) Digest() string {
	d := *c
	d.Name, d.Models, d.Seeds, d.Parallel = "", nil, nil, 0
	d.Engine, d.Device = "", ""
	d.WeightsDir = ""
	d.Pretrained = Pretrained{Known: c.Pretrained.Known || len(c.Pretrained.Files) > 0}
	d.Data.Dir, d.Data.CSV, d.Data.TrainCSV, d.Data.ValCSV, d.Data.TestCSV = "", "", "", "", ""
	sum := sha256.Sum256([]byte(d.YAML()))
	return hex.EncodeToString(sum[:])
}

func (p Pretrained) node() *yaml.Node {
	if p.Files == nil {
		return truth(p.Known)
	}
	n := mapping()
	for _, model := range slices.Sorted(maps.Keys(p.Files)) {
		n.Content = append(n.Content, text(model), text(p.Files[model]))
	}
	return n
}

func (d Data) node() *yaml.Node {
	n := mapping()
	for _, f := range []struct{ key, path string }{
		{"dir", d.Dir},
		{"csv", d.CSV},
		{"train_csv", d.TrainCSV},
		{"val_csv", d.ValCSV},
		{"test_csv", d.TestCSV},
	} {
		if f.path != "" {
			n.Content = append(n.Content, text(f.key), text(f.path))
		}
	}
	n.Content = append(n.Content,
		text("image_size"), whole(d.ImageSize),
		text("frequent_over"), whole(d.FrequentOver))
	if d.TrainCSV == "" { // ready tables are the split
		n.Content = append(n.Content, text("split"), mapping(
			"val", number(d.Split.Val), "test", number(d.Split.Test), "group", text(d.Split.Group)))
	}
	return n
}

func labelNode(tasks []Task) *yaml.Node {
	n := mapping()
	for _, t := range tasks {
		n.Content = append(n.Content, text(t.Name), &yaml.Node{Kind: yaml.SequenceNode, Content: texts(t.Classes)})
	}
	return n
}

// mapping makes a node of keys (string) and values (*yaml.Node) in turn.
func mapping(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Content = append(n.Content, text(pairs[i].(string)), pairs[i+1].(*yaml.Node))
	}
	return n
}

func flow(items []*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: items}
}

func texts(all []string) []*yaml.Node {
	nodes := make([]*yaml.Node, len(all))
	for i, s := range all {
		nodes[i] = text(s)
	}
	return nodes
}

func seedNodes(seeds []uint64) []*yaml.Node {
	nodes := make([]*yaml.Node, len(seeds))
	for i, s := range seeds {
		nodes[i] = scalar("!!int", strconv.FormatUint(s, 10))
	}
	return nodes
}

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

func text(s string) *yaml.Node { return scalar("!!str", s) }

func whole(v int) *yaml.Node { return scalar("!!int", strconv.Itoa(v)) }

func number(v float64) *yaml.Node { return scalar("!!float", strconv.FormatFloat(v, 'g', -1, 64)) }

func truth(v bool) *yaml.Node { return scalar("!!bool", strconv.FormatBool(v)) }
