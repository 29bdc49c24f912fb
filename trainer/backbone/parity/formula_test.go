package parity

import (
	"math"
	"testing"

	"github.com/backbone-sweep/sweep/trainer/rng"
)

// The bits that the formula must give, worked out beside the fixtures.
func TestFormula(t *testing.T) {
	if got := rng.Hash("input"); got != 0x1ebbae8f5810b65b {
		t.Errorf("hash %x", got)
	}
	for i, want := range []uint64{0x190a9f76a9bd8bf6, 0x25c12863d0b8abeb, 0x92f732caa1d8e699} {
		if got := mix("input", i); got != want {
			t.Errorf("mix(input,%d) = %x, want %x", i, got, want)
		}
	}
	f := &Fixture{Model: "resnet18", Gain: 1.375, Input: "input", ImageSize: 64}
	for _, c := range []struct {
		name  string
		shape []int
		want  []uint32
	}{
		{"conv1.weight", []int{64, 3, 7, 7}, []uint32{0x3c911064, 0xbe2b0bc4, 0x3e390f1c}},
		{"bn1.weight", []int{64}, []uint32{0x3f770d95, 0x3f7d753a}},
		{"bn1.bias", []int{64}, []uint32{0xbda7d5e6, 0xbde31f00}},
		{"layer1.0.bn2.weight", []int{64}, []uint32{0x3e849f14, 0x3e82c45b}},
		{"bn1.running_mean", []int{64}, []uint32{0x3d7013a4, 0xbd05a254}},
		{"bn1.running_var", []int{64}, []uint32{0x3f848dc9, 0x3f807c77}},
		{"stages.0.blocks.0.gamma", []int{128}, []uint32{0x3dc4f0a9, 0x3dc21dfb}},
	} {
		v := f.tensor(c.name, c.shape)
		for i, want := range c.want {
			if got := math.Float32bits(v[i]); got != want {
				t.Errorf("%s[%d] = %08x, want %08x", c.name, i, got, want)
			}
		}
	}
	for x, want := range []uint32{0x3ed0639e, 0x3ee9d0b0, 0x3f621e62} {
		if got := math.Float32bits(f.Pixels(1)[x*3]); got != want {
			t.Errorf("pixel %d is %08x, want %08x", x, got, want)
		}
	}
}
