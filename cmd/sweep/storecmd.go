package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/store"
	"github.com/backbone-sweep/sweep/sweep"
)

func newStore(e *env) *cobra.Command {
	return group(
		"store", "Check, shrink and find the store",
		&cobra.Command{
			Use: "verify", Short: "Read every byte of the store and check every checksum",
			Args: needs(),
			RunE: func(cmd *cobra.Command, _ []string) error {
				dir, err := e.storeDir()
				if err != nil {
					return err
				}
				file := filepath.Join(dir, store.FileName)
				if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
					fmt.Fprintf(e.stdout, "no store at %s yet\n", file)
					return nil
				}
				return e.reading(cmd.Context(), func(st sweep.Reader) error {
					progress := newCounter(e, "MiB checked", 0)
					problems, err := st.Verify(cmd.Context(), progress.mebibytes)
					progress.clear()
					if err != nil {
						return withCode(exitStore, err)
					}
					if len(problems) > 0 {
						return withCode(exitStore, &store.CorruptError{Path: file, Problems: problems})
					}
					fmt.Fprintln(e.stdout, "the store is sound")
					return nil
				})
			},
		},
		&cobra.Command{
			Use: "compact", Short: "Rewrite the store without its free pages",
			Args: needs(),
			RunE: func(cmd *cobra.Command, _ []string) error { return compact(cmd.Context(), e) },
		},
		&cobra.Command{
			Use: "path", Short: "Print where the store is",
			Args: needs(),
			RunE: func(*cobra.Command, []string) error {
				dir, err := e.storeDir()
				if err != nil {
					return err
				}
				fmt.Fprintln(e.stdout, filepath.Join(dir, store.FileName))
				return nil
			},
		},
	)
}
