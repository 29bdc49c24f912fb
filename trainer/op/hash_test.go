package op

import (
	"bytes"
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// text records what is hashed.
type text struct{ bytes.Buffer }

func (*text) Sum([]byte) []byte { return nil }
func (*text) Size() int         { return 4 }
func (*text) BlockSize() int    { return 1 }

func TestNoTwoOperationsShareAHash(t *testing.T) {
	var instances []*Applied
	shapes := [][]tensor.Shape{
		{{2, 3}}, {{23}}, {{2, 3}, {4}}, {{2}, {3, 4}}, {{2, 3, 4}}, {{2, 3}, {}},
	}
	operations := []Operation{
		Conv{1, 1, 1},
		Conv{1, 11, 1},
		Conv{11, 1, 1},
		Conv{1, 1, 2},
		Conv{2, 1, 1},
		ConvInputGrad{Conv{1, 1, 1}, 5, 4},
		ConvInputGrad{Conv{1, 1, 1}, 4, 5},
		ConvInputGrad{Conv{1, 1, 2}, 4, 5},
		ConvWeightGrad{Conv{1, 1, 1}, 5, 4},
		ConvWeightGrad{Conv{1, 1, 1}, 4, 5},
		Dense{},
		DenseInputGrad{},
		DenseWeightGrad{},
		RowSum{},
		Row{0},
		Row{1},
		Stack{},
		BatchNorm{1e-5},
		BatchNorm{1e-6},
		BatchNorm{1.0000001e-5},
		BatchStats{},
		BatchNormSums{1e-5},
		BatchNormInputGrad{1e-5},
		FrozenBatchNorm{1e-5},
		BatchNormFactor{1e-5},
		LayerNormed{1e-5},
		LayerNormInputGrad{1e-5},
		LayerNormSums{1e-5},
		Pool{3, 2, 1},
		Pool{3, 1, 2},
		Pool{2, 3, 1},
		PoolGrad{3, 2, 1},
		SpatialMean{},
		SpatialMeanGrad{1, 12},
		SpatialMeanGrad{11, 2},
		Sum{},
		Gate{},
		GateGrad{},
		Scale{},
		ScaleGrad{},
		Rectifier{},
		RectifierGrad{},
		Logistic{},
		LogisticGrad{},
		Swish{},
		SwishGrad{},
		GaussianUnit{},
		GaussianUnitGrad{},
		SoftmaxLoss{},
		SoftmaxLossGrad{},
		Slice{1, 12},
		Slice{11, 2},
		Pad{1, 12},
		Pad{11, 2},
	}
	for _, o := range operations {
		for _, in := range shapes {
			for salt := range 2 {
				instances = append(instances, &Applied{Operation: o, In: in, salt: salt})
			}
		}
	}
	texts, sums := map[string]string{}, map[uint32]string{}
	for _, a := range instances {
		var written text
		a.WriteHash(&written)
		name := fmt.Sprintf("%v of %v (%d)", a, a.In, a.salt)
		if other, ok := texts[written.String()]; ok {
			t.Errorf("%s and %s write the same", name, other)
		}
		if other, ok := sums[a.Hashcode()]; ok {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		texts[written.String()], sums[a.Hashcode()] = name, name
	}
}

// TestNodesWhoseHashesCollideStayApart uses two inputs whose 32-bit hashes are
// equal, found by trying. Gorgonia alone would give both the same ReLU.
func TestNodesWhoseHashesCollideStayApart(t *testing.T) {
	g := gorgonia.NewGraph()
	x, y := input(g, "x1539599", 2, 3), input(g, "x1722382", 2, 3)
	if x == y || x.Hashcode() != y.Hashcode() {
		t.Fatalf("the hashes are %x and %x: want two nodes with one hash", x.Hashcode(), y.Hashcode())
	}
	a, err := ReLU(x)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReLU(y)
	if err != nil {
		t.Fatal(err)
	}
	if Children(a)[0] != x || Children(b)[0] != y {
		t.Error("the two were merged")
	}
	if c, err := ReLU(y); err != nil || c != b {
		t.Errorf("the second is made anew (%v)", err)
	}
}
