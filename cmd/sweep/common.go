package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/backbone-sweep/sweep/configs"
)

// loadConfig reads a config, says its notices on stderr and applies --engine.
func loadConfig(e *env, name string) (*configs.Config, error) {
	cfg, err := configs.Load(name)
	if err != nil {
		return nil, err
	}
	if cfg, err = cfg.Override(configs.Overrides{Engine: e.flags.engine}); err != nil {
		return nil, err
	}
	for _, n := range cfg.Notices {
		fmt.Fprintf(e.stderr, "sweep: %s\n", n)
	}
	return cfg, nil
}

// skipBOM reads over a byte-order mark, which some spreadsheets write.
func skipBOM(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if head, err := b.Peek(3); err == nil && string(head) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3)
	}
	return b
}

// must is for flag names that are constants of this package.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
