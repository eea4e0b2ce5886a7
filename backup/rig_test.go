package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/selection"
	"preship/report"
	"preship/report/casedir"
)

// bare is a profile with few files; tests add their own tree.
const bare = `-- handset.txt --
title: Test handset
serial: TEST0001
features: %s
user: 0 c13 running Owner
%s-- getprop.txt --
[ro.build.version.sdk]: [31]
[ro.build.version.release]: [12]
-- tree.txt --
%s`

// someFiles is an ordinary tree: 3 folders, one of them empty, and 12 files.
const someFiles = `dir - - 2026-03-01T10:00:00Z /sdcard/DCIM/Empty
text - - 2026-03-01T10:00:01.5Z /sdcard/Download/plain.txt "hello"
data - - 2026-03-01T10:00:02Z /sdcard/Download/none.bin 0 1
data - - 2026-03-01T10:00:03Z /sdcard/DCIM/Camera/a.jpg 300000 2
data - - 2026-03-01T10:00:04Z /sdcard/DCIM/Camera/b.jpg 70000 3
data - - 2026-03-01T10:00:05Z /sdcard/DCIM/Camera/c.jpg 65536 4
data - - 2026-03-01T10:00:06Z /sdcard/DCIM/Camera/d.jpg 65537 5
data - - 2026-03-01T10:00:07Z /sdcard/Music/e.mp3 1000000 6
data - - 2026-03-01T10:00:08Z /sdcard/Music/f.mp3 1 7
data - - 2026-03-01T10:00:09Z /sdcard/Music/g.mp3 4096 8
data - - 2026-03-01T10:00:10Z /sdcard/Music/h.mp3 4096 9
data - - 2026-03-01T10:00:11Z /sdcard/Music/i.mp3 4096 10
data - - 2026-03-01T10:00:12Z /sdcard/Music/j.mp3 4096 11
`

// rig is a handset to back up, and a place for cases.
type rig struct {
	t       testing.TB
	handset *adbtest.Handset
	device  *adb.Device
	server  string // its adb server
	dir     string // of the case
	options backup.Options
}

func newRig(t testing.TB, tree string, troubles ...adbtest.Trouble) *rig {
	t.Helper()
	return newRigWith(t, "", tree, troubles...)
}

const android12 = "shell_v2 cmd stat_v2 ls_v2 sendrecv_v2"

func newRigFeatures(t testing.TB, features, tree string) *rig {
	t.Helper()
	return newRigOf(t, fmt.Appendf(nil, bare, features, "", tree)).onlyFiles()
}

// newRigWith adds lines to handset.txt.
func newRigWith(t testing.TB, keys, tree string, troubles ...adbtest.Trouble) *rig {
	t.Helper()
	return newRigOf(t, fmt.Appendf(nil, bare, android12, keys, tree), troubles...).onlyFiles()
}

func newRigOf(t testing.TB, profile []byte, troubles ...adbtest.Trouble) *rig {
	t.Helper()
	return newRigWho(t, adbtest.OwnerHelpful(), profile, troubles...)
}

// newRigOwned returns a rig whose handset has another owner.
func newRigOwned(t testing.TB, owner adbtest.Owner, tree string) *rig {
	t.Helper()
	return newRigWho(t, owner, fmt.Appendf(nil, bare, android12, "", tree)).onlyFiles()
}

func newRigWho(t testing.TB, owner adbtest.Owner, profile []byte, troubles ...adbtest.Trouble) *rig {
	t.Helper()
	p, err := adbtest.Parse("test", profile)
	if err != nil {
		t.Fatal(err)
	}
	return newRigOn(t, owner, p, troubles...)
}

// newRigOn returns a rig with the handset of a profile.
func newRigOn(t testing.TB, owner adbtest.Owner, p *adbtest.Profile, troubles ...adbtest.Trouble) *rig {
	t.Helper()
	options := []adbtest.Option{adbtest.WithTrouble(troubles...), adbtest.WithOwner(owner)}
	if slices.ContainsFunc(troubles, func(t adbtest.Trouble) bool { return t.Kind == adbtest.TroubleCut }) {
		// At this speed few bytes are on their way when the cable is cut.
		options = append(options, adbtest.WithSpeed(16<<20))
	}
	h := adbtest.New(p, options...)
	t.Cleanup(func() { _ = h.Close() })
	s, err := adbtest.NewServer(adbtest.LocalAddr(), h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	client, err := adb.New(adb.Options{Addr: s.Addr(), IdleTimeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{
		t: t, handset: h, device: client.Device(h.Serial()), server: s.Addr(), dir: filepath.Join(t.TempDir(), "case"),
		options: backup.Options{Wait: 20 * time.Second},
	}
}

// onlyFiles makes the rig save files, and of the other kinds the calls alone. Asking for
// the others is most of the work of a backup of few files; rigs of a whole profile do.
func (r *rig) onlyFiles() *rig {
	r.options.Take = filesAndCalls
	return r
}

var filesAndCalls = func() selection.Selection {
	s, err := selection.Parse([]string{string(selection.Files), string(selection.Calls)}, nil)
	if err != nil {
		panic(err)
	}
	return s
}()

// openCase opens the rig's case, and creates a missing one. The caller closes it.
func (r *rig) openCase() *casedir.Case {
	r.t.Helper()
	c, err := casedir.Open(r.dir)
	if errors.Is(err, casedir.ErrNotCase) {
		c, err = casedir.Create(r.dir, time.Now())
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// run makes a backup in the rig's case, or resumes one.
func (r *rig) run(ctx context.Context) (report.Backup, error) {
	r.t.Helper()
	c := r.openCase()
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	return backup.Run(ctx, r.device, asker{r.device}, c, r.options)
}

// mustRun makes a complete backup and asserts that it is sound.
func (r *rig) mustRun() report.Backup {
	r.t.Helper()
	b, err := r.run(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	r.sound(b)
	return b
}

// sound asserts that a backup has an entry for every listed file, that manifest and
// summary agree, and that every saved file exists.
func (r *rig) sound(b report.Backup) {
	r.t.Helper()
	if n := b.Files; n.Listed != n.Saved+n.Changed+n.Unreadable || n.Proved > n.Saved {
		r.t.Errorf("files do not add up: %+v", n)
	}
	entries, m := r.manifest()
	if m.Files != b.Files || m.Bytes != b.Bytes {
		r.t.Errorf("manifest has %+v %+v, the summary %+v %+v", m.Files, m.Bytes, b.Files, b.Bytes)
	}
	var proved int64
	for _, e := range entries {
		if e.Status == manifest.StatusProved && !strings.HasPrefix(e.Path, "/data/app/") {
			proved++
		}
	}
	if proved != b.Files.Proved {
		r.t.Errorf("manifest has %d proved entries, the summary %d", proved, b.Files.Proved)
	}
	if res := r.check(true); len(res.Problems) > 0 {
		r.t.Errorf("check of a fresh backup: %v", res.Problems)
	}
	r.spoken(b)
	if _, err := os.Stat(filepath.Join(r.dir, "backup", "parts")); !errors.Is(err, os.ErrNotExist) {
		r.t.Errorf("the folder of parts is still there: %v", err)
	}
}

// olderVersion is added to the path of an older version in a map of entries.
const olderVersion = " (older)"

// manifest reads the manifest by path on the handset.
func (r *rig) manifest() (map[string]manifest.Entry, *manifest.Manifest) {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, manifest.Name))
	if err != nil {
		r.t.Fatal(err)
	}
	entries := map[string]manifest.Entry{}
	m, err := manifest.Read(bytes.NewReader(b), func(e *manifest.Entry) error {
		name := e.Path
		if e.PathB64 != nil {
			name = string(e.PathB64)
		}
		if e.Status == manifest.StatusKept && e.Reason != "" {
			name += olderVersion
		}
		if _, twice := entries[name]; twice {
			r.t.Errorf("%q is in the manifest twice", name)
		}
		entries[name] = *e
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return entries, m
}

func (r *rig) check(read bool) backup.CheckResult {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer root.Close()
	res, err := backup.Check(root, read)
	if err != nil {
		r.t.Fatal(err)
	}
	return res
}

// host returns the path on the computer of a file of the owner's storage.
func (r *rig) host(rel string) string {
	return filepath.Join(r.dir, "backup", "storage", "emulated", "0", filepath.FromSlash(rel))
}

// original reads a file from the handset, with adb and no other code under test.
func (r *rig) original(path string) []byte {
	r.t.Helper()
	var b bytes.Buffer
	if _, err := r.device.PullFile(context.Background(), path, &b); err != nil {
		r.t.Fatal(err)
	}
	return b.Bytes()
}

// shells returns how many shell lines sent to the handset begin with a word.
func (r *rig) shells(word string) (n int) {
	for _, s := range r.handset.Sent() {
		if strings.HasPrefix(s.Line, word) {
			n++
		}
	}
	return n
}

// hashes returns how often sha256sum was asked for.
func (r *rig) hashes() (n int) {
	for _, s := range r.handset.Sent() {
		if strings.Contains(s.Line, "xargs -0 sha256sum") {
			n++
		}
	}
	return n
}

func finding(t testing.TB, b report.Backup, id string) report.Finding {
	t.Helper()
	f, ok := b.Findings.ByID(id)
	if !ok {
		t.Fatalf("no finding %s", id)
	}
	return f
}

func wantStatus(t testing.TB, b report.Backup, id string, want report.Status) {
	t.Helper()
	if f := finding(t, b, id); f.Status != want {
		t.Errorf("%s is %s (%s), want %s", id, f.Status, f.Summary, want)
	}
}

// asker asks over adb and keeps no evidence.
type asker struct{ dev *adb.Device }

func (a asker) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	res, err := a.dev.Shell(ctx, line.String(), nil)
	return handset.Answer{Stdout: res.Stdout, Stderr: res.Stderr, Exit: res.Exit}, err
}
