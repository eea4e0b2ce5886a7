package adbtest

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"preship/adb/adbtest/vfs"
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
		i, err := p.h.tree.Lstat(p.abs(name))
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

func (p *process) formatStat(format, name string, i vfs.Info) string {
	return expandFormat(format, func(verb string) (string, int) {
		value, ok := statFields[verb[0]]
		if !ok {
			return "?", 1
		}
		return value(p, name, i), 1
	})
}

func fileKind(i vfs.Info) string {
	switch {
	case i.IsDir():
		return "directory"
	case i.IsLink():
		return "symbolic link"
	case i.IsFIFO():
		return "FIFO (named pipe)"
	case i.Mode&vfs.ModeType == vfs.ModeChar:
		return "character device"
	case i.Size == 0:
		return "regular empty file"
	}
	return "regular file"
}

func number[T int64 | uint64 | uint32](n T) string { return fmt.Sprint(n) }

// statFields are the sequences of stat -c.
var statFields = map[byte]func(p *process, name string, i vfs.Info) string{
	'A': func(_ *process, _ string, i vfs.Info) string { return i.ModeString() },
	'a': func(_ *process, _ string, i vfs.Info) string {
		return strconv.FormatUint(uint64(i.Mode&vfs.ModePerms), 8)
	},
	'b': func(_ *process, _ string, i vfs.Info) string { return number(blocks(i)) },
	'B': func(*process, string, vfs.Info) string { return "512" },
	'D': func(_ *process, _ string, i vfs.Info) string { return strconv.FormatUint(i.Dev, 16) },
	'd': func(_ *process, _ string, i vfs.Info) string { return number(i.Dev) },
	'F': func(_ *process, _ string, i vfs.Info) string { return fileKind(i) },
	'f': func(_ *process, _ string, i vfs.Info) string { return strconv.FormatUint(uint64(i.Mode), 16) },
	'G': func(_ *process, _ string, i vfs.Info) string { return vfs.IDName(i.GID) },
	'g': func(_ *process, _ string, i vfs.Info) string { return number(i.GID) },
	'h': func(_ *process, _ string, i vfs.Info) string { return number(i.NLink) },
	'i': func(_ *process, _ string, i vfs.Info) string { return number(i.Ino) },
	'N': func(_ *process, name string, i vfs.Info) string {
		if i.IsLink() {
			return name + " -> '" + i.Target + "'"
		}
		return name
	},
	'n': func(_ *process, name string, _ vfs.Info) string { return name },
	'o': func(*process, string, vfs.Info) string { return "4096" },
	's': func(_ *process, _ string, i vfs.Info) string { return number(i.Size) },
	't': func(_ *process, _ string, i vfs.Info) string {
		return strconv.FormatUint(uint64(b2i(i.Mode&vfs.ModeType == vfs.ModeChar)), 16)
	},
	'T': func(_ *process, _ string, i vfs.Info) string {
		return strconv.FormatUint(uint64(3*b2i(i.Mode&vfs.ModeType == vfs.ModeChar)), 16)
	},
	'U': func(_ *process, _ string, i vfs.Info) string { return vfs.IDName(i.UID) },
	'u': func(_ *process, _ string, i vfs.Info) string { return number(i.UID) },
	'X': func(_ *process, _ string, i vfs.Info) string { return number(i.ATime.Unix()) },
	'x': func(p *process, _ string, i vfs.Info) string { return p.local(i.ATime).Format(statTime) },
	'Y': func(_ *process, _ string, i vfs.Info) string { return number(i.MTime.Unix()) },
	'y': func(p *process, _ string, i vfs.Info) string { return p.local(i.MTime).Format(statTime) },
	'Z': func(_ *process, _ string, i vfs.Info) string { return number(i.CTime.Unix()) },
	'z': func(p *process, _ string, i vfs.Info) string { return p.local(i.CTime).Format(statTime) },
}

func (p *process) local(t time.Time) time.Time { return t.In(p.h.zone()) }

// describe is stat without -c.
func (p *process) describe(name string, i vfs.Info) string {
	return p.formatStat("  File: %N\n  Size: %s\t Blocks: %b\t IO Blocks: %B\t %F\n", name, i) +
		fmt.Sprintf("Device: %xh/%dd\t Inode: %d\t Links: %d\t Device type: 0,0\n", i.Dev, i.Dev, i.Ino, i.NLink) +
		fmt.Sprintf("Access: (%04o/%s)\tUid: (%5d/%8s)\tGid: (%5d/%8s)\n", i.Mode&vfs.ModePerms, i.ModeString(), i.UID, vfs.IDName(i.UID), i.GID, vfs.IDName(i.GID)) +
		p.formatStat("Access: %x\nModify: %y\nChange: %z\n", name, i)
}
