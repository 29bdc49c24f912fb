package configs

import (
	"fmt"
	"strings"
)

// notices says which keys have no effect, and where silence would mislead.
func (c *Config) notices() []string {
	var all []string
	add := func(key, format string, args ...any) {
		where := "config " + c.Source
		if line := c.given[key]; line > 0 {
			where = fmt.Sprintf("%s:%d", where, line)
		}
		all = append(all, where+": "+fmt.Sprintf(format, args...))
	}
	for _, key := range []string{"save_path", "best_model_path"} {
		if c.given[key] > 0 {
			add(key, "%s is ignored: the best weights of every run are kept in the store; `sweep weights export ID -o FILE` writes them to a file", key)
		}
	}
	c.mergeNotices(add)
	if c.Data.TrainCSV != "" && c.given["data.split"] > 0 {
		add("data.split", "data.split has no effect: the three tables are the split")
	}
	if c.Pretrained.Files != nil {
		var random []string
		for _, m := range c.Models {
			if c.Pretrained.Files[m] == "" {
				random = append(random, m)
			}
		}
		if len(random) > 0 {
			add("pretrained", "pretrained names no file for %s: random weights", strings.Join(random, ", "))
		}
	}
	return all
}
