package toybox

import (
	"context"
	"slices"
	"strconv"
)

// Running is one process that ps lists.
type Running struct {
	User        string
	PID, Parent int
	Name        string
}

// runPs lists processes: the shell's, those named by number, or with -A or -e all.
func runPs(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("Ae")
	if !ok {
		return 1
	}
	const layout = "%-12s %6v %6v %10s %7s %-10s %10s %s %s\n"
	p.Printf(layout, "USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME")
	for _, one := range p.sys.Processes() {
		switch {
		case len(args) > 0 && !slices.Contains(args, strconv.Itoa(one.PID)):
		case len(args) == 0 && !opts.any("Ae") && one.User != "shell":
		default:
			p.Printf(layout, one.User, one.PID, one.Parent, "10812345", "4100", "0", "0", "S", one.Name)
		}
	}
	return 0
}
