package adbtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

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

// sharedOwner returns the owner of every file on shared storage: with FUSE, from
// Android 11 on, the media provider; with sdcardfs, root.
func sharedOwner(sdk int) (uid, gid uint32) {
	if sdk >= 30 {
		return 10164, 1023
	}
	return 0, 1015
}

const sharedRoot = "/storage/emulated/0"

// layout says what a new tree holds.
type layout struct {
	sdk      int      // API level, which decides the shell's groups and the modes of shared storage
	programs []string // names in /system/bin
	serial   string   // text of /proc/serial_num; "" leaves the file out
	free     int64    // bytes that may be written
	uid, gid uint32   // owner of every file on shared storage
	cards    []string // folders below /storage of the mounted cards
	users    []int    // users, whose storage is there if it holds a file
	files    []spec
}

// spec is one file of a layout.
type spec struct {
	kind   string // "dir", "fifo", "link"; anything else is a regular file
	mode   int64  // permission bits; -1: as the folder has them
	uid    int64  // -1: as the folder has it
	gid    int64
	mtime  time.Time
	path   string
	body   content
	target string // of a symbolic link
}

// plantTree builds a file tree. It returns an error if a file lies below
// something that is not a folder.
func plantTree(l layout) (*tree, error) {
	boot := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	t := newTree(credential{}, l, func() time.Time { return boot })
	for _, d := range systemFolders {
		t.must(d.path, modeDir|d.mode, d.uid, d.gid)
	}
	for _, name := range l.programs {
		t.must("/system/bin/"+name, modeFile|0o755, 0, 2000)
	}
	for _, d := range devices {
		t.must(d.path, d.mode, 0, 0).body = d.body
	}
	if l.serial != "" {
		t.must("/proc/serial_num", modeFile|0o444, 0, 0).body = newMemory([]byte(l.serial + "\n"))
	}
	t.must("/sdcard", modeLink|0o777, 0, 0).target = "/storage/self/primary"
	t.must("/storage/self/primary", modeLink|0o777, 0, 0).target = sharedRoot
	t.plantShared()
	for _, label := range l.cards {
		t.share(t.must("/storage/"+label, modeDir|0o770, l.uid, l.gid), devSDCard)
	}
	t.plantOtherUsers()
	for _, s := range l.files {
		if err := t.plant(s); err != nil {
			return nil, err
		}
	}
	t.cred, t.now = shellCredential(l.sdk), time.Now
	return t, nil
}

// plantOtherUsers makes the storages of the other users that have files. They
// are shown beside the owner's whether or not a list of volumes names them.
func (t *tree) plantOtherUsers() {
	for _, id := range t.layout.users {
		root := fmt.Sprintf("/storage/emulated/%d", id)
		within := func(s spec) bool { return s.path == root || strings.HasPrefix(s.path, root+"/") }
		if id != 0 && slices.ContainsFunc(t.layout.files, within) {
			t.share(t.must(root, t.sharedMode(), t.layout.uid, t.layout.gid), devShared)
		}
	}
}

// sharedMode returns the mode of the folders of shared storage.
func (t *tree) sharedMode() uint32 {
	if t.layout.sdk < 30 {
		return modeDir | 0o771
	}
	return modeDir | 0o2770
}

// plantShared makes shared storage, empty but for its first folders.
func (t *tree) plantShared() {
	mode, uid, gid := t.sharedMode(), t.layout.uid, t.layout.gid
	t.share(t.must(sharedRoot, mode, uid, gid), devShared)
	for _, name := range sharedFolders {
		t.must(sharedRoot+"/"+name, mode, uid, gid)
	}
}

func (t *tree) share(n *node, dev uint64) { n.shared, n.dev = true, dev }

// wipeShared empties shared storage and the shell's own folder, as a factory
// reset does. A card keeps what it holds.
func (t *tree) wipeShared() {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, e := t.resolveAs(credential{}, "/storage/emulated", true)
	if e == 0 {
		at.node.kids, at.node.names = map[string]*node{}, nil
	}
	if at, e = t.resolveAs(credential{}, "/data/local/tmp", true); e == 0 {
		at.node.kids, at.node.names = map[string]*node{}, nil
	}
	t.free, t.written = t.layout.free, 0
	t.plantShared()
}

// plant stores one file of the layout, with the folders above it.
func (t *tree) plant(s spec) error {
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

// must is put for a path that nothing can be in the way of.
func (t *tree) must(path string, mode, uid, gid uint32) *node {
	n, e := t.put(path, mode, uid, gid)
	if e != 0 {
		panic(fmt.Sprintf("adbtest: %s: %s", path, e.Error()))
	}
	return n
}

// put makes the node at path, and the folders above it, past every permission. It
// returns one that is there as it is. t.mu must be held, or the tree be new.
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

// plantFile stores a file past every permission, as the system does. It returns
// false if the storage is full.
func (t *tree) plantFile(name string, data []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.free < int64(len(data)) {
		return false
	}
	n, e := t.put(name, modeFile|0o644, 1000, 1000)
	if e != 0 {
		return false
	}
	if n.body != nil {
		t.free += n.body.size()
	}
	n.body = newMemory(data)
	t.free -= int64(len(data))
	return true
}

// uproot removes a file past every permission, if it is there.
func (t *tree) uproot(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, e := t.resolveAs(credential{}, name, false); e == 0 && at.node != nil && at.node.body != nil {
		t.free += at.node.body.size()
		at.parent.drop(at.name)
	}
}
