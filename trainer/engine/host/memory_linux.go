package host

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// installedMemory returns how many bytes this process could use at most: what
// the machine has, or the limit of its control group. 0 means unknown.
func installedMemory() int64 {
	var have int64
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		have = int64(info.Totalram) * int64(info.Unit)
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && limit > 0 && (have == 0 || limit < have) {
			have = limit
		}
	}
	return have
}
