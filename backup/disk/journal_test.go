package disk

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/backup/manifest"
)

func testRoot(t testing.TB) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	if err := root.MkdirAll(manifest.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return root
}

func line(path string) string {
	return fmt.Sprintf(`{"path":%q,"size":1,"mtime":2,"ino":3,"sha256":"%064x","proof":"hash"}`+"\n", path, 7)
}

// readBack writes b as a journal and returns the paths believed, and the journal
// after one more line was appended to it.
func readBack(t testing.TB, b string) (paths []string, after string) {
	t.Helper()
	root := testRoot(t)
	if err := root.WriteFile(manifest.JournalName, []byte(b), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := OpenJournal(root, func(r *Record) { paths = append(paths, r.OnHandset()) })
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Write(&Record{Path: "/added", SHA256: strings.Repeat("0", 64)}); err != nil {
		t.Fatal(err)
	}
	if err := j.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := root.ReadFile(manifest.JournalName)
	if err != nil {
		t.Fatal(err)
	}
	return paths, string(got)
}

func TestOpenJournal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, journal string
		paths         string // joined by spaces
		kept          string // the journal before the appended line
	}{
		{"empty", "", "", ""},
		{"whole", line("/a") + line("/b"), "/a /b", line("/a") + line("/b")},
		{"cut anywhere", line("/a") + line("/b")[:20], "/a", line("/a")},
		{"cut late in a long line", line("/a") + line("/" + strings.Repeat("b", 3000))[:3000], "/a", line("/a")},
		{"cut before its newline", line("/a") + strings.TrimSuffix(line("/b"), "\n"), "/a", line("/a")},
		{"damaged in the middle", line("/a") + "\x00\x00garbage\n" + line("/b"), "/a /b", line("/a") + "\x00\x00garbage\n" + line("/b")},
		{"another kind of line", "{}\n[1]\nnull\n" + line("/a"), "/a", "{}\n[1]\nnull\n" + line("/a")},
		{"endless line", strings.Repeat("x", 3*maxJournalLine) + "\n" + line("/a"), "/a", strings.Repeat("x", 3*maxJournalLine) + "\n" + line("/a")},
		{"bytes that are no text", `{"path":"\\xff","path_b64":"/y8=","size":0,"mtime":0,"ino":0,"sha256":"","proof":""}` + "\n", "\xff/", ""},
	} {
		paths, after := readBack(t, tt.journal)
		if got := strings.Join(paths, " "); got != tt.paths {
			t.Errorf("%s: believed %q, want %q", tt.name, got, tt.paths)
		}
		added, ok := strings.CutPrefix(after, tt.kept)
		if tt.kept != "" && (!ok || !strings.HasPrefix(added, `{"path":"/added"`) || strings.Count(added, "\n") != 1 || !strings.HasSuffix(added, "\n")) {
			t.Errorf("%s: the journal became %.200q", tt.name, after)
		}
	}
}

// A line counts as on the disk only after fsync succeeded.
func TestJournalSyncAsksTheDisk(t *testing.T) {
	t.Parallel()
	j, err := OpenJournal(testRoot(t), func(*Record) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.Write(&Record{Path: "/a"}), j.Sync()); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	// No line is left to write, so only fsync can fail.
	if err := j.Sync(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("sync of a closed journal: error %v, want %v", err, os.ErrClosed)
	}
	if err := j.Write(&Record{Path: "/b"}); err != nil {
		t.Fatal(err)
	}
	if err := j.Sync(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("sync of a line to a closed journal: error %v, want %v", err, os.ErrClosed)
	}
}

// TestRecordSum: an invalid hash is an error.
func TestRecordSum(t *testing.T) {
	t.Parallel()
	for sum, ok := range map[string]bool{
		strings.Repeat("ab", 32): true, strings.Repeat("ab", 31): false, strings.Repeat("zz", 32): false, "": false,
	} {
		if _, err := (&Record{SHA256: sum}).ContentSum(); (err == nil) != ok {
			t.Errorf("sum of %q: %v", sum, err)
		}
	}
}

func FuzzReadJournal(f *testing.F) {
	f.Add([]byte(line("/a") + line("/b")[:30]))
	f.Add([]byte("{}\nnull\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		lines := 0
		whole, err := readJournal(bytes.NewReader(b), func(r *Record) {
			lines++
			if r.Path == "" {
				t.Fatal("believed a line without a path")
			}
		})
		if err != nil || whole < 0 || whole > int64(len(b)) || lines > bytes.Count(b, []byte("\n")) {
			t.Fatalf("%d lines, %d whole bytes of %d, error %v", lines, whole, len(b), err)
		}
	})
}

func TestOpenStoreDropsParts(t *testing.T) {
	t.Parallel()
	root := testRoot(t)
	if err := root.MkdirAll(PartsDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(PartsDir+"/1", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenStore(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := filepath.Glob(filepath.Join(root.Name(), PartsDir, "*")); err != nil || len(got) > 0 {
		t.Errorf("still there: %v %v", got, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
