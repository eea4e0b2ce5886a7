package adbtest

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

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

// info is what lstat says of one file. mode is a raw st_mode. It implements
// fs.FileInfo for the shell interpreter.
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

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return i.mtime }
func (i info) IsDir() bool        { return i.isDir() }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	m := fs.FileMode(i.mode & 0o777)
	switch i.mode & modeType {
	case modeDir:
		m |= fs.ModeDir
	case modeLink:
		m |= fs.ModeSymlink
	case modeFIFO:
		m |= fs.ModeNamedPipe
	case modeChar:
		m |= fs.ModeDevice | fs.ModeCharDevice
	}
	if i.mode&0o2000 != 0 {
		m |= fs.ModeSetgid
	}
	return m
}

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

// Android's fixed users and groups, android_filesystem_config.h, as far as
// they own anything uid shell gets to see.
var androidIDs = map[uint32]string{
	0: "root", 1000: "system", 1001: "radio", 1003: "graphics", 1004: "input", 1005: "audio", 1007: "log",
	1011: "adb", 1013: "media", 1015: "sdcard_rw", 1023: "media_rw", 1028: "sdcard_r", 1077: "external_storage",
	1078: "ext_data_rw", 1079: "ext_obb_rw", 2000: "shell", 2002: "misc", 3001: "net_bt_admin", 3002: "net_bt",
	3003: "inet", 3006: "net_bw_stats", 3009: "readproc", 3011: "uhid", 3012: "readtracefs", 9997: "everybody",
}

const firstAppID = 10000

// idName names a uid or gid as bionic does: a fixed name, or u<user>_a<app>.
func idName(id uint32) string {
	if s, ok := androidIDs[id]; ok {
		return s
	}
	user, app := id/100000, id%100000
	if app >= firstAppID && app < 20000 {
		return fmt.Sprintf("u%d_a%d", user, app-firstAppID)
	}
	return strconv.FormatUint(uint64(id), 10)
}

// idOf is the inverse of idName; numbers are taken as they are.
func idOf(name string) (uint32, bool) {
	for id, s := range androidIDs {
		if s == name {
			return id, true
		}
	}
	if rest, ok := strings.CutPrefix(name, "u"); ok {
		if u, a, ok := strings.Cut(rest, "_a"); ok {
			user, err1 := strconv.ParseUint(u, 10, 16)
			app, err2 := strconv.ParseUint(a, 10, 16)
			if err1 == nil && err2 == nil && app < 10000 {
				return uint32(user)*100000 + firstAppID + uint32(app), true
			}
		}
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return uint32(n), err == nil
}
