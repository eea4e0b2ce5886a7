package vfs

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
)

// shellFolder is the shell's own folder, with its bugreports.
const (
	shellFolder = "/data/user_de/0/com.android.shell"
	bugreports  = shellFolder + "/files/bugreports"
)

// systemFolders are the folders that every handset has and the shell can reach, by mode
// and owner, each behind the one that it is in. Those in /mnt are of init.rc of Android
// 11; the modes hardly differ from Android 7 on.
var systemFolders = []struct {
	mode     uint32
	uid, gid uint32
	paths    string
}{
	{0o771, 1000, 1000, "/data /data/app /data/data"},
	{0o751, 0, 0, "/data/local"},
	{0o771, 2000, 2000, "/data/local/tmp"},
	{0o711, 1000, 1000, "/data/user_de"},
	{0o771, 1000, 1000, "/data/user_de/0"},
	{0o700, 2000, 2000, shellFolder},
	{0o771, 2000, 2000, shellFolder + "/files " + bugreports},
	{0o755, 0, 1000, "/mnt /mnt/asec /mnt/obb"},
	{0o711, 0, 0, "/mnt/androidwritable /mnt/appfuse /mnt/installer"},
	{0o771, 1000, 1000, "/mnt/expand"},
	{0o750, 0, 1023, "/mnt/media_rw"},
	{0o700, 0, 0, "/mnt/pass_through /mnt/runtime /mnt/secure"},
	{0o755, 0, 0, "/dev /mnt/user /mnt/user/0 /storage /storage/self /sys /sys/fs /system"},
	{0o555, 0, 0, "/proc"},
	{0o775, 0, 1015, "/storage/emulated"},
	{0o750, 0, 0, "/sys/fs/pstore"}, // what SELinux refuses to the shell
	{0o751, 0, 2000, "/system/bin"},
	{0o755, 0, 2000, "/vendor"},
}

// sharedFolders are on shared storage from the first start.
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

// sharedRoot is the owner's shared storage.
const sharedRoot = "/storage/emulated/0"

// Layout says what a new tree holds.
type Layout struct {
	SDK      int      // API level, which decides the shell's groups and the modes of shared storage
	Programs []string // names in /system/bin
	Serial   string   // text of /proc/serial_num; "" leaves the file out
	Kernel   string   // text of /proc/version
	Free     int64    // bytes that may be written
	Cards    []string // folders below /storage of the mounted cards
	Users    []int    // users, whose storage is there if it holds a file
	Files    []Spec
}

// Spec is one file of a layout.
type Spec struct {
	Kind   string // "dir", "fifo", "link"; anything else is a regular file
	Mode   int64  // permission bits; -1: as the folder has them
	UID    int64  // -1: as the folder has it
	GID    int64
	MTime  time.Time
	Path   string
	Body   Content
	Target string // of a symbolic link
}

// Plant builds a file tree. It returns an error if a file is below something that
// is not a folder.
func Plant(l Layout) (*Tree, error) {
	boot := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	t := newTree(Credential{}, l, func() time.Time { return boot })
	for _, row := range systemFolders {
		for path := range strings.FieldsSeq(row.paths) {
			t.must(path, ModeDir|row.mode, row.uid, row.gid)
		}
	}
	for _, name := range l.Programs {
		t.must("/system/bin/"+name, ModeFile|0o755, 0, 2000)
	}
	t.must("/dev/null", ModeChar|0o666, 0, 0)
	t.must("/dev/zero", ModeChar|0o666, 0, 0).body = endless(func(p []byte) { clear(p) })
	for _, name := range []string{"/dev/random", "/dev/urandom"} {
		t.must(name, ModeChar|0o666, 0, 0).body = endless(func(p []byte) { _, _ = rand.Read(p) })
	}
	t.started = time.Now().Add(-51 * time.Hour)
	t.must("/proc/uptime", ModeFile|0o444, 0, 0).body = unsized{made(t.uptime)}
	t.must("/proc/version", ModeFile|0o444, 0, 0).body = newMemory([]byte(l.Kernel + "\n"))
	if l.Serial != "" {
		t.must("/proc/serial_num", ModeFile|0o444, 0, 0).body = newMemory([]byte(l.Serial + "\n"))
	}
	t.must("/sdcard", ModeLink|0o777, 0, 0).Target = "/storage/self/primary"
	t.must("/mnt/sdcard", ModeLink|0o777, 0, 0).Target = "/storage/self/primary"
	t.must("/storage/self/primary", ModeLink|0o777, 0, 0).Target = sharedRoot
	t.plantShared()
	for _, label := range l.Cards {
		t.share("/storage/"+label, ModeDir|0o770, devSDCard)
	}
	// The storages of other users are shown beside the owner's whether or not a list of
	// volumes names them.
	for _, id := range l.Users {
		root := fmt.Sprintf("/storage/emulated/%d", id)
		within := func(s Spec) bool { return strings.HasPrefix(s.Path+"/", root+"/") }
		if id != 0 && slices.ContainsFunc(l.Files, within) {
			t.share(root, t.sharedMode(), devShared)
		}
	}
	for _, s := range l.Files {
		if err := t.plant(s); err != nil {
			return nil, err
		}
	}
	t.cred, t.Now = ShellCredential(l.SDK), time.Now
	return t, nil
}

// sharedMode returns the mode of the folders of shared storage.
func (t *Tree) sharedMode() uint32 {
	if t.layout.SDK < 30 {
		return ModeDir | 0o771
	}
	return ModeDir | 0o2770
}

// plantShared makes shared storage, empty but for its first folders.
func (t *Tree) plantShared() {
	t.share(sharedRoot, t.sharedMode(), devShared)
	for _, name := range sharedFolders {
		t.must(sharedRoot+"/"+name, ModeDir, 0, 0)
	}
}

// share makes the root of a shared storage.
func (t *Tree) share(path string, mode uint32, dev uint64) {
	uid, gid := sharedOwner(t.layout.SDK)
	n := t.must(path, mode, uid, gid)
	n.shared, n.Dev = true, dev
}

// WipeShared empties shared storage and the shell's own folder, as a factory
// reset does. A card keeps its files.
func (t *Tree) WipeShared() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, folder := range []string{"/storage/emulated", "/data/local/tmp", bugreports} {
		if at, e := t.resolveAs(Credential{}, folder, true); e == 0 {
			at.node.kids, at.node.names = map[string]*node{}, nil
		}
	}
	t.free, t.written = t.layout.Free, 0
	t.plantShared()
}

// plant stores one file of the layout, with the folders above it.
func (t *Tree) plant(s Spec) error {
	kinds := map[string]uint32{"dir": ModeDir | 0o755, "fifo": ModeFIFO | 0o644, "link": ModeLink | 0o777}
	mode, ok := kinds[s.Kind]
	if !ok {
		mode = ModeFile | 0o644
	}
	n, e := t.put(s.Path, mode, 0, 0)
	if e != 0 {
		return pathError("plant", s.Path, e)
	}
	if s.Mode >= 0 {
		n.Mode = n.Mode&ModeType | uint32(s.Mode)
	}
	if s.UID >= 0 {
		n.UID, n.GID = uint32(s.UID), uint32(s.GID)
	}
	n.MTime, n.ATime, n.CTime = s.MTime, s.MTime, s.MTime
	n.body, n.Target = s.Body, s.Target
	return nil
}

// must is put for a path that cannot fail.
func (t *Tree) must(path string, mode, uid, gid uint32) *node {
	n, e := t.put(path, mode, uid, gid)
	if e != 0 {
		panic(fmt.Sprintf("adbtest: %s: %s", path, e.Error()))
	}
	return n
}

// put makes the node at path, and the folders above it, past every permission. It
// returns one that is there as it is. t.mu must be held, or the tree be new.
func (t *Tree) put(path string, mode, uid, gid uint32) (*node, Errno) {
	at, e := t.resolveAs(Credential{}, path, false)
	if names := split(path); e == ENOENT && len(names) > 1 {
		if _, e := t.put(join(names[:len(names)-1]), ModeDir|0o755, 0, 0); e != 0 {
			return nil, e
		}
		at, e = t.resolveAs(Credential{}, path, false)
	}
	if e != 0 || at.node != nil {
		return at.node, e
	}
	n := t.newNode(at.parent, mode, uid, gid)
	at.parent.add(at.name, n)
	return n, 0
}

// PutFile stores a file past every permission, as the system does. It returns
// false if the storage is full.
func (t *Tree) PutFile(name string, data []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.free < int64(len(data)) {
		return false
	}
	n, e := t.put(name, ModeFile|0o644, 1000, 1000)
	if e != 0 {
		return false
	}
	if n.body != nil {
		t.free += n.body.Size()
	}
	n.body = newMemory(data)
	t.free -= int64(len(data))
	return true
}

// Drop removes a file or a folder past every permission, if it is there.
func (t *Tree) Drop(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, e := t.resolveAs(Credential{}, name, false); e == 0 && at.node != nil && at.parent != nil {
		t.free += at.node.size()
		at.parent.drop(at.name)
	}
}

// size returns the bytes of the files in a folder, or of a file.
func (n *node) size() (sum int64) {
	if n.body != nil {
		sum = n.body.Size()
	}
	for _, kid := range n.kids {
		sum += kid.size()
	}
	return sum
}
