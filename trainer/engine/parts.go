package engine

import (
	"time"

	"github.com/backbone-sweep/sweep/trainer/data"
)

// What follows are abilities that a Program may have besides.

// Resident is a program that can keep a data set on its device.
type Resident interface {
	// Load hands over all images, Size·Size·3 bytes each, one after the other.
	// From then on the Index of a batch counts, and its Pixels may be absent. It
	// may take a while: it also readies the program for its first step.
	Load(images int, pixels []byte) error
}

// Queue is a program that computes while its caller goes on.
type Queue interface {
	// Submit queues a step and returns when there is room for the next. The batch
	// may be changed afterwards. After an error nothing is computed any more.
	Submit(b *data.Batch, lr float64) error

	// Finish calls each with the losses of the steps that have ended since the
	// last call, in order and valid during the call; with all set, it first waits
	// for all that were submitted. Steps after one whose loss is not finite may
	// have been computed; that one left the state as it was.
	Finish(all bool, each func(losses []float64)) error

	// Idle is how long the device has waited between submitted steps so far.
	Idle() time.Duration
}

// Scorer is a program that judges its predictions on the device.
type Scorer interface {
	// ScoreBatch is the most images that Score takes at a time.
	ScoreBatch() int

	// Score predicts the class of every image and computes its cross-entropy
	// against the batch's labels, [task][image] each, with running statistics.
	Score(b *data.Batch, classes [][]int32, losses [][]float32) error
}
