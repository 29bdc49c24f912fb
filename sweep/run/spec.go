package run

import "time"

// Task is one label set: every image has one of its classes.
type Task struct {
	Name    string   `json:"name"`
	Classes []string `json:"classes"` // the position is the class index
	// Merged maps labels of the data that are no classes to the class that they
	// count as.
	Merged map[string]string `json:"merged,omitempty"`
}

// Heads of a network.
const (
	HeadMulti  = "multi"  // one linear layer a task
	HeadSingle = "single" // one linear layer for the logits of all tasks
)

// Spec is everything a worker needs to know to train one run. Paths are absolute.
type Spec struct {
	ID     string `json:"id"`
	Sweep  string `json:"sweep"`
	Launch string `json:"launch"` // the runs of one start of a sweep share it
	Model  string `json:"model"`
	Seed   uint64 `json:"seed"`
	Head   string `json:"head"`
	Tasks  []Task `json:"tasks"`
	Data   Data   `json:"data"`

	Pretrained string `json:"pretrained,omitempty"` // weight file to start from; empty = random

	BatchSize    int     `json:"batch_size"`
	Epochs       int     `json:"epochs"`
	LearningRate float64 `json:"learning_rate"`
	WeightDecay  float64 `json:"weight_decay"`
	Schedule     string  `json:"lr_schedule"` // linear | constant | cosine
	HFlip        bool    `json:"hflip"`
	BestMetric   string  `json:"best_metric"`

	Engine    string `json:"engine"`           // auto | host | xla
	Plugin    string `json:"plugin,omitempty"` // PJRT plugin of the xla engine; empty: the worker searches
	Precision string `json:"precision"`        // fp32 | bf16

	Parallel int `json:"parallel,omitempty"` // runs that may be worked on at a time, this one among them; 0: what the supervisor has

	ConfigDigest string `json:"config_digest"`
	Config       string `json:"config"` // the resolved config as YAML
	Version      string `json:"version"`

	Dir    string `json:"dir"`              // folder for checkpoints and resume state
	Resume bool   `json:"resume,omitempty"` // continue from the resume state in Dir
}

// Data says which images a run sees and how they are split.
type Data struct {
	Dir      string `json:"dir,omitempty"` // AI-Hub folder, or
	CSV      string `json:"csv,omitempty"` // one table to be split, or
	TrainCSV string `json:"train_csv,omitempty"`
	ValCSV   string `json:"val_csv,omitempty"`
	TestCSV  string `json:"test_csv,omitempty"`
	Base     string `json:"base,omitempty"` // where relative paths in a table start that its own folder does not have

	ImageSize    int     `json:"image_size"`
	FrequentOver int     `json:"frequent_over"`
	Val          float64 `json:"val"`
	Test         float64 `json:"test"`
	Group        string  `json:"group"` // image | video
	Seed         uint64  `json:"seed"`  // of the frame choice and the split: the sweep's first seed
	AllowSkips   bool    `json:"allow_skips,omitempty"`

	Prepared string `json:"prepared"` // parent folder of prepared data sets (split files and image caches)
}

// Best is the best epoch so far by the run's selection metric on the validation split.
type Best struct {
	Epoch  int     `json:"epoch"`
	Metric string  `json:"metric"`
	Value  float64 `json:"value"`
}

// Provenance says what a result rests on.
type Provenance struct {
	ConfigDigest  string `json:"config"`
	DataDigest    string `json:"data"`
	WeightsDigest string `json:"weights"` // SHA-256 of the pretrained file; empty: random weights
	Version       string `json:"version"`
	Engine        string `json:"engine"`
	Device        string `json:"device"`
}

// Record is a run as the store knows it.
type Record struct {
	Spec       Spec       `json:"spec"`
	State      State      `json:"state"`
	Reason     string     `json:"reason,omitempty"`
	StateAt    time.Time  `json:"state_at"`
	Created    time.Time  `json:"created"`
	Started    time.Time  `json:"started,omitzero"`
	Ended      time.Time  `json:"ended,omitzero"`
	Epoch      int        `json:"epoch"` // last epoch with a validation result
	Step       int        `json:"step"`  // last recorded step
	Steps      int        `json:"steps"` // planned steps of the whole run; 0 = not known yet
	Seq        int64      `json:"seq"`   // sequence number of the last event
	Best       *Best      `json:"best,omitempty"`
	Provenance Provenance `json:"provenance"`
	Process    Process    `json:"process,omitzero"` // the worker, while one lives
}

// Process identifies a process beyond the reuse of its pid.
type Process struct {
	PID   int    `json:"pid"`
	Start uint64 `json:"start"` // start time as the kernel counts it
}
