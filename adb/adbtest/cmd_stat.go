package adbtest

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

const statTime = "2006-01-02 15:04:05.000000000 -0700"

// runStat is toybox stat.
func runStat(_ context.Context, p *process) int {
	opts, files, ok := p.options("c:")
	if !ok || !p.needs(files, 1) {
		return 1
	}
	code := 0
	for _, name := range files {
		i, err := p.h.tree.lstat(p.abs(name))
		if err != nil {
			code = p.fail("'%s': %s", name, errnoOf(err))
			continue
		}
		if opts.has('c') {
			p.printf("%s\n", p.formatStat(opts['c'], name, i))
			continue
		}
		p.printf("%s", p.describe(name, i))
	}
	return code
}

func (p *process) formatStat(format, name string, i info) string {
	return expandFormat(format, func(verb string) (string, int) {
		value, ok := statFields[verb[0]]
		if !ok {
			return "?", 1
		}
		return value(p, name, i), 1
	})
}

func fileKind(i info) string {
	switch {
	case i.isDir():
		return "directory"
	case i.isLink():
		return "symbolic link"
	case i.isFIFO():
		return "FIFO (named pipe)"
	case i.mode&modeType == modeChar:
		return "character device"
	case i.size == 0:
		return "regular empty file"
	}
	return "regular file"
}

func number[T int64 | uint64 | uint32](n T) string { return fmt.Sprint(n) }

// statFields are the sequences of stat -c.
var statFields = map[byte]func(p *process, name string, i info) string{
	'A': func(_ *process, _ string, i info) string { return i.modeString() },
	'a': func(_ *process, _ string, i info) string {
		return strconv.FormatUint(uint64(i.mode&modePerms), 8)
	},
	'b': func(_ *process, _ string, i info) string { return number(blocks(i)) },
	'B': func(*process, string, info) string { return "512" },
	'D': func(_ *process, _ string, i info) string { return strconv.FormatUint(i.dev, 16) },
	'd': func(_ *process, _ string, i info) string { return number(i.dev) },
	'F': func(_ *process, _ string, i info) string { return fileKind(i) },
	'f': func(_ *process, _ string, i info) string { return strconv.FormatUint(uint64(i.mode), 16) },
	'G': func(_ *process, _ string, i info) string { return idName(i.gid) },
	'g': func(_ *process, _ string, i info) string { return number(i.gid) },
	'h': func(_ *process, _ string, i info) string { return number(i.nlink) },
	'i': func(_ *process, _ string, i info) string { return number(i.ino) },
	'N': func(_ *process, name string, i info) string {
		if i.isLink() {
			return name + " -> '" + i.target + "'"
		}
		return name
	},
	'n': func(_ *process, name string, _ info) string { return name },
	'o': func(*process, string, info) string { return "4096" },
	's': func(_ *process, _ string, i info) string { return number(i.size) },
	't': func(_ *process, _ string, i info) string {
		return strconv.FormatUint(uint64(b2i(i.mode&modeType == modeChar)), 16)
	},
	'T': func(_ *process, _ string, i info) string {
		return strconv.FormatUint(uint64(3*b2i(i.mode&modeType == modeChar)), 16)
	},
	'U': func(_ *process, _ string, i info) string { return idName(i.uid) },
	'u': func(_ *process, _ string, i info) string { return number(i.uid) },
	'X': func(_ *process, _ string, i info) string { return number(i.atime.Unix()) },
	'x': func(p *process, _ string, i info) string { return p.local(i.atime).Format(statTime) },
	'Y': func(_ *process, _ string, i info) string { return number(i.mtime.Unix()) },
	'y': func(p *process, _ string, i info) string { return p.local(i.mtime).Format(statTime) },
	'Z': func(_ *process, _ string, i info) string { return number(i.ctime.Unix()) },
	'z': func(p *process, _ string, i info) string { return p.local(i.ctime).Format(statTime) },
}

func (p *process) local(t time.Time) time.Time { return t.In(p.h.zone()) }

// describe is stat without -c.
func (p *process) describe(name string, i info) string {
	return p.formatStat("  File: %N\n  Size: %s\t Blocks: %b\t IO Blocks: %B\t %F\n", name, i) +
		fmt.Sprintf("Device: %xh/%dd\t Inode: %d\t Links: %d\t Device type: 0,0\n", i.dev, i.dev, i.ino, i.nlink) +
		fmt.Sprintf("Access: (%04o/%s)\tUid: (%5d/%8s)\tGid: (%5d/%8s)\n", i.mode&modePerms, i.modeString(), i.uid, idName(i.uid), i.gid, idName(i.gid)) +
		p.formatStat("Access: %x\nModify: %y\nChange: %z\n", name, i)
}
