// Package parity compares an engine with PyTorch: for each backbone it knows
// features, logits, losses, the gradient of every parameter, running statistics
// and ten AdamW losses, computed by PyTorch 2.15 and timm 1.0.31 in float64.
//
// Weights, images and labels are a formula of tensor names (formula.go), so no
// weight file is needed. Check runs the whole comparison; it is meant for tests.
package parity

// Subject is a network under test: one model, one batch size, one set of
// weights. Pixels are normalised already, [N,S,S,3]; labels are [task][image].
type Subject interface {
	// Evaluate runs the network with running statistics. Features [N,F] may be
	// nil where the engine does not show them; logits are [task], [N,classes] each.
	Evaluate(pixels []float32) (features []float32, logits [][]float32, err error)

	// Differentiate runs the network with batch statistics on the first weights.
	Differentiate(pixels []float32, labels [][]int32) (*Pass, error)

	// Step is one AdamW step; it returns the loss of each task before it.
	Step(pixels []float32, labels [][]int32, lr float64) (losses []float64, err error)

	Close() error
}

// Pass is what one training pass computes. Tensors are in the graph's layout.
type Pass struct {
	Logits    [][]float32          // [task], [N,classes]; nil where the engine does not show them
	Losses    []float64            // per task
	Gradients map[string][]float32 // of the summed loss, by parameter
	Running   map[string][]float32 // buffers after the pass
}

// WeightDecay is that of the ten steps, on every parameter.
const WeightDecay = 0.01
