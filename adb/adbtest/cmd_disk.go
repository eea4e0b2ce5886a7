package adbtest

import (
	"context"
	"fmt"
	"strings"
)

// runDu is toybox du: space used, in KiB.
func runDu(ctx context.Context, p *process) int {
	opts, args, ok := p.options("d:ahHkKLmlsxbc")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	d := &usage{p: p, opts: opts, deepest: 1 << 30}
	if n, ok := count(opts['d']); ok {
		d.deepest = int(max(0, min(n, 1<<20)))
	}
	var total int64
	for _, arg := range args {
		i, err := p.h.tree.statAs(p.abs(arg), opts.any("HL"))
		if err != nil {
			d.code = p.fail("%s: %s", arg, errnoOf(err))
			continue
		}
		total += d.add(ctx, arg, i, 0)
	}
	if opts.has('c') {
		d.show(total, "total")
	}
	return d.code
}

type usage struct {
	p       *process
	opts    options
	deepest int
	code    int
}

// add sums what is below a name, in bytes.
func (d *usage) add(ctx context.Context, name string, i info, depth int) int64 {
	n := blocks(i) * 512
	if d.opts.has('b') {
		n = i.size
	}
	if i.isDir() && ctx.Err() == nil {
		kids, err := d.p.h.tree.readDir(d.p.abs(name))
		if err != nil {
			d.code = d.p.fail("%s: %s", name, errnoOf(err))
		}
		for _, kid := range kids {
			below := strings.TrimSuffix(name, "/") + "/" + kid.name
			if led, err := d.p.h.tree.stat(d.p.abs(below)); kid.isLink() && d.opts.has('L') && err == nil && !led.isDir() {
				kid = led
			}
			n += d.add(ctx, below, kid, depth+1)
		}
	}
	if depth == 0 || !d.opts.has('s') && depth <= d.deepest && (i.isDir() || d.opts.has('a')) {
		d.show(n, name)
	}
	return n
}

func (d *usage) show(n int64, name string) {
	switch {
	case d.opts.has('h'):
		d.p.printf("%s\t%s\n", humanSize(n), name)
	case d.opts.has('m'):
		d.p.printf("%d\t%s\n", (n+1<<20-1)>>20, name)
	case d.opts.has('b'):
		d.p.printf("%d\t%s\n", n, name)
	case d.opts.has('K'):
		d.p.printf("%d\t%s\n", n/512, name)
	default:
		d.p.printf("%d\t%s\n", n/1024, name)
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

// runDF is toybox df: all that is mounted, or what the paths are on. Its heading
// comes also when there is nothing below it.
func runDF(_ context.Context, p *process) int {
	opts, args, ok := p.options("HPkhit*a")
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
			code = p.fail("'%s': %s", arg, errnoOf(err))
			continue
		}
		show = append(show, holding(all, p.canonical(arg)))
	}
	p.printDF(show, opts)
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

// dfHeadings are df's columns and how wide they are at least.
func dfHeadings(opts options) ([]string, []int) {
	h, w := []string{"Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"}, []int{14, 9, 4, 9, 4, 0}
	switch {
	case opts.has('i'):
		h[1], h[2], h[3], h[4] = "Inodes", "IUsed", "IFree", "IUse%"
		w = []int{14, 6, 5, 5, 5, 0}
	case opts.any("hH"):
		h[1], h[3] = "Size", "Avail"
		w = []int{14, 5, 4, 5, 4, 0}
	case opts.has('P'):
		h[1], h[4] = "512-blocks", "Capacity"
		if opts.has('k') {
			h[1] = "1024-blocks"
		}
		w = []int{14, len(h[1]), 4, 9, 8, 0}
	}
	return h, w
}

// inodesPerKB is about how many files the vendors' file systems have room for.
const inodesPerKB = 16

func dfNumber(kb int64, opts options) string {
	switch {
	case opts.has('i'):
		return fmt.Sprint(kb / inodesPerKB)
	case opts.any("hH"):
		return humanSize(kb << 10)
	case opts.has('P') && !opts.has('k'):
		return fmt.Sprint(kb * 2)
	}
	return fmt.Sprint(kb)
}

func (p *process) printDF(list []mounted, opts options) {
	headings, widths := dfHeadings(opts)
	rows := [][]string{headings}
	for _, m := range list {
		percent := (m.used*100 + m.total - 1) / m.total
		rows = append(rows, []string{
			m.device, dfNumber(m.total, opts), dfNumber(m.used, opts), dfNumber(m.total-m.used, opts), fmt.Sprintf("%d%%", percent), m.on,
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
