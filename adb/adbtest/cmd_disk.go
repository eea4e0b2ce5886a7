package adbtest

import (
	"context"
	"fmt"
	"strings"
)

// runDu is toybox du: blocks used, in KiB.
func runDu(ctx context.Context, p *process) int {
	opts, args, ok := p.options("d:ahHkKLmPlsxbc")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	d := &usage{p: p, opts: opts}
	var total int64
	for _, arg := range args {
		i, err := p.h.tree.lstat(p.abs(arg))
		if err != nil {
			d.code = p.fail("%s: %s", arg, errnoOf(err))
			continue
		}
		n := d.add(ctx, arg, i, 0)
		total += n
	}
	if opts.has('c') {
		d.show(total, "total")
	}
	return d.code
}

type usage struct {
	p    *process
	opts options
	code int
}

func (d *usage) add(ctx context.Context, name string, i info, depth int) int64 {
	n := blocks(i)
	if i.isDir() && ctx.Err() == nil {
		kids, err := d.p.h.tree.readDir(d.p.abs(name))
		if err != nil {
			d.code = d.p.fail("%s: %s", name, errnoOf(err))
		}
		for _, kid := range kids {
			n += d.add(ctx, strings.TrimSuffix(name, "/")+"/"+kid.name, kid, depth+1)
		}
	}
	if depth == 0 || !d.opts.has('s') && (i.isDir() || d.opts.has('a')) {
		d.show(n, name)
	}
	return n
}

func (d *usage) show(blocks int64, name string) {
	switch {
	case d.opts.has('h'):
		d.p.printf("%s\t%s\n", humanSize(blocks*512), name)
	case d.opts.has('m'):
		d.p.printf("%d\t%s\n", (blocks+2047)/2048, name)
	case d.opts.has('b'):
		d.p.printf("%d\t%s\n", blocks*512, name)
	default:
		d.p.printf("%d\t%s\n", blocks/2, name)
	}
}

// mounted is one line of df.
type mounted struct {
	device, on  string
	total, used int64 // KiB
}

func (h *Handset) mounts() []mounted {
	s := h.profile.storage
	used := s.totalKB - h.tree.freeKB()
	list := []mounted{
		{"/dev/block/dm-4", "/", 3211264, 3211264},
		{"tmpfs", "/dev", 1894040, 1448},
		{"/dev/block/dm-37", "/data", s.totalKB, used},
		{"/dev/fuse", "/storage/emulated", s.totalKB, used},
	}
	for _, v := range h.profile.volumes {
		if v.state == "mounted" && v.label != "null" {
			list = append(list, mounted{"/dev/fuse", "/storage/" + v.label, 31154688, 1048576})
		}
	}
	return list
}

// runDF is toybox df: all that is mounted, or what the paths are on.
func runDF(_ context.Context, p *process) int {
	opts, args, ok := p.options("HPkhit:a")
	if !ok {
		return 1
	}
	all := p.h.mounts()
	show, code := all, 0
	if len(args) > 0 {
		show = nil
	}
	for _, arg := range args {
		if _, err := p.h.tree.stat(p.abs(arg)); err != nil {
			code = p.fail("%s: %s", arg, errnoOf(err))
			continue
		}
		show = append(show, holding(all, p.canonical(arg)))
	}
	if len(show) > 0 {
		p.printDF(show, opts)
	}
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

func (p *process) printDF(list []mounted, opts options) {
	size := "1K-blocks"
	if opts.has('h') || opts.has('H') {
		size = "Size"
	}
	rows := [][]string{{"Filesystem", size, "Used", "Available", "Use%", "Mounted on"}}
	for _, m := range list {
		cells := []string{m.device}
		for _, kb := range []int64{m.total, m.used, m.total - m.used} {
			if size == "Size" {
				cells = append(cells, humanSize(kb<<10))
			} else {
				cells = append(cells, fmt.Sprint(kb))
			}
		}
		percent := (m.used*100 + m.total - 1) / m.total
		rows = append(rows, append(cells, fmt.Sprintf("%d%%", percent), m.on))
	}
	widths := make([]int, 6)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for _, r := range rows {
		p.printf("%-*s %*s %*s %*s %*s %s\n", widths[0], r[0], widths[1], r[1], widths[2], r[2], widths[3], r[3], widths[4], r[4], r[5])
	}
}
