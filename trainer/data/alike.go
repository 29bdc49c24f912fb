package data

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/backbone-sweep/sweep/configs"
	"github.com/backbone-sweep/sweep/sweep/run"
)

// alike finds the pairs of a task's labels that may be spellings of one, each
// with the line of a config that merges them into the one with more images.
func alike(t run.TaskOverview) []run.AlikeLabels {
	var pairs []run.AlikeLabels
	for i, a := range t.Classes {
		for _, b := range t.Classes[i+1:] {
			if !lookAlike(a.Label, b.Label) {
				continue
			}
			from, into := b, a
			if b.Images > a.Images {
				from, into = a, b
			}
			pairs = append(pairs, run.AlikeLabels{
				Task: t.Name, From: from.Label, Into: into.Label,
				Line: configs.MergeLine(t.Name, from.Label, into.Label),
			})
		}
	}
	return pairs
}

// Two labels look alike when letters and digits are the same, when one is nearly
// the beginning of the other, or when at most one letter in ten differs. A Korean
// syllable counts as its two or three letters: 세움 and 세우는 share 세우.
const (
	beginShare  = 0.85 // of the shorter label
	leastBegin  = 6    // letters that a shared beginning must have
	differShare = 0.1  // of the longer label
)

func lookAlike(a, b string) bool {
	x, y := letters(a), letters(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 || digits(x) != digits(y) {
		return false // numbered labels differ in nothing but their number
	}
	same := 0
	for same < len(x) && x[same] == y[same] {
		same++
	}
	if same == len(y) || same >= leastBegin && float64(same) >= beginShare*float64(len(x)) {
		return true
	}
	most := int(differShare * float64(len(y)))
	return len(y)-len(x) <= most && editDistance(x, y) <= most
}

// letters are the letters and digits of a label, in lower case, Korean syllables
// taken apart.
func letters(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(s)))
}

func digits(label []rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, string(label))
}
