package sweep

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"
)

// DisplayName is how a table heads the column of a backbone.
func DisplayName(model string) string {
	switch model {
	case "resnet18":
		return "ResNet18"
	case "resnet50":
		return "ResNet50"
	case "efficientnet_b4":
		return "EfficientNet-B4"
	case "convnext_base":
		return "ConvNeXt-Base"
	}
	return model
}

// MetricName is how a line of text calls a metric.
func MetricName(key string) string {
	switch key {
	case "macro_f1":
		return "macro-F1"
	case "micro_f1":
		return "micro-F1"
	}
	return key
}

// missing stands where there is no value.
const missing = "–"

// decimals4 writes v with the four decimals of the table.
func decimals4(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return missing
	}
	return fmt.Sprintf("%.4f", v)
}

// duration writes d as people do: 8s, 6m02s, 3h07m, 2d05h.
func duration(d time.Duration) string {
	d = d.Round(time.Second)
	s := int(d / time.Second)
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

// thousands writes n with a comma before every third digit.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// width measures text as terminals do, whatever this machine's locale is.
func width() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// cells is the number of terminal cells that s takes; Korean letters take two.
func cells(s string) int { return width().StringWidth(s) }

// padRight fills s with spaces to n cells.
func padRight(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-cells(s)))
}

// fit shortens s to n cells, with an ellipsis where something is left out.
func fit(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	return width().Truncate(s, max(n, 1), "…")
}
