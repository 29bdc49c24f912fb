package configs

import (
	"slices"
	"strings"
)

// Overrides are values from the command line that replace the file's. A nil or
// zero member changes nothing.
type Overrides struct {
	Models []string
	Seeds  []uint64
	Epochs *int
	Engine string // also replaces the file's device
}

// Override returns the config with o laid over it, checked like the file itself;
// an error names the flag, or the file's line where that is to blame.
func (c *Config) Override(o Overrides) (*Config, error) {
	d := c.clone()
	flags := map[string]string{}
	if o.Models != nil {
		d.Models = slices.Clone(o.Models)
		flags["models"] = "--models"
	}
	if o.Seeds != nil {
		d.Seeds = slices.Clone(o.Seeds)
		flags["seeds"] = "--seeds"
	}
	if o.Epochs != nil {
		d.Epochs = *o.Epochs
		flags["epochs"] = "--epochs"
	}
	if o.Engine != "" {
		d.Engine, d.Device = o.Engine, ""
		flags["engine"] = "--engine"
	}
	var errs []*Error
	for _, p := range d.problems() {
		key, _, _ := strings.Cut(p.key, "[")
		if flag := flags[key]; flag != "" {
			errs = append(errs, &Error{Flag: flag, Msg: strings.TrimPrefix(p.msg, key+": ")})
			continue
		}
		errs = append(errs, &Error{Config: c.Source, Line: c.given[p.key], Msg: p.msg})
	}
	if len(errs) > 0 {
		return nil, join(errs)
	}
	d.Notices = d.notices()
	return d, nil
}
