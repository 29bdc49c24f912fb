package sweep

import (
	"context"
	"time"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Client is all that a screen can ask of a supervisor. Dial returns one that
// talks to the supervisor of a store; tests put their own in its place. Methods
// may be called from many goroutines.
type Client interface {
	// Info says who is at the other end.
	Info(ctx context.Context) (Info, error)
	// Runs lists all runs of the store, the oldest first.
	Runs(ctx context.Context) ([]Status, error)
	// History returns everything recorded of a run so far.
	History(ctx context.Context, id string) (History, error)
	// Watch calls f with every event of every run whose number is above after[run]
	// (0 for runs not in it), in the order of each run, in batches: first what is
	// recorded, then what comes. It returns ctx's error, f's, or that the
	// supervisor is gone. Whoever is slow gets larger batches and slows nobody.
	Watch(ctx context.Context, after map[string]int64, f func([]run.Event) error) error
	// Log returns up to the last n lines of a run's log.
	Log(ctx context.Context, id string, n int) ([]string, error)

	// Plan says what starting a sweep would do, and what stands in its way.
	Plan(ctx context.Context, r StartRequest) (Preview, error)
	// Start submits a sweep and returns its launch.
	Start(ctx context.Context, r StartRequest) (launch string, err error)
	// Stop asks a run to finish its step, save and end.
	Stop(ctx context.Context, id string) error
	// StopAll asks all runs to; nothing that waits is started.
	StopAll(ctx context.Context) error
	// Resume continues a run that ended before it was done.
	Resume(ctx context.Context, id string) error
	// Remove deletes an ended run, its weights and its files.
	Remove(ctx context.Context, id string) error

	// Look counts the images that a sweep would see; nothing is decoded or made.
	Look(ctx context.Context, r StartRequest) (run.Overview, error)

	// Compare returns the comparison table of the selected runs.
	Compare(ctx context.Context, sel Selection, by By) (Comparison, error)
	// Export renders it as a file of one of Formats().
	Export(ctx context.Context, sel Selection, by By, format string) ([]byte, error)

	// Close ends the connection; the supervisor goes on.
	Close() error
}

// Info describes a supervisor.
type Info struct {
	Version  string    `json:"version"`
	PID      int       `json:"pid"`
	Started  time.Time `json:"started"`
	StoreDir string    `json:"store_dir"`
	Device   string    `json:"device"` // what auto would train on; empty while that is not known yet
	Clients  int       `json:"clients"`
}

// Status is a run as lists show it, with what only a supervisor knows.
type Status struct {
	Listing
	Launch  string     `json:"launch"`
	StateAt time.Time  `json:"state_at"`
	Seq     int64      `json:"seq"` // of the last event
	Tasks   []run.Task `json:"tasks"`
	Config  string     `json:"config"` // resolved, as YAML
	LogPath string     `json:"log_path"`
	// LastEvent is when the worker last said something; zero without a worker.
	// A screen shows "silent for 40 s" from it, not "running".
	LastEvent time.Time `json:"last_event,omitzero"`
}

// History is what is recorded of a run, in columns: a run of 50,000 steps is
// a few slices. All step columns have the same length.
type History struct {
	Seq   int64 // of the last event that is part of it
	Step  []int32
	Epoch []int32
	LR    []float64
	Loss  []float64   // NaN where there is no value
	Tasks [][]float64 // loss of each task, [task][step]
	Speed []float32   // images per second
	Wait  []float32   // share of the step spent waiting for data, 0…1

	Epochs []run.Event // validation and test events, with Values and Counts
}

// StartRequest asks for a sweep. Config is a file or the name of an embedded
// one; the rest is laid over it where set.
type StartRequest struct {
	Config string   `json:"config"`
	Dir    string   `json:"dir"`            // of the asking process: where relative names start
	Demo   bool     `json:"demo,omitempty"` // on the demo's own data set, made when it is missing
	Models []string `json:"models,omitempty"`
	Seeds  []uint64 `json:"seeds,omitempty"`
	Epochs int      `json:"epochs,omitempty"`
	Engine string   `json:"engine,omitempty"`
	Plugin string   `json:"plugin,omitempty"` // PJRT plugin, absolute

	AllowSkips bool `json:"allow_skips,omitempty"`
}

// Preview is what a start would do.
type Preview struct {
	Name     string    `json:"name"`
	Runs     []Planned `json:"runs"`
	Epochs   int       `json:"epochs"`
	Parallel int       `json:"parallel"`
	Engine   string    `json:"engine"`
	Device   string    `json:"device"`
	Images   Images    `json:"images"`   // zero while the data are not prepared
	Notes    []string  `json:"notes"`    // what will happen, in sentences
	Problems []string  `json:"problems"` // why it cannot start; empty when it can
}

// Planned is a run of a Preview.
type Planned struct {
	Model  string `json:"model"`
	Seed   uint64 `json:"seed"`
	Memory int64  `json:"memory"` // bytes a worker needs; 0 unknown
}

// Comparison is a Table ready to be shown.
type Comparison struct {
	Sweep   string             `json:"sweep"`
	By      By                 `json:"by"`
	Columns []ComparisonColumn `json:"columns"`
	Rows    []ComparisonRow    `json:"rows"`
	Pairs   []Pair             `json:"pairs"` // of column keys that the test images cannot tell apart
}

// ComparisonColumn heads a column.
type ComparisonColumn struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	N     int    `json:"n"` // runs with test values
}

// ComparisonRow is a metric over the columns.
type ComparisonRow struct {
	Key   string           `json:"key"`
	Title string           `json:"title"`
	Cells []ComparisonCell `json:"cells"`
}

// ComparisonCell is one value as it is shown; "–" where there is none.
type ComparisonCell struct {
	Text  string  `json:"text"`
	Value float64 `json:"-"` // mean, for sorting; NaN where there is none
	Best  bool    `json:"best"`
}
