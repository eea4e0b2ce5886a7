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
	c := p.sys.Tree().Credential()
	switch {
	case p.opts.has('u') && p.opts.has('n'):
		p.Printf("%s\n", vfs.IDName(c.UID))
	case p.opts.has('u'):
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
	p.Printf("Linux\n")
	return 0
}

func runWhich(_ context.Context, p *Process) int {
	code := 0
	for _, arg := range p.names {
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
	PID, Parent int
	Name        string
}

// runPs lists processes: the shell's, or those named by number.
func runPs(_ context.Context, p *Process) int {
	const layout = "%-12s %6v %6v %10s %7s %-10s %10s %s %s\n"
	p.Printf(layout, "USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME")
	for _, one := range p.sys.Processes() {
		if len(p.names) == 0 || slices.Contains(p.names, strconv.Itoa(one.PID)) {
			p.Printf(layout, "shell", one.PID, one.Parent, "10812345", "4100", "0", "0", "S", one.Name)
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
	show := p.sys.Mounts()
	code := 0
	if len(p.names) > 0 {
		all := show
		show = nil
		code = p.each("'%s': %s", func(name string) error {
			full, err := p.sys.Tree().Canonical(p.Abs(name))
			if err == nil {
				_, err = p.sys.Tree().Stat(full)
			}
			if err == nil {
				show = append(show, holding(all, full))
			}
			return err
		})
	}
	w := [4]int{14, 9, 4, 9} // at least
	for _, m := range show {
		for i, cell := range []any{m.Device, m.Total, m.Used, m.Total - m.Used} {
			w[i] = max(w[i], len(fmt.Sprint(cell)))
		}
	}
	p.Printf("%-*s %*s %*s %*s Use%% Mounted on\n", w[0], "Filesystem", w[1], "1K-blocks", w[2], "Used", w[3], "Available")
	for _, m := range show {
		p.Printf("%-*s %*d %*d %*d %3d%% %s\n", w[0], m.Device, w[1], m.Total, w[2], m.Used, w[3], m.Total-m.Used, (m.Used*100+m.Total-1)/m.Total, m.On)
	}
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
