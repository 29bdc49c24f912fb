package main

import (
	"errors"
	"testing"
	"time"

	"github.com/backbone-sweep/sweep/trainer/engine/xla"
)

// A plugin that has answered is not asked again, one that failed is, after a while.
func TestAPluginIsAskedOnce(t *testing.T) {
	e := &env{program: []string{"/bin/false"}}
	was := errors.New("was broken")
	long := time.Now().Add(-24 * time.Hour)
	p := &probes{said: map[string]answer{
		"works":  {xla.Device{Name: "H200"}, nil, long},
		"broken": {xla.Device{}, was, long},
		"just":   {xla.Device{}, was, time.Now()},
	}}
	if d, err := p.ask(e, "works"); err != nil || d.Name != "H200" {
		t.Errorf("a plugin that works was asked again: %v, %v", d, err)
	}
	if _, err := p.ask(e, "broken"); err == nil || errors.Is(err, was) {
		t.Errorf("a plugin that was broken a day ago: %v", err)
	}
	if _, err := p.ask(e, "just"); !errors.Is(err, was) {
		t.Errorf("a plugin that is broken: %v", err)
	}
}
