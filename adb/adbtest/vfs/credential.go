package vfs

import "slices"

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
	bits := n.mode
	switch {
	case n.uid == c.UID:
		bits >>= 6
	case c.member(n.gid):
		bits >>= 3
	}
	return bits&want == want
}

func (c Credential) searchable(n *node, name string) Errno {
	switch {
	case !n.isDir():
		return ENOTDIR
	case !c.allowed(n, WantExec):
		return EACCES
	case len(name) > maxName:
		return eNAMETOOLONG
	}
	return 0
}
