package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backbone-sweep/sweep/sweep"
	"github.com/backbone-sweep/sweep/trainer/data"
)

func newDataLs(e *env) *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List the prepared data sets of the store",
		Long: `ls lists the prepared data sets: where their images come from, what they take of
the disk, when they were last used, and how many runs of the store are on them.
Preparing again makes any of them anew. Formats: text, json.`,
		Args: needs(),
		RunE: func(cmd *cobra.Command, _ []string) error { return listSets(cmd.Context(), e) },
	}
}

func newDataRm(e *env) *cobra.Command {
	var unused bool
	cmd := &cobra.Command{
		Use: "rm {ID… | --unused}", Short: "Delete prepared data sets; their source is not touched",
		Long: `rm deletes prepared data sets, by id or the unmistakable beginning of one, or with
--unused all that no run of the store is on. The images they were made from are
not touched: preparing again makes the set anew.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if unused == (len(args) > 0) {
				return &usageError{fmt.Errorf("%s needs ID… or --unused", cmd.CommandPath())}
			}
			return removeSets(cmd.Context(), e, args)
		},
	}
	cmd.Flags().BoolVar(&unused, "unused", false, "all that no run of the store is on")
	return cmd
}

// usedSet is a prepared set and the runs that are on it.
type usedSet struct {
	data.Set
	Runs []string `json:"runs"`
}

func usedSets(ctx context.Context, e *env) ([]usedSet, error) {
	dir, err := e.storeDir()
	if err != nil {
		return nil, err
	}
	sets, err := data.Sets(filepath.Join(dir, "data"))
	if err != nil {
		return nil, err
	}
	on := map[string][]string{}
	err = e.reading(ctx, func(st sweep.Reader) error {
		records, err := st.Runs()
		for _, r := range records {
			id := data.SetID(r.Spec.Data, r.Spec.Tasks)
			on[id] = append(on[id], r.Spec.ID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	used := make([]usedSet, len(sets))
	for i, s := range sets {
		used[i] = usedSet{Set: s, Runs: append([]string{}, on[s.ID]...)}
	}
	return used, nil
}

func listSets(ctx context.Context, e *env) error {
	format, err := e.oneOf("text", "json")
	if err != nil {
		return err
	}
	sets, err := usedSets(ctx, e)
	if err != nil {
		return err
	}
	if format == "json" {
		return writeJSON(e.stdout, sets)
	}
	if len(sets) == 0 {
		fmt.Fprintln(e.stderr, "sweep: no prepared data yet: sweep data prepare --config FILE makes some")
		return nil
	}
	rows := [][]string{{"ID", "IMAGES", "PIXELS", "SPLIT", "DISK", "USED", "RUNS", "SOURCE"}}
	for _, s := range sets {
		rows = append(rows, setRow(s))
	}
	return writeColumns(e.stdout, rows)
}

func setRow(s usedSet) []string {
	images, pixels, split, source := fmt.Sprint(s.Images), "–", "–", s.Source
	if s.ImageSize > 0 {
		pixels, split = fmt.Sprint(s.ImageSize), fmt.Sprintf("%s, seed %d", s.Group, s.Seed)
	}
	if !s.Finished {
		images += " unfinished"
	}
	if source == "" {
		source = "–"
	}
	return []string{s.ID, images, pixels, split, size(s.Bytes), s.Used.Local().Format("2006-01-02 15:04"), fmt.Sprint(len(s.Runs)), source}
}

// removeSets deletes the named sets, or without a name those without runs.
func removeSets(ctx context.Context, e *env, ids []string) error {
	sets, err := usedSets(ctx, e)
	if err != nil {
		return err
	}
	chosen, err := chooseSets(sets, ids)
	if err != nil {
		return err
	}
	var freed int64
	removed := 0
	for _, s := range chosen {
		err := data.RemoveSet(s.Set)
		if len(ids) == 0 && errors.Is(err, data.ErrSetBusy) {
			fmt.Fprintf(e.stderr, "sweep: left alone: %v\n", err)
			continue
		}
		if err != nil {
			return err
		}
		removed++
		freed += s.Bytes
		fmt.Fprintf(e.stderr, "sweep: removed %s, %s\n", s.ID, size(s.Bytes))
	}
	if len(ids) == 0 {
		fmt.Fprintf(e.stderr, "sweep: %d of %d prepared data sets removed, %s freed\n", removed, len(sets), size(freed))
	}
	return nil
}

func chooseSets(sets []usedSet, ids []string) ([]usedSet, error) {
	var chosen []usedSet
	if len(ids) == 0 {
		for _, s := range sets {
			if len(s.Runs) == 0 {
				chosen = append(chosen, s)
			}
		}
		return chosen, nil
	}
	named := map[string]bool{}
	for _, id := range ids {
		var fits []usedSet
		for _, s := range sets {
			if strings.HasPrefix(s.ID, id) {
				fits = append(fits, s)
			}
		}
		switch {
		case len(fits) == 0:
			return nil, usagef("no prepared data set %q: see sweep data ls", id)
		case len(fits) > 1:
			return nil, usagef("%q fits %d prepared data sets: see sweep data ls", id, len(fits))
		case !named[fits[0].ID]:
			named[fits[0].ID] = true
			chosen = append(chosen, fits[0])
		}
	}
	return chosen, nil
}
