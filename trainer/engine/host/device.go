package host

import (
	"bufio"
	"bytes"
	"os"
	"runtime"
	"strings"
)

// processor returns the name of the processor, the architecture when the system
// does not tell.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	return processorIn(text)
}

// processorIn finds the first model name in the text of /proc/cpuinfo.
func processorIn(cpuinfo []byte) string {
	lines := bufio.NewScanner(bytes.NewReader(cpuinfo))
	for lines.Scan() {
		key, name, _ := strings.Cut(lines.Text(), ":")
		if strings.TrimSpace(key) == "model name" {
			return strings.Join(strings.Fields(name), " ")
		}
	}
	return runtime.GOARCH
}
