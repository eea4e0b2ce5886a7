package vfs

import (
	"fmt"
	"slices"
	"strconv"
)

// Credential is the user and groups under which adbd runs, and all that it
// starts.
type Credential struct {
	UID, GID uint32
	Groups   []uint32
}

// ShellCredential returns the credential of adbd's children. media_rw is not one
// of the shell's groups, but on FUSE the media provider lets uid 2000 pass as if
// it were, and sdcardfs gives it sdcard_rw.
func ShellCredential(sdk int) Credential {
	c := Credential{UID: 2000, GID: 2000, Groups: []uint32{1004, 1007, 1011, 1015, 1023, 1028, 3001, 3002, 3003, 3006, 3009, 3011}}
	if sdk >= 30 {
		c.Groups = append(c.Groups, 1078, 1079)
	}
	return c
}

func (c Credential) member(gid uint32) bool { return gid == c.GID || slices.Contains(c.Groups, gid) }

// Label returns the SELinux label.
func (c Credential) Label() string {
	if c.UID == 0 {
		return "u:r:su:s0"
	}
	return "u:r:shell:s0"
}

// Permission bits asked for.
const (
	wantRead  = 4
	wantWrite = 2
	WantExec  = 1
)

func (c Credential) allowed(n *node, want uint32) bool {
	if c.UID == 0 {
		return true
	}
	bits := n.Mode
	switch {
	case n.UID == c.UID:
		bits >>= 6
	case c.member(n.GID):
		bits >>= 3
	}
	return bits&want == want
}

func (c Credential) searchable(n *node, name string) Errno {
	switch {
	case !n.IsDir():
		return ENOTDIR
	case !c.allowed(n, WantExec):
		return EACCES
	case len(name) > maxName:
		return eNAMETOOLONG
	}
	return 0
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

// IDName returns the name of a uid or gid as bionic has it: a fixed name, or
// u<user>_a<app>.
func IDName(id uint32) string {
	if s, ok := androidIDs[id]; ok {
		return s
	}
	user, app := id/100000, id%100000
	if app >= firstAppID && app < 20000 {
		return fmt.Sprintf("u%d_a%d", user, app-firstAppID)
	}
	return strconv.FormatUint(uint64(id), 10)
}

// IDOf returns the uid or gid of a name. It takes a number as it is.
func IDOf(name string) (uint32, bool) {
	for id, s := range androidIDs {
		if s == name {
			return id, true
		}
	}
	var user, app uint32
	if n, _ := fmt.Sscanf(name, "u%d_a%d", &user, &app); n == 2 && app < 10000 {
		return user*100000 + firstAppID + app, true
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return uint32(n), err == nil
}
