// Command sweep fine-tunes image backbones side by side on a multi-task label
// set and compares them.
//
// Each file of this package is one command: it parses, validates and calls;
// the work is done in the packages below.
package main

import (
	"context"
	"os"
)

func main() {
	ctx, stop := untilSignal(context.Background())
	code := execute(ctx, systemEnv(), os.Args[1:])
	stop()
	os.Exit(code)
}
