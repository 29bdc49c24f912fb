package engine

import "fmt"

// MemoryError says that a program would need more memory than there is.
type MemoryError struct {
	What string // model, batch and size
	Need int64  // bytes
	Have int64  // bytes
}

func (e *MemoryError) Error() string {
	return fmt.Sprintf("%s needs %.1f GiB of memory and there are %.1f GiB: use a smaller batch_size or image_size",
		e.What, gib(e.Need), gib(e.Have))
}

func gib(bytes int64) float64 { return float64(bytes) / (1 << 30) }

// UnsupportedError says that an engine cannot do what a Spec asks for.
type UnsupportedError struct {
	Engine string
	What   string // "precision bf16"
	Use    string // what to do instead
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("engine %s: no %s: %s", e.Engine, e.What, e.Use)
}

// OutOfMemoryError says that the device's memory ran out although a program was
// thought to fit: others use it too.
type OutOfMemoryError struct {
	What   string // what was being done
	Detail string // what the device said
}

func (e *OutOfMemoryError) Error() string {
	return fmt.Sprintf("%s: the device has run out of memory (%s): use a smaller batch_size, image_size or parallel", e.What, e.Detail)
}
