// Package tui is the terminal app: a client of package sweep and nothing else.
//
// Run opens it. Everything it knows of a supervisor comes through sweep.Client,
// asked by commands (commands.go) whose answers are messages (messages.go);
// Update and View touch neither clock nor disk nor network. A key is looked up
// in one table (keys.go), which help is made of too. The screens are small
// models of their own; App holds what they share (world) and routes. Events
// arrive through a feed, in batches bounded by count and time, and are folded
// into the book: one entry a run, its curves only where a screen wants them.
package tui
