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
