package toybox

import (
	"context"
	"fmt"
	"strings"

	"preship/adb/adbtest/vfs"
)

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
