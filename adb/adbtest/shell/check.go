package shell

import (
	"errors"
	"fmt"

	"mvdan.cc/sh/v3/syntax"
)

// checkLine refuses what the parser takes but the interpreter does not survive,
// or would reach for the computer to do: it panics on an assignment without a
// name, and makes FIFOs for process substitution, which mksh has not got.
func checkLine(file syntax.Node) error {
	var problem error
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil && n.Name.Value == "" {
				problem = errors.New("syntax error: unexpected '='")
			}
		case *syntax.ProcSubst:
			problem = fmt.Errorf("syntax error: unexpected '%s'", n.Op)
		case *syntax.CoprocClause:
			problem = errors.New("syntax error: unexpected 'coproc'")
		}
		return problem == nil
	})
	return problem
}
