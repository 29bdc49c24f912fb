package host

import "golang.org/x/sys/unix"

// installedMemory returns how many bytes the machine has; 0 means unknown.
func installedMemory() int64 {
	have, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(have)
}
