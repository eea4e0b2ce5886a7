package adbtest

import "time"

// File types and permission bits of st_mode.
const (
	modeType  = 0o170000
	modeDir   = 0o040000
	modeFile  = 0o100000
	modeLink  = 0o120000
	modeFIFO  = 0o010000
	modeChar  = 0o020000
	modePerms = 0o7777
)

// info describes one file, as lstat does. mode is a raw st_mode.
type info struct {
	name                string
	mode                uint32
	size                int64
	mtime, atime, ctime time.Time
	ino, dev            uint64
	nlink, uid, gid     uint32
	target              string // of a symbolic link
}

func (i info) isDir() bool     { return i.mode&modeType == modeDir }
func (i info) isRegular() bool { return i.mode&modeType == modeFile }
func (i info) isLink() bool    { return i.mode&modeType == modeLink }
func (i info) isFIFO() bool    { return i.mode&modeType == modeFIFO }

// /dev/null is the only one: device 1:3

// modeString is the mode as ls -l and stat's %A print it.
func (i info) modeString() string {
	b := []byte("?rwxrwxrwx")
	switch i.mode & modeType {
	case modeDir:
		b[0] = 'd'
	case modeFile:
		b[0] = '-'
	case modeLink:
		b[0] = 'l'
	case modeFIFO:
		b[0] = 'p'
	case modeChar:
		b[0] = 'c'
	}
	for bit := range 9 {
		if i.mode&(0o400>>bit) == 0 {
			b[1+bit] = '-'
		}
	}
	for _, s := range []struct {
		bit uint32
		at  int
		on  byte
	}{{0o4000, 3, 's'}, {0o2000, 6, 's'}, {0o1000, 9, 't'}} {
		if i.mode&s.bit == 0 {
			continue
		}
		if b[s.at] == '-' {
			b[s.at] = s.on - 'a' + 'A'
		} else {
			b[s.at] = s.on
		}
	}
	return string(b)
}
