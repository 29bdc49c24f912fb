package engine

// AdamW's constants (Loshchilov and Hutter 2019). The weight decay of the Spec
// applies to every parameter.
const (
	Beta1   = 0.9
	Beta2   = 0.999
	Epsilon = 1e-8
)
