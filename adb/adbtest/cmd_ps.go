package adbtest

import (
	"context"
	"slices"
	"strconv"
)

// psRow is one process.
type psRow struct {
	user      string
	pid, ppid int
	name      string
}

// processes lists a few processes of every handset, and those of the shells.
func (h *Handset) processes() []psRow {
	rows := []psRow{
		{"root", 1, 0, "init"},
		{"root", 612, 1, "zygote64"},
		{"system", 1480, 612, "system_server"},
		{"shell", adbdPID, 1, "adbd"},
	}
	for _, j := range h.jobs.list() {
		rows = append(rows, psRow{"shell", j.pid, j.parent, j.name})
	}
	return rows
}

// runPs lists processes: the shell's, those named by number, or with -A or -e all.
func runPs(_ context.Context, p *process) int {
	opts, args, ok := p.options("Ae")
	if !ok {
		return 1
	}
	const layout = "%-12s %6v %6v %10s %7s %-10s %10s %s %s\n"
	p.printf(layout, "USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME")
	for _, one := range p.h.processes() {
		switch {
		case len(args) > 0 && !slices.Contains(args, strconv.Itoa(one.pid)):
		case len(args) == 0 && !opts.any("Ae") && one.user != "shell":
		default:
			p.printf(layout, one.user, one.pid, one.ppid, "10812345", "4100", "0", "0", "S", one.name)
		}
	}
	return 0
}
