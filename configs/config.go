package configs

import (
	"maps"
	"slices"
)

// Values of the keys that take one of a few words.
const (
	HeadMulti  = "multi"  // one linear layer a task
	HeadSingle = "single" // one linear layer for the logits of all tasks

	ScheduleLinear   = "linear"   // to zero per step, no warm-up
	ScheduleConstant = "constant" //
	ScheduleCosine   = "cosine"   // to zero per step, half a cosine

	GroupImage = "image" // every image is drawn on its own
	GroupVideo = "video" // no video in two splits

	EngineAuto = "auto" // xla where a GPU answers, else host
	EngineHost = "host"
	EngineXLA  = "xla"

	DeviceCUDA = "cuda" // engine auto that insists on a GPU
	DeviceCPU  = "cpu"  // the host engine

	FP32 = "fp32"
	BF16 = "bf16" // on the xla engine
)

// Config is one sweep as its file describes it, with defaults filled in and
// paths made absolute.
type Config struct {
	Name         string
	Models       []string // backbones, in the order of the table's columns
	Head         string
	Pretrained   Pretrained
	WeightsDir   string
	Data         Data
	Tasks        []Task // label_names and merge_labels, in the order of the file
	BatchSize    int
	Epochs       int
	LearningRate float64 // rate of the first step
	WeightDecay  float64
	LRSchedule   string
	Seeds        []uint64
	Augment      Augment
	BestMetric   string
	Engine       string
	Device       string // cuda, cpu or empty: see RequireGPU
	Precision    string
	Parallel     int // runs at a time

	// Source is the file as the caller named it, or the name of an embedded config.
	Source string
	// Notices are sentences for the user about keys that have no effect or
	// an effect that is easily overlooked.
	Notices []string

	folder string
	given  map[string]int // line of every key in the file: "data.split.val", "models[2]"
}

// Folder is where the relative paths of the config start; absolute.
func (c *Config) Folder() string { return c.folder }

// Pretrained says which weights the backbones start from.
type Pretrained struct {
	// Known looks for well-known file names in WeightsDir and in the caches of
	// torch and Hugging Face. False and without Files: random weights.
	Known bool
	// Files maps a backbone to its weight file; a backbone without one starts
	// from random weights.
	Files map[string]string
}

// Data says where the images are and how they are chosen and split. At most one
// of Dir, CSV and the three ready tables is set.
type Data struct {
	Dir      string // AI-Hub folder
	CSV      string // one table, to be split
	TrainCSV string
	ValCSV   string
	TestCSV  string

	ImageSize    int // pixels, width and height
	FrequentOver int // label combinations with more videos than this give one frame per video
	Split        Split
}

// Split is the share of images that goes to validation and test.
type Split struct {
	Val   float64 // of what the test split left
	Test  float64 // of all
	Group string
}

// Augment is what is done to training images.
type Augment struct {
	HFlip bool // mirror half of them
}

// Task is one label set as label_names lists it.
type Task struct {
	Name    string
	Classes []string
	// Merged maps a class to the one that it counts as (merge_labels).
	Merged map[string]string
}

// Kept lists the classes that are told apart: those that are not merged into
// another. The position of a class in it is its index.
func (t Task) Kept() []string {
	return slices.DeleteFunc(slices.Clone(t.Classes), func(class string) bool { return t.Merged[class] != "" })
}

// Backbones lists the networks that a config can name.
func Backbones() []string {
	return []string{"resnet18", "resnet50", "efficientnet_b4", "convnext_base"}
}

// defaults is a config without a line in it. Tasks and the source of the
// data have no default; the name is the file's.
func defaults() *Config {
	return &Config{
		Models:     Backbones(),
		Head:       HeadMulti,
		WeightsDir: "weights",
		Data: Data{
			ImageSize:    224,
			FrequentOver: 5,
			Split:        Split{Val: 0.15, Test: 0.15, Group: GroupImage},
		},
		BatchSize:    16,
		Epochs:       30,
		LearningRate: 5e-5,
		WeightDecay:  0.01,
		LRSchedule:   ScheduleLinear,
		Seeds:        []uint64{42},
		Augment:      Augment{HFlip: true},
		BestMetric:   "macro_f1",
		Engine:       EngineAuto,
		Precision:    FP32,
		Parallel:     1,
	}
}

// EngineName is the engine that the config asks for: auto, host or xla.
func (c *Config) EngineName() string {
	if c.Device == DeviceCPU {
		return EngineHost
	}
	return c.Engine
}

// RequireGPU reports whether falling back to the host engine would be against
// the config's `device: cuda`.
func (c *Config) RequireGPU() bool { return c.Device == DeviceCUDA }

// HasData reports whether the config names images to train on.
func (c *Config) HasData() bool {
	return c.Data.Dir != "" || c.Data.CSV != "" || c.Data.TrainCSV != ""
}

// NeedData returns an error when the config names no images; commands that
// train call it, those that only need the labels do not.
func (c *Config) NeedData() error {
	if c.HasData() {
		return nil
	}
	return &Error{
		Config: c.Source,
		Line:   c.given["data"],
		Msg:    "data: nothing to train on: give data.dir, data.csv, or data.train_csv with data.val_csv and data.test_csv",
	}
}

// WithDir returns a copy of the config that takes its images from an AI-Hub
// folder instead of what the file named.
func (c *Config) WithDir(dir string) *Config {
	d := c.clone()
	d.Data.Dir, d.Data.CSV, d.Data.TrainCSV, d.Data.ValCSV, d.Data.TestCSV = dir, "", "", "", ""
	return d
}

// clone copies what Override and WithDir may change.
func (c *Config) clone() *Config {
	d := *c
	d.Models = slices.Clone(c.Models)
	d.Seeds = slices.Clone(c.Seeds)
	d.Notices = slices.Clone(c.Notices)
	d.Pretrained.Files = maps.Clone(c.Pretrained.Files)
	return &d
}
