package adbtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// shellCredential is what adbd gives its children. media_rw is not one of the
// shell's groups, but on FUSE the media provider lets uid 2000 pass as if it
// were, and sdcardfs gives it sdcard_rw.
func shellCredential(p *Profile) credential {
	c := credential{uid: 2000, gid: 2000, groups: []uint32{1004, 1007, 1011, 1015, 1023, 1028, 3001, 3002, 3003, 3006, 3009, 3011}}
	if p.sdk() >= 30 {
		c.groups = append(c.groups, 1078, 1079)
	}
	return c
}

// systemFolders are the folders every handset has, as far as the shell comes
// near them.
var systemFolders = []struct {
	path     string
	mode     uint32
	uid, gid uint32
}{
	{"/data", 0o771, 1000, 1000},
	{"/data/app", 0o771, 1000, 1000},
	{"/data/data", 0o771, 1000, 1000},
	{"/data/local", 0o751, 0, 0},
	{"/data/local/tmp", 0o771, 2000, 2000},
	{"/dev", 0o755, 0, 0},
	{"/mnt", 0o755, 0, 1000},
	{"/mnt/user", 0o755, 0, 1000},
	{"/proc", 0o555, 0, 0},
	{"/storage", 0o755, 0, 0},
	{"/storage/emulated", 0o775, 0, 1015},
	{"/storage/self", 0o755, 0, 0},
	{"/system", 0o755, 0, 0},
	{"/system/bin", 0o751, 0, 2000},
	{"/vendor", 0o755, 0, 2000},
}

// sharedFolders are on shared storage from the first start on.
var sharedFolders = []string{
	"Alarms", "Android", "Android/data", "Android/media", "Android/obb", "DCIM", "Documents", "Download", "Movies",
	"Music", "Notifications", "Pictures", "Podcasts", "Ringtones",
}

// sharedOwner is whom everything on shared storage seems to belong to: with
// FUSE, from Android 11 on, the media provider; with sdcardfs, root.
func sharedOwner(sdk int) (uid, gid uint32) {
	if sdk >= 30 {
		return 10164, 1023
	}
	return 0, 1015
}

const sharedRoot = "/storage/emulated/0"

// plantTree builds the file tree of a profile. It fails when the profile puts a
// file below something that is no folder.
func plantTree(p *Profile) (*tree, error) {
	boot := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	t := newTree(credential{}, (p.storage.totalKB-p.storage.usedKB)<<10, func() time.Time { return boot })
	for _, d := range systemFolders {
		t.must(d.path, modeDir|d.mode, d.uid, d.gid)
	}
	for name, c := range installed {
		if c.since <= p.sdk() && !c.builtin {
			t.must("/system/bin/"+name, modeFile|0o755, 0, 2000)
		}
	}
	for _, d := range devices {
		t.must(d.path, d.mode, 0, 0).body = d.body
	}
	if p.cpu != "" {
		t.must("/proc/serial_num", modeFile|0o444, 0, 0).body = newMemory([]byte(p.cpu + "\n"))
	}
	t.must("/sdcard", modeLink|0o777, 0, 0).target = "/storage/self/primary"
	t.must("/storage/self/primary", modeLink|0o777, 0, 0).target = sharedRoot
	t.plantShared(p)
	for _, v := range p.volumes {
		if v.label != "null" && v.state == "mounted" {
			t.share(t.must("/storage/"+v.label, modeDir|0o770, p.mediaUser, p.mediaGrp), devSDCard)
		}
	}
	t.plantOtherUsers(p)
	for _, s := range p.files {
		if err := t.plant(s); err != nil {
			return nil, err
		}
	}
	t.cred, t.now = shellCredential(p), time.Now
	return t, nil
}

// plantOtherUsers makes the storages of other users that the profile has files in.
// They are shown beside the owner's whether or not a list of volumes names them.
func (t *tree) plantOtherUsers(p *Profile) {
	for _, u := range p.users {
		root := fmt.Sprintf("/storage/emulated/%d", u.id)
		within := func(s fileSpec) bool { return s.path == root || strings.HasPrefix(s.path, root+"/") }
		if u.id != 0 && slices.ContainsFunc(p.files, within) {
			t.share(t.must(root, sharedMode(p), p.mediaUser, p.mediaGrp), devShared)
		}
	}
}

// sharedMode is the mode of the folders of shared storage.
func sharedMode(p *Profile) uint32 {
	if p.sdk() < 30 {
		return modeDir | 0o771
	}
	return modeDir | 0o2770
}

// plantShared puts shared storage there, empty but for its first folders.
func (t *tree) plantShared(p *Profile) {
	mode := sharedMode(p)
	t.share(t.must(sharedRoot, mode, p.mediaUser, p.mediaGrp), devShared)
	for _, name := range sharedFolders {
		t.must(sharedRoot+"/"+name, mode, p.mediaUser, p.mediaGrp)
	}
}

func (t *tree) share(n *node, dev uint64) { n.shared, n.dev = true, dev }

// wipeShared empties shared storage and the shell's own folder, as a factory
// reset does. A card keeps what it holds.
func (t *tree) wipeShared(p *Profile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, e := t.resolveAs(credential{}, "/storage/emulated", true)
	if e == 0 {
		at.node.kids, at.node.names = map[string]*node{}, nil
	}
	if at, e = t.resolveAs(credential{}, "/data/local/tmp", true); e == 0 {
		at.node.kids, at.node.names = map[string]*node{}, nil
	}
	t.free, t.written = (p.storage.totalKB-p.storage.usedKB)<<10, 0
	t.plantShared(p)
}

// plant puts one file of a profile there, with the folders above it.
func (t *tree) plant(s fileSpec) error {
	kinds := map[string]uint32{"dir": modeDir | 0o755, "fifo": modeFIFO | 0o644, "link": modeLink | 0o777}
	mode, ok := kinds[s.kind]
	if !ok {
		mode = modeFile | 0o644
	}
	n, e := t.put(s.path, mode, 0, 0)
	if e != 0 {
		return pathError("plant", s.path, e)
	}
	if s.mode >= 0 {
		n.mode = n.mode&modeType | uint32(s.mode)
	}
	if s.uid >= 0 {
		n.uid, n.gid = uint32(s.uid), uint32(s.gid)
	}
	n.mtime, n.atime, n.ctime = s.mtime, s.mtime, s.mtime
	n.body, n.target = s.body, s.target
	return nil
}

// must is put for what cannot be in the way of anything.
func (t *tree) must(path string, mode, uid, gid uint32) *node {
	n, e := t.put(path, mode, uid, gid)
	if e != 0 {
		panic(fmt.Sprintf("adbtest: %s: %s", path, e.Error()))
	}
	return n
}

// put makes the node at path, and the folders above it, asking nobody. One that
// is there is returned as it is. t.mu must be held, or the tree be new.
func (t *tree) put(path string, mode, uid, gid uint32) (*node, errno) {
	at, e := t.resolveAs(credential{}, path, false)
	if names := split(path); e == eNOENT && len(names) > 1 {
		if _, e := t.put(join(names[:len(names)-1]), modeDir|0o755, 0, 0); e != 0 {
			return nil, e
		}
		at, e = t.resolveAs(credential{}, path, false)
	}
	if e != 0 || at.node != nil {
		return at.node, e
	}
	n := t.newNode(at.parent, mode, uid, gid)
	if n.shared {
		n.mode = mode&modeType | at.parent.mode&0o660
		if mode&modeType == modeDir {
			n.mode = at.parent.mode
		}
	}
	at.parent.add(at.name, n)
	return n, 0
}
