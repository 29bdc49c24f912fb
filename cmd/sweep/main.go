// Command sweep fine-tunes image backbones side by side on a multi-task label
// set and compares them.
//
// Each file of this package is one command: it parses, validates and calls;
// the work is done in the packages below.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(execute(ctx, systemEnv(), os.Args[1:]))
}
