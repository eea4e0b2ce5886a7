package adbtest

import "slices"

// credential is the user and groups under which adbd runs, and all that it
// starts.
type credential struct {
	uid, gid uint32
	groups   []uint32
}

// shellCredential returns the credential of adbd's children. media_rw is not one
// of the shell's groups, but on FUSE the media provider lets uid 2000 pass as if
// it were, and sdcardfs gives it sdcard_rw.
func shellCredential(sdk int) credential {
	c := credential{uid: 2000, gid: 2000, groups: []uint32{1004, 1007, 1011, 1015, 1023, 1028, 3001, 3002, 3003, 3006, 3009, 3011}}
	if sdk >= 30 {
		c.groups = append(c.groups, 1078, 1079)
	}
	return c
}

func (c credential) member(gid uint32) bool { return gid == c.gid || slices.Contains(c.groups, gid) }

// label returns the SELinux label.
func (c credential) label() string {
	if c.uid == 0 {
		return "u:r:su:s0"
	}
	return "u:r:shell:s0"
}

// Permission bits asked for.
const (
	wantRead  = 4
	wantWrite = 2
	wantExec  = 1
)

func (c credential) allowed(n *node, want uint32) bool {
	if c.uid == 0 {
		return true
	}
	bits := n.mode
	switch {
	case n.uid == c.uid:
		bits >>= 6
	case c.member(n.gid):
		bits >>= 3
	}
	return bits&want == want
}

func (c credential) searchable(n *node, name string) errno {
	switch {
	case !n.isDir():
		return eNOTDIR
	case !c.allowed(n, wantExec):
		return eACCES
	case len(name) > maxName:
		return eNAMETOOLONG
	}
	return 0
}
