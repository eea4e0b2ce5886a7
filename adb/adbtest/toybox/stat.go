package toybox

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

const statTime = "2006-01-02 15:04:05.000000000 -0700"

// runStat is toybox stat.
func runStat(_ context.Context, p *Process) int {
	opts, files, ok := p.Options("c:")
	if !ok || !p.needs(files, 1) {
		return 1
	}
	code := 0
	for _, name := range files {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		if err != nil {
			code = p.Fail("'%s': %s", name, vfs.ErrnoOf(err))
			continue
		}
		if opts.has('c') {
			p.Printf("%s\n", p.formatStat(opts['c'], name, i))
			continue
		}
		p.Printf("%s", p.describe(name, i))
	}
	return code
}

// formatStat replaces the sequences of a format.
func (p *Process) formatStat(format, name string, i vfs.Info) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(format, "%")
		b.WriteString(before)
		switch {
		case !ok:
			return b.String()
		case after == "" || after[0] == '%':
			b.WriteByte('%')
			format = strings.TrimPrefix(after, "%")
			continue
		}
		if value, ok := statFields[after[0]]; ok {
			b.WriteString(value(p, name, i))
		} else {
			b.WriteByte('?')
		}
		format = after[1:]
	}
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
var statFields = map[byte]func(p *Process, name string, i vfs.Info) string{
	'A': func(_ *Process, _ string, i vfs.Info) string { return i.ModeString() },
	'a': func(_ *Process, _ string, i vfs.Info) string {
		return strconv.FormatUint(uint64(i.Mode&vfs.ModePerms), 8)
	},
	'b': func(_ *Process, _ string, i vfs.Info) string { return number(blocks(i)) },
	'B': func(*Process, string, vfs.Info) string { return "512" },
	'D': func(_ *Process, _ string, i vfs.Info) string { return strconv.FormatUint(i.Dev, 16) },
	'd': func(_ *Process, _ string, i vfs.Info) string { return number(i.Dev) },
	'F': func(_ *Process, _ string, i vfs.Info) string { return fileKind(i) },
	'f': func(_ *Process, _ string, i vfs.Info) string { return strconv.FormatUint(uint64(i.Mode), 16) },
	'G': func(_ *Process, _ string, i vfs.Info) string { return vfs.IDName(i.GID) },
	'g': func(_ *Process, _ string, i vfs.Info) string { return number(i.GID) },
	'h': func(_ *Process, _ string, i vfs.Info) string { return number(i.NLink) },
	'i': func(_ *Process, _ string, i vfs.Info) string { return number(i.Ino) },
	'N': func(_ *Process, name string, i vfs.Info) string {
		if i.IsLink() {
			return name + " -> '" + i.Target + "'"
		}
		return name
	},
	'n': func(_ *Process, name string, _ vfs.Info) string { return name },
	'o': func(*Process, string, vfs.Info) string { return "4096" },
	's': func(_ *Process, _ string, i vfs.Info) string { return number(i.Size) },
	't': func(_ *Process, _ string, i vfs.Info) string { major, _ := device(i); return major },
	'T': func(_ *Process, _ string, i vfs.Info) string { _, minor := device(i); return minor },
	'U': func(_ *Process, _ string, i vfs.Info) string { return vfs.IDName(i.UID) },
	'u': func(_ *Process, _ string, i vfs.Info) string { return number(i.UID) },
	'X': func(_ *Process, _ string, i vfs.Info) string { return number(i.ATime.Unix()) },
	'x': func(p *Process, _ string, i vfs.Info) string { return p.local(i.ATime).Format(statTime) },
	'Y': func(_ *Process, _ string, i vfs.Info) string { return number(i.MTime.Unix()) },
	'y': func(p *Process, _ string, i vfs.Info) string { return p.local(i.MTime).Format(statTime) },
	'Z': func(_ *Process, _ string, i vfs.Info) string { return number(i.CTime.Unix()) },
	'z': func(p *Process, _ string, i vfs.Info) string { return p.local(i.CTime).Format(statTime) },
}

func (p *Process) local(t time.Time) time.Time { return t.In(p.sys.Now().Location()) }

// describe is stat without -c.
func (p *Process) describe(name string, i vfs.Info) string {
	return p.formatStat("  File: %N\n  Size: %s\t Blocks: %b\t IO Blocks: %B\t %F\n", name, i) +
		fmt.Sprintf("Device: %xh/%dd\t Inode: %d\t Links: %d\t Device type: 0,0\n", i.Dev, i.Dev, i.Ino, i.NLink) +
		fmt.Sprintf("Access: (%04o/%s)\tUid: (%5d/%8s)\tGid: (%5d/%8s)\n", i.Mode&vfs.ModePerms, i.ModeString(), i.UID, vfs.IDName(i.UID), i.GID, vfs.IDName(i.GID)) +
		p.formatStat("Access: %x\nModify: %y\nChange: %z\n", name, i)
}

// device returns the numbers of a device file: /dev/null is the only one asked.
func device(i vfs.Info) (major, minor string) {
	if i.Mode&vfs.ModeType == vfs.ModeChar {
		return "1", "3"
	}
	return "0", "0"
}

// blocks returns the number of 512-byte blocks of a file.
func blocks(i vfs.Info) int64 {
	if i.IsLink() {
		return 0
	}
	return (i.Size + 4095) / 4096 * 8
}
