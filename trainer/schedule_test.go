package trainer

import (
	"math"
	"testing"
)

func TestLearningRate(t *testing.T) {
	for _, c := range []struct {
		schedule    string
		step, steps int
		want        float64
	}{
		{"linear", 1, 100, 1},
		{"linear", 51, 100, 0.5},
		{"linear", 100, 100, 0.01},
		{"cosine", 1, 100, 1},
		{"cosine", 51, 100, 0.5},
		{"cosine", 26, 100, (1 + math.Sqrt2/2) / 2},
		{"constant", 77, 100, 1},
	} {
		if got := learningRate(c.schedule, 1, c.step, c.steps); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s step %d of %d: %g, want %g", c.schedule, c.step, c.steps, got, c.want)
		}
	}
}
