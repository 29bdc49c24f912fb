package sweep

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// ProcessStart returns when the process with this pid started, in the kernel's
// own unit; together with the pid it names one process for good. The error is
// os.ErrNotExist when there is no such process.
func ProcessStart(pid int) (uint64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// Field 2, the program's name, may hold spaces and parentheses; fields are
	// counted from behind its last parenthesis. Field 22 is the start time.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return 0, fmt.Errorf("/proc/%d/stat: %d fields after the name, want 20 or more", pid, len(fields))
	}
	if state := fields[0]; string(state) == "Z" || string(state) == "X" {
		return 0, fmt.Errorf("process %d has ended: %w", pid, os.ErrNotExist)
	}
	return strconv.ParseUint(string(fields[19]), 10, 64)
}
