package trainer

import "math"

// learningRate is the rate of a step. step counts from 1 to steps; step 1 has the full rate.
//
//	linear    base·(1 - (step-1)/steps): falls to zero after the last step, no warm-up
//	cosine    base·(1 + cos(π·(step-1)/steps))/2
//	constant  base
func learningRate(schedule string, base float64, step, steps int) float64 {
	done := float64(step-1) / float64(steps)
	switch schedule {
	case "linear":
		return base * (1 - done)
	case "cosine":
		return base * (1 + math.Cos(math.Pi*done)) / 2
	default:
		return base
	}
}
