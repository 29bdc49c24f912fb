package data

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxQuoted bounds what an error message quotes, in bytes.
const maxQuoted = 200

// shorten cuts a value for an error message.
func shorten(value string) string {
	if len(value) <= maxQuoted {
		return value
	}
	return strings.ToValidUTF8(value[:maxQuoted], "") + "…"
}

// didYouMean names up to three labels that are spelt almost like value, as the
// end of an error message; "" where none is.
func didYouMean(value string, labels []string) string {
	type near struct {
		label    string
		distance int
	}
	if len(value) > maxQuoted {
		return ""
	}
	var found []near
	for _, l := range labels {
		if d := editDistance([]rune(value), []rune(l)); d <= max(2, len([]rune(l))/3) && d < len([]rune(l)) {
			found = append(found, near{l, d})
		}
	}
	if len(found) == 0 {
		return ""
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, n := range found[:min(3, len(found))] {
		names = append(names, strconv.Quote(n.label))
	}
	return " (did you mean " + strings.Join(names, " or ") + "?)"
}

// editDistance is Levenshtein's: insertions, deletions and replacements.
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ca := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, cb := range b {
			change := diagonal
			if ca != cb {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
