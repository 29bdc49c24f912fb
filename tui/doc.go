// Package tui is the terminal app: a client of package sweep and nothing else.
package tui
