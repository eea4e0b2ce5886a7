package toybox

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// runLs is toybox ls without options. It prints one name a line: its output is never a
// terminal here.
func runLs(_ context.Context, p *Process) int {
	if len(p.names) == 0 {
		p.names = []string{"."}
	}
	var files, folders []string
	code := p.each("%s: %s", func(name string) error {
		i, err := p.sys.Tree().Stat(p.Abs(name))
		if err != nil {
			i, err = p.sys.Tree().Lstat(p.Abs(name))
		}
		switch {
		case err != nil:
			return err
		case i.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
		return nil
	})
	if len(files) > 0 && len(folders) > 0 { // files listed beside folders have a line before them
		p.Printf("\n")
	}
	p.printSorted(files)
	slices.Sort(folders)
	for n, dir := range folders {
		if n > 0 || len(files) > 0 {
			p.Printf("\n")
		}
		if len(folders)+len(files) > 1 {
			p.Printf("%s:\n", dir)
		}
		kids, err := p.sys.Tree().ReadDir(p.Abs(dir))
		if err != nil {
			code = p.Fail("%s: %s", dir, vfs.ErrnoOf(err))
		}
		var names []string
		for _, kid := range kids {
			if !strings.HasPrefix(kid.Name, ".") {
				names = append(names, kid.Name)
			}
		}
		p.printSorted(names)
	}
	return code
}

func (p *Process) printSorted(names []string) {
	slices.Sort(names)
	for _, name := range names {
		p.Printf("%s\n", name)
	}
}

// plainStat is stat without -c.
const plainStat = "  File: %N\n  Size: %s\t Blocks: %b\t IO Blocks: 512\t %F\n" +
	"Device: %Dh/%dd\t Inode: %i\t Links: %h\t Device type: 0,0\n" +
	"Access: (0%a/%A)\tUid: (%5u/%8U)\tGid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z"

func runStat(_ context.Context, p *Process) int {
	format := plainStat
	if p.opts.has('c') {
		format = p.opts['c']
	}
	return p.each("'%s': %s", func(name string) error {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		if err != nil {
			return err
		}
		values := statValues(name, i, p.sys.Now().Location())
		p.Printf("%s\n", statField.ReplaceAllStringFunc(format, func(field string) string {
			value, ok := values[field[len(field)-1]]
			if !ok {
				return "?"
			}
			width, _ := strconv.Atoi(field[1 : len(field)-1])
			return fmt.Sprintf("%*s", width, value)
		}))
		return nil
	})
}

var statField = regexp.MustCompile(`%\d*.`)

// typeNames are the first letter of a mode, and stat's words for the type.
var typeNames = map[uint32][2]string{
	vfs.ModeFile: {"-", "regular file"}, vfs.ModeDir: {"d", "directory"}, vfs.ModeLink: {"l", "symbolic link"},
	vfs.ModeFIFO: {"p", "FIFO (named pipe)"}, vfs.ModeChar: {"c", "character device"},
}

// statValues are the fields of a format, by letter.
func statValues(name string, i vfs.Info, zone *time.Location) map[byte]string {
	kind, blocks, shown := typeNames[i.Mode&vfs.ModeType], (i.Size+4095)/4096*8, name
	if i.IsLink() {
		blocks, shown = 0, name+" -> '"+i.Target+"'"
	}
	const clock = "2006-01-02 15:04:05.000000000 -0700"
	return map[byte]string{
		'%': "%", 'n': name, 'N': shown, 's': number(i.Size), 'b': number(blocks), 'F': kind[1], 'f': strconv.FormatUint(uint64(i.Mode), 16),
		'a': strconv.FormatUint(uint64(i.Mode&vfs.ModePerms), 8), 'A': kind[0] + fs.FileMode(i.Mode & 0o777).String()[1:],
		'd': number(int64(i.Dev)), 'D': strconv.FormatUint(i.Dev, 16), 'i': number(int64(i.Ino)), 'h': number(int64(i.NLink)),
		'u': number(int64(i.UID)), 'U': vfs.IDName(i.UID), 'g': number(int64(i.GID)), 'G': vfs.IDName(i.GID),
		'x': i.ATime.In(zone).Format(clock), 'y': i.MTime.In(zone).Format(clock), 'z': i.CTime.In(zone).Format(clock), 'Y': number(i.MTime.Unix()),
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
