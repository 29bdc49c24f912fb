package metric

import (
	"fmt"
	"math"

	"github.com/backbone-sweep/sweep/sweep/run"
)

// Counter collects run.Counts over a split, batch by batch. It is not safe for
// concurrent use.
type Counter struct {
	classes []int
	counts  run.Counts
	loss    []float64 // per task: sum of cross-entropies
	scored  int64     // images that came with logits
	pred    [][]int32 // scratch of AddLogits, [task][image]
}

// NewCounter returns an empty counter for these tasks.
func NewCounter(tasks []run.Task) *Counter {
	c := &Counter{
		counts: run.Counts{Tasks: make([]run.TaskCounts, len(tasks)), Matched: make([]int64, len(tasks)+1)},
		loss:   make([]float64, len(tasks)),
		pred:   make([][]int32, len(tasks)),
	}
	for t, task := range tasks {
		C := len(task.Classes)
		c.classes = append(c.classes, C)
		c.counts.Tasks[t] = run.TaskCounts{Classes: C, Confusion: make([]int64, C*C)}
	}
	return c
}

// Add counts a batch of class indices, [task][image] each. An index outside the
// task's classes, or lengths that differ, are an error, and nothing is counted.
func (c *Counter) Add(truth, pred [][]int32) error {
	n, err := c.check(truth, pred)
	if err != nil {
		return err
	}
	for i := range n {
		right := 0
		for t, C := range c.classes {
			c.counts.Tasks[t].Confusion[int(truth[t][i])*C+int(pred[t][i])]++
			if truth[t][i] == pred[t][i] {
				right++
			}
		}
		c.counts.Matched[right]++
	}
	c.counts.Images += int64(n)
	return nil
}

// AddLogits counts a batch by its raw logits, logits[task] being images × classes
// in rows. The prediction is the largest logit, of equal ones the lowest index.
// The returned predictions, [task][image], are valid until the next call.
func (c *Counter) AddLogits(truth [][]int32, logits [][]float32) (pred [][]int32, err error) {
	if len(logits) != len(c.classes) {
		return nil, fmt.Errorf("metric: logits of %d tasks: want %d", len(logits), len(c.classes))
	}
	for t, C := range c.classes {
		if C == 0 || len(logits[t])%C != 0 {
			return nil, fmt.Errorf("metric: task %d: %d logits are no multiple of %d classes", t, len(logits[t]), C)
		}
		c.pred[t] = c.pred[t][:0]
		for row := range len(logits[t]) / C {
			c.pred[t] = append(c.pred[t], Argmax(logits[t][row*C:(row+1)*C]))
		}
	}
	if err := c.Add(truth, c.pred); err != nil {
		return nil, err
	}
	for t, C := range c.classes {
		for i, label := range truth[t] {
			c.loss[t] += crossEntropy(logits[t][i*C:(i+1)*C], label)
		}
	}
	if len(truth) > 0 {
		c.scored += int64(len(truth[0]))
	}
	return c.pred, nil
}

// AddScored counts a batch whose predictions and cross-entropies, [task][image]
// each, were computed elsewhere.
func (c *Counter) AddScored(truth, pred [][]int32, losses [][]float32) error {
	if len(losses) != len(c.classes) {
		return fmt.Errorf("metric: losses of %d tasks: want %d", len(losses), len(c.classes))
	}
	for t := range losses {
		if len(pred) == len(losses) && len(losses[t]) != len(pred[t]) {
			return fmt.Errorf("metric: task %d: %d losses and %d predictions", t, len(losses[t]), len(pred[t]))
		}
	}
	if err := c.Add(truth, pred); err != nil {
		return err
	}
	for t := range losses {
		for _, l := range losses[t] {
			c.loss[t] += float64(l)
		}
	}
	if len(truth) > 0 {
		c.scored += int64(len(truth[0]))
	}
	return nil
}

// Counts returns what was counted so far. A task's loss is its mean
// cross-entropy, NaN unless every image came with logits.
func (c *Counter) Counts() run.Counts {
	out := run.Counts{Images: c.counts.Images, Matched: append([]int64(nil), c.counts.Matched...)}
	for t, task := range c.counts.Tasks {
		task.Confusion = append([]int64(nil), task.Confusion...)
		task.Loss = math.NaN()
		if c.scored == c.counts.Images {
			task.Loss = c.loss[t] / float64(c.scored)
		}
		out.Tasks = append(out.Tasks, task)
	}
	return out
}

func (c *Counter) check(truth, pred [][]int32) (images int, err error) {
	if len(truth) != len(c.classes) || len(pred) != len(c.classes) {
		return 0, fmt.Errorf("metric: truth of %d and predictions of %d tasks: want %d of both", len(truth), len(pred), len(c.classes))
	}
	if len(truth) > 0 {
		images = len(truth[0])
	}
	for t, C := range c.classes {
		if len(truth[t]) != images || len(pred[t]) != images {
			return 0, fmt.Errorf("metric: task %d: %d labels and %d predictions: want %d of both", t, len(truth[t]), len(pred[t]), images)
		}
		for i := range images {
			if a, b := truth[t][i], pred[t][i]; a < 0 || int(a) >= C || b < 0 || int(b) >= C {
				return 0, fmt.Errorf("metric: task %d image %d: label %d, prediction %d: want 0…%d", t, i, a, b, C-1)
			}
		}
	}
	return images, nil
}

// Argmax returns the index of the largest value, of equal ones the lowest. A
// NaN never wins over a number.
func Argmax(row []float32) int32 {
	best := 0
	for i, v := range row {
		if v > row[best] || row[best] != row[best] && v == v {
			best = i
		}
	}
	return int32(best)
}

// crossEntropy is -log softmax(row)[label], with the maximum taken out first so
// that no exponential overflows.
func crossEntropy(row []float32, label int32) float64 {
	top := math.Inf(-1)
	for _, v := range row {
		top = max(top, float64(v))
	}
	var sum float64
	for _, v := range row {
		sum += math.Exp(float64(v) - top)
	}
	return math.Log(sum) + top - float64(row[label])
}
