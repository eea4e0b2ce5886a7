package main

import (
	"context"

	"preship/cmd/preship/internal/console"
)

// env is the console of a command, and how an error of it is explained.
type env struct {
	*console.Console
	again string // the command that resumes the work, where it is not the same one
	told  string // an error that the person has read already
	// free is how many bytes may still be written to the disk of a folder; nil asks
	// the system.
	free func(dir string) (int64, error)
}

// ask is Console.Ask that also honours --no-input.
func (e *env) ask(ctx context.Context, g *globals, flag, question string) (string, error) {
	if g.noInput {
		return "", console.Usage(&console.UnaskedError{Flag: flag})
	}
	answer, err := e.Ask(ctx, flag, question)
	return answer, console.Usage(err)
}

// askSecret is Console.AskSecret that also honours --no-input.
func (e *env) askSecret(ctx context.Context, g *globals, flag, question string) (string, error) {
	if g.noInput {
		return "", console.Usage(&console.UnaskedError{Flag: flag})
	}
	answer, err := e.AskSecret(ctx, flag, question)
	return answer, console.Usage(err)
}

// clone returns an env whose console can be changed alone.
func (e *env) clone() *env {
	c, ne := *e.Console, *e
	ne.Console = &c
	return &ne
}
