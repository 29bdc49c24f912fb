package data

import (
	"fmt"
	"testing"
)

func partSizes(p *Prepared) string {
	return fmt.Sprintf("train %d val %d test %d", len(p.Part(Train)), len(p.Part(Val)), len(p.Part(Test)))
}

func noVideoInTwoParts(t *testing.T, p *Prepared) {
	t.Helper()
	in := map[string]Part{}
	for _, part := range Parts() {
		if len(p.Part(part)) == 0 {
			t.Errorf("the %s part is empty", part)
		}
		for _, i := range p.Part(part) {
			v := p.Images[i].Video
			if first, ok := in[v]; ok && first != part {
				t.Errorf("video %s is in %s and in %s", v, first, part)
			}
			in[v] = part
		}
	}
}
