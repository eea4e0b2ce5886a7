package vfs

import "time"

// File types and permission bits of st_mode.
const (
	ModeType  = 0o170000
	ModeDir   = 0o040000
	ModeFile  = 0o100000
	ModeLink  = 0o120000
	ModeFIFO  = 0o010000
	ModeChar  = 0o020000
	ModePerms = 0o7777
)

// Info describes one file, as lstat does. mode is a raw st_mode.
type Info struct {
	Name                string
	Mode                uint32
	Size                int64
	MTime, ATime, CTime time.Time
	Ino, Dev            uint64
	NLink, UID, GID     uint32
	Target              string // of a symbolic link
}

func (i Info) IsDir() bool     { return i.Mode&ModeType == ModeDir }
func (i Info) IsRegular() bool { return i.Mode&ModeType == ModeFile }
func (i Info) IsLink() bool    { return i.Mode&ModeType == ModeLink }
func (i Info) IsFIFO() bool    { return i.Mode&ModeType == ModeFIFO }

// /dev/null is the only one: device 1:3

// ModeString returns the mode as ls -l and stat's %A print it.
func (i Info) ModeString() string {
	b := []byte("?rwxrwxrwx")
	switch i.Mode & ModeType {
	case ModeDir:
		b[0] = 'd'
	case ModeFile:
		b[0] = '-'
	case ModeLink:
		b[0] = 'l'
	case ModeFIFO:
		b[0] = 'p'
	case ModeChar:
		b[0] = 'c'
	}
	for bit := range 9 {
		if i.Mode&(0o400>>bit) == 0 {
			b[1+bit] = '-'
		}
	}
	for _, s := range []struct {
		bit uint32
		at  int
		on  byte
	}{{0o4000, 3, 's'}, {0o2000, 6, 's'}, {0o1000, 9, 't'}} {
		if i.Mode&s.bit == 0 {
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
