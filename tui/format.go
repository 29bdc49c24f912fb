package tui

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// none stands where there is no value.
const none = "–"

// decimals4 writes a metric with the four decimals of the table.
func decimals4(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return none
	}
	return fmt.Sprintf("%.4f", v)
}

// number writes a value of any size with four digits.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return none
	}
	return fmt.Sprintf("%.4g", v)
}

// duration writes d as people do: 8s, 6m02s, 3h07m, 2d05h.
func duration(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	switch {
	case s < 0:
		return "0s"
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	case s < 24*3600:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	}
	return fmt.Sprintf("%dd%02dh", s/86400, s/3600%24)
}

// clock writes d as 00:41:12.
func clock(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// count writes n with its noun: 1 run, 1,024 runs.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// thousands writes n with a comma before every third digit.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// speed writes images per second with three digits: what follows them jumps
// about anyway, and would be sent again and again.
func speed(v float64) string {
	switch {
	case !(v > 0) || math.IsInf(v, 0):
		return ""
	case v < 10:
		return fmt.Sprintf("%.1f", v)
	case v < 1000:
		return fmt.Sprintf("%.0f", v)
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-2)
	return thousands(int(math.Round(v/unit) * unit))
}

// size writes bytes in units of 1024: 812 B, 21.4 MiB.
func size(n float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for n >= 1000 && i < len(units)-1 {
		n /= 1024
		i++
	}
	if i == 0 || n >= 100 {
		return fmt.Sprintf("%.0f %s", n, units[i])
	}
	return fmt.Sprintf("%.1f %s", n, units[i])
}

// percent writes a share in 0…1.
func percent(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }

// plain makes one harmless line of a text from elsewhere: no escape sequence of
// it reaches the terminal.
func plain(s string) string {
	clean := true
	for _, r := range s {
		if unicode.IsControl(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	s = ansi.Strip(strings.ReplaceAll(s, "\n", " "))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// sentence shortens an error for the status line: its lines become one.
func sentence(err error) string {
	return plain(strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; "))
}
