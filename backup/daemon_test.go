package backup_test

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
)

// otherApp is another user than the shell.
const otherApp = 10256

// TestRunAgainstADaemon backs up the files of a real daemon and compares the manifest with
// its file system: every file is listed, and files that the shell may not read are named.
func TestRunAgainstADaemon(t *testing.T) {
	serial, top := os.Getenv("PRESHIP_HANDSET"), os.Getenv("SDCARD")
	if serial == "" || top == "" {
		t.Skip("needs PRESHIP_HANDSET, the serial of a handset, and SDCARD, the folder it shows as its storage")
	}
	client, err := adb.New(adb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, folders := daemonTree(t, filepath.Join(top, "preship-test"))
	r := &rig{t: t, device: client.Device(serial), dir: filepath.Join(t.TempDir(), "case")}
	b := r.mustRun()
	entries, _ := r.manifest()
	for name, data := range files {
		e := entries["/storage/emulated/0/preship-test/"+name]
		if data == nil {
			if e.Status != manifest.StatusUnreadable || !strings.Contains(e.Reason, "ermission denied") {
				t.Errorf("%q may not be read and is %+v", name, e)
			}
			continue
		}
		if e.Status != manifest.StatusProved {
			t.Errorf("%q is %+v, want proved", name, e)
		}
		r.holdsEntry(e, data)
	}
	for _, name := range folders {
		if e := entries["/storage/emulated/0/preship-test/"+name]; e.Status != manifest.StatusUnreadable || e.Type != manifest.TypeDir {
			t.Errorf("the closed folder %q is %+v", name, e)
		}
	}
	wantStatus(t, b, check.BackupUnreadable, report.StatusFail)
	r.recalls(top, "/storage/emulated/0", entries)
}

// recalls asserts that every file below top is an entry, or in an unreadable folder.
func (r *rig) recalls(top, root string, entries map[string]manifest.Entry) {
	r.t.Helper()
	seen := 0
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		seen++
		e, ok := entries[path.Join(root, filepath.ToSlash(strings.TrimPrefix(name, top)))]
		switch {
		case !ok:
			r.t.Errorf("%q is on the handset and not in the manifest", name)
		case d.IsDir() && e.Status == manifest.StatusUnreadable:
			return fs.SkipDir
		case d.Type().IsRegular() != (e.Type == manifest.TypeFile):
			r.t.Errorf("%q is %v on the handset and %s in the manifest", name, d.Type(), e.Type)
		}
		return nil
	})
	if err != nil {
		r.t.Error(err)
	}
	if seen != len(entries) {
		r.t.Errorf("%d names on the handset, %d in the manifest", seen, len(entries))
	}
}

// daemonTree makes files of every kind below dir. Those without data may not be
// read by the shell, and neither may the folders.
func daemonTree(t *testing.T, dir string) (files map[string][]byte, folders []string) {
	t.Helper()
	files = map[string][]byte{"empty": {}, "large": bytes.Repeat([]byte("0123456789abcdef"), 2<<20), "closed.db": nil}
	for _, name := range hostileNames {
		files["in "+name+"/"+name] = []byte(name)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		name = filepath.Join(dir, name)
		must(os.MkdirAll(filepath.Dir(name), 0o755))
		mode := fs.FileMode(0o644)
		if data == nil {
			mode = 0o600
		}
		must(os.WriteFile(name, data, mode))
	}
	must(os.Lchown(filepath.Join(dir, "closed.db"), otherApp, otherApp))
	must(os.Mkdir(filepath.Join(dir, "closed"), 0o700))
	must(os.WriteFile(filepath.Join(dir, "closed", "inside"), []byte("lost"), 0o644))
	must(os.Lchown(filepath.Join(dir, "closed"), otherApp, otherApp))
	must(os.Symlink("/", filepath.Join(dir, "loop")))
	return files, []string{"closed"}
}
