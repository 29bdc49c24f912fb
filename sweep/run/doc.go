// Package run holds the words that all parts of the program share: what a run
// is asked to do (Spec), how it stands (State, Record), what it reports (Event)
// and how it is scored (Counts, Values, MetricKeys).
//
// It is a leaf: it imports nothing of this module and does no I/O.
package run
