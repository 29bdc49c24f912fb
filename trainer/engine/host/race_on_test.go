//go:build race

package host

// raceDetector reports whether the race detector runs; it allocates on its own.
const raceDetector = true
