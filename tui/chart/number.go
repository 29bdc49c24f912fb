package chart

import (
	"math"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// FormatValue is how charts write a value unless told otherwise: four
// significant digits, as 0.9312, 1234 or 1.234e-5.
func FormatValue(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	case v == 0:
		return "0"
	}
	if a := math.Abs(v); a >= 1e-3 && a < 1e5 {
		return strconv.FormatFloat(v, 'f', max(0, 3-int(math.Floor(math.Log10(a)))), 64)
	}
	return scientific(v, 3)
}

// scientific writes a mantissa with up to the given decimals and an exponent
// without padding: 1.5e-5, 2e12.
func scientific(v float64, decimals int) string {
	mantissa, exponent, ok := strings.Cut(strconv.FormatFloat(v, 'e', decimals, 64), "e")
	if !ok {
		return mantissa
	}
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return mantissa
	}
	return mantissa + "e" + strconv.Itoa(n)
}

// tickLabel writes a value of an axis whose ticks are step apart (0: any), in at
// most width cells.
func tickLabel(v, step float64, width int) string {
	if v == 0 || math.Abs(v) < step*1e-6 {
		return "0"
	}
	a := math.Abs(v)
	if a >= 1e-3 && a < 1e6 || a < 1e-3 && step >= 1e-4 {
		decimals := -1 // as many as it takes
		if step > 0 {
			decimals = max(0, int(-math.Floor(math.Log10(step)+1e-9)))
		}
		if s := strconv.FormatFloat(v, 'f', decimals, 64); len(s) <= width {
			return s
		}
		if s := FormatValue(v); step == 0 {
			if strings.Contains(s, ".") {
				s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
			}
			if len(s) <= width {
				return s
			}
		}
	}
	for decimals := 5; decimals > 0; decimals-- {
		if s := scientific(v, decimals); len(s) <= width {
			return s
		}
	}
	return scientific(v, 0)
}

// xLabel writes an x of an axis that ends at top with ticks step apart:
// 500, 12k, 12.5k, 3M, and in full with commas when the steps are small.
func xLabel(x, step, top float64) string {
	for _, unit := range []struct {
		size   float64
		letter string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if top >= 10*unit.size && step >= unit.size/10 || step >= unit.size {
			if x == 0 {
				return "0"
			}
			s := strconv.FormatFloat(x/unit.size, 'f', 1, 64)
			return strings.TrimSuffix(s, ".0") + unit.letter
		}
	}
	return exactX(x, step)
}

// exactX writes an x with thousands separated and the decimals that steps of
// this size need.
func exactX(x, step float64) string {
	decimals := 0
	if step > 0 && step < 1 {
		decimals = min(6, int(-math.Floor(math.Log10(step)+1e-9)))
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if x < 0 && strings.Trim(whole, "0.,") != "" {
		whole = "-" + whole
	}
	return whole
}

// cellWidth returns how many cells s takes.
func cellWidth(s string) int { return ansi.StringWidth(s) }
