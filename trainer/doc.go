// Package trainer is one training run: epochs, validation, keeping the best
// weights, the test at the end, and going on where a run stopped.
//
// It knows nothing of processes, stores or screens: it reports through a
// function, writes its files into one folder, and ends when its context does.
// Files in that folder:
//
//	kept-<epoch>.safetensors  the best weights so far, the trainer's own copy
//	best-<epoch>.safetensors  the same, announced by the best event; whoever takes it deletes it
//	resume.state          weights, moments and position, rewritten every epoch
//	test.json             predictions of the test split, announced by its event
package trainer
