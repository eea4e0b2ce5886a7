package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// runGetprop prints one property, or all of them sorted by name. A value may
// hold newlines, and they are printed as they are.
func runGetprop(_ context.Context, p *process) int {
	_, args, ok := p.Options("")
	if !ok {
		return 1
	}
	if len(args) > 0 {
		p.Printf("%s\n", p.Prop(args[0]))
		return 0
	}
	props := p.Props()
	for _, key := range slices.Sorted(maps.Keys(props)) {
		p.Printf("[%s]: [%s]\n", key, props[key])
	}
	return 0
}

func runSetprop(_ context.Context, p *process) int {
	if len(p.Args) != 3 {
		fmt.Fprintln(p.Stderr, "usage: setprop NAME VALUE\n\nSets an Android system property.")
		return 1
	}
	if !p.SetProp(p.Args[1], p.Args[2]) {
		return p.Fail("failed to set property '%s' to '%s'", p.Args[1], p.Args[2])
	}
	return 0
}
