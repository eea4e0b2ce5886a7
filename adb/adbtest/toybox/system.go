package toybox

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// lentGroup, media_rw, is lent by FUSE and not one of the shell's groups.
const lentGroup = 1023

// runID prints who the shell is: with -u the number, with -un the name.
func runID(_ context.Context, p *Process) int {
	opts, _, ok := p.Options("nu")
	if !ok {
		return 1
	}
	c := p.sys.Tree().Credential()
	switch {
	case opts.has('u') && opts.has('n'):
		p.Printf("%s\n", vfs.IDName(c.UID))
	case opts.has('u'):
		p.Printf("%d\n", c.UID)
	default:
		groups := []string{fmt.Sprintf("%d(%s)", c.GID, vfs.IDName(c.GID))}
		for _, g := range c.Groups {
			if g != lentGroup {
				groups = append(groups, fmt.Sprintf("%d(%s)", g, vfs.IDName(g)))
			}
		}
		p.Printf("uid=%d(%s) gid=%d(%s) groups=%s context=%s\n", c.UID, vfs.IDName(c.UID), c.GID, vfs.IDName(c.GID), strings.Join(groups, ","), c.Label())
	}
	return 0
}

// runUname is uname without options.
func runUname(_ context.Context, p *Process) int {
	if _, _, ok := p.Options(""); !ok {
		return 1
	}
	p.Printf("Linux\n")
	return 0
}

func runWhich(_ context.Context, p *Process) int {
	_, args, ok := p.Options("a")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		if _, ok := p.sys.Lookup(arg); !ok {
			code = 1
			continue
		}
		p.Printf("/system/bin/%s\n", path.Base(arg))
	}
	return code
}

// Running is one process that ps lists.
type Running struct {
	User        string
	PID, Parent int
	Name        string
}

// runPs lists processes: the shell's, or those named by number.
func runPs(_ context.Context, p *Process) int {
	_, args, ok := p.Options("")
	if !ok {
		return 1
	}
	const layout = "%-12s %6v %6v %10s %7s %-10s %10s %s %s\n"
	p.Printf(layout, "USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME")
	for _, one := range p.sys.Processes() {
		switch {
		case len(args) > 0 && !slices.Contains(args, strconv.Itoa(one.PID)):
		case len(args) == 0 && one.User != "shell":
		default:
			p.Printf(layout, one.User, one.PID, one.Parent, "10812345", "4100", "0", "0", "S", one.Name)
		}
	}
	return 0
}

// Mount is one line of df.
type Mount struct {
	Device, On  string
	Total, Used int64 // KiB
}

// runDF is toybox df: all that is mounted, or what the paths are on. Its heading
// comes also when there is nothing below it.
func runDF(_ context.Context, p *Process) int {
	_, args, ok := p.Options("k")
	if !ok {
		return 1
	}
	all := p.sys.Mounts()
	show, code := all, 0
	if len(args) > 0 {
		show = nil
	}
	for _, arg := range args {
		if _, err := p.sys.Tree().Stat(p.Abs(arg)); err != nil {
			code = p.Fail("'%s': %s", arg, vfs.ErrnoOf(err))
			continue
		}
		show = append(show, holding(all, p.canonical(arg)))
	}
	p.printDF(show)
	return code
}

// holding returns the mount of a path: the longest one above it.
func holding(all []Mount, path string) Mount {
	best := all[0]
	for _, m := range all {
		if strings.HasPrefix(path+"/", m.On+"/") && len(m.On) > len(best.On) {
			best = m
		}
	}
	return best
}

func (p *Process) printDF(list []Mount) {
	rows := [][]string{{"Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"}}
	widths := []int{14, 9, 4, 9, 4, 0}
	for _, m := range list {
		percent := (m.Used*100 + m.Total - 1) / m.Total
		rows = append(rows, []string{
			m.Device, number(m.Total), number(m.Used), number(m.Total - m.Used), fmt.Sprintf("%d%%", percent), m.On,
		})
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for _, r := range rows {
		p.Printf("%-*s %*s %*s %*s %*s %s\n", widths[0], r[0], widths[1], r[1], widths[2], r[2], widths[3], r[3], widths[4], r[4], r[5])
	}
}
