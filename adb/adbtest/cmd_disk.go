package adbtest

import (
	"context"
	"fmt"
	"strings"
)

// mounted is one line of df.
type mounted struct {
	device, on  string
	total, used int64 // KiB
}

func (h *Handset) mounts() []mounted {
	s := h.profile.Storage
	used := s.TotalKB - h.tree.FreeKB()
	list := []mounted{
		{"/dev/block/dm-4", "/", 3211264, 3211264},
		{"tmpfs", "/dev", 1894040, 1448},
		{"/dev/block/dm-37", "/data", s.TotalKB, used},
		{"/dev/fuse", "/storage/emulated", s.TotalKB, used},
	}
	for _, v := range h.profile.Volumes {
		if v.State == "mounted" && v.Label != "null" {
			list = append(list, mounted{"/dev/fuse", "/storage/" + v.Label, 31154688, 1048576})
		}
	}
	return list
}

// runDF is toybox df: all that is mounted, or what the paths are on. Its heading
// comes also when there is nothing below it.
func runDF(_ context.Context, p *process) int {
	_, args, ok := p.options("k")
	if !ok {
		return 1
	}
	all := p.h.mounts()
	show, code := all, 0
	if len(args) > 0 {
		show = nil
	}
	for _, arg := range args {
		if _, err := p.h.tree.Stat(p.abs(arg)); err != nil {
			code = p.fail("'%s': %s", arg, errnoOf(err))
			continue
		}
		show = append(show, holding(all, p.canonical(arg)))
	}
	p.printDF(show)
	return code
}

// holding is the mount that path is on: the longest one above it.
func holding(all []mounted, path string) mounted {
	best := all[0]
	for _, m := range all {
		if strings.HasPrefix(path+"/", m.on+"/") && len(m.on) > len(best.on) {
			best = m
		}
	}
	return best
}

func (p *process) printDF(list []mounted) {
	rows := [][]string{{"Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"}}
	widths := []int{14, 9, 4, 9, 4, 0}
	for _, m := range list {
		percent := (m.used*100 + m.total - 1) / m.total
		rows = append(rows, []string{
			m.device, number(m.total), number(m.used), number(m.total - m.used), fmt.Sprintf("%d%%", percent), m.on,
		})
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for _, r := range rows {
		p.printf("%-*s %*s %*s %*s %*s %s\n", widths[0], r[0], widths[1], r[1], widths[2], r[2], widths[3], r[3], widths[4], r[4], r[5])
	}
}
