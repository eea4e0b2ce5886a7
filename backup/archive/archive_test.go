package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/backup/agefile"
	"preship/backup/archive"
	"preship/report/safefile"
)

const id = "PS-20261122-7K3Q9D"

var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

// sample is a case in a folder: files smaller and larger than a pack, without contents, and
// with names that a careless program breaks on.
func sample(t testing.TB) *os.Root {
	t.Helper()
	root := opened(t, t.TempDir())
	names := map[string]string{
		"case.json": "{}", "report.json": "the report", "evidence/0001-getprop.txt": "an answer", "evidence/empty.txt": "",
		"backup.manifest.json": "PRIVATE-NAME.jpg", "case.lock": "", "private/bugreport.zip": "a bug report",
		"backup/storage/emulated/0/DCIM/PRIVATE-NAME.jpg":       strings.Repeat("PRIVATE-CONTENTS ", 300),
		"backup/storage/emulated/0/film.mp4":                    strings.Repeat("0123456789abcdef", 1000),
		"backup/storage/emulated/0/empty":                       "",
		"backup/storage/emulated/0/zz/last":                     "x",
		"backup/storage/emulated/0/" + strings.Repeat("x", 255): "a name as long as a disk allows",
	}
	if runtime.GOOS == "linux" {
		names["backup/storage/emulated/0/-rf \n\xff\u202e'\".txt"] = "odd"
	}
	for name, contents := range names {
		must(t, root.MkdirAll(filepath.Dir(name), 0o700))
		must(t, root.WriteFile(name, []byte(contents), 0o600))
		must(t, root.Chtimes(name, testTime, testTime.Add(-time.Duration(len(name))*time.Hour)))
	}
	must(t, root.MkdirAll("backup/storage/emulated/0/empty folder", 0o700))
	return root
}

func opened(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	must(t, err)
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// contents returns the files of a case, with their times, and its folders.
func contents(t testing.TB, root *os.Root) map[string]string {
	t.Helper()
	all := map[string]string{}
	var walk func(dir string)
	walk = func(dir string) {
		in, err := root.Open(dir)
		must(t, err)
		entries, err := in.ReadDir(-1)
		must(t, errors.Join(err, in.Close()))
		for _, d := range entries {
			name := path.Join(dir, d.Name())
			switch {
			case name == "case.lock" || name == archive.JournalName:
			case d.IsDir():
				all[name] = "folder"
				walk(name)
			default:
				b, readErr := root.ReadFile(name)
				fi, statErr := d.Info()
				must(t, errors.Join(readErr, statErr))
				all[name] = fmt.Sprint(fi.ModTime().UTC(), string(b))
			}
		}
	}
	walk(".")
	return all
}

type keys struct {
	public string
	secret *agefile.Key
}

func newKeys(t testing.TB) keys {
	t.Helper()
	public, secret, err := agefile.NewKey()
	must(t, err)
	k, err := agefile.ParseKey(bytes.NewReader(secret), nil)
	must(t, err)
	return keys{public, k}
}

func (k keys) options() archive.Options {
	return archive.Options{Address: "file:///archive", To: []string{k.public}, Now: testTime, PackBytes: 4000}
}

func write(t testing.TB, s archive.Store, root *os.Root, k keys) archive.Written {
	t.Helper()
	w, err := archive.Write(t.Context(), s, root, id, k.options())
	must(t, err)
	return w
}

// fetched returns what an archive gives back.
func fetched(t testing.TB, s archive.Store, k keys, digest string) map[string]string {
	t.Helper()
	r, err := archive.Open(t.Context(), s, id, k.secret, digest)
	must(t, err)
	to := opened(t, t.TempDir())
	_, err = r.Fetch(t.Context(), to, archive.FetchOptions{})
	must(t, err)
	return contents(t, to)
}

// objects returns what a store has, by name.
func objects(t testing.TB, s archive.Store) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	must(t, s.Versions(t.Context(), "", func(v archive.Version) error {
		r, err := s.Get(t.Context(), v.Name)
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		all[v.Name] = b
		return nil
	}))
	return all
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	root, s, k := sample(t), folder(t), newKeys(t)
	w := write(t, s, root, k)
	if w.Packs < 5 || w.Kept != 0 || w.Files < 10 {
		t.Errorf("wrote %+v", w)
	}
	want := contents(t, root)
	if got := fetched(t, s, k, w.Digest); !maps.Equal(got, want) {
		t.Errorf("comes back as %q\nwant %q", got, want)
	}
	for name, b := range objects(t, s) {
		if bytes.Contains(b, []byte("PRIVATE")) || strings.Contains(name, "PRIVATE") || strings.HasSuffix(name, ".age") && !bytes.HasPrefix(b, []byte("age-encryption.org/v1\n")) {
			t.Errorf("%s can be read", name)
		}
	}
	if _, err := root.Lstat(archive.JournalName); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the encrypted key stays outside of the archive: %v", err)
	}
	key := objects(t, s)[id+"/key.age"]
	again := write(t, s, root, k)
	if again.Kept != 0 || bytes.Equal(key, objects(t, s)[id+"/key.age"]) {
		t.Errorf("%d packs, and the key, of the archive before stay", again.Kept)
	}
	for _, key := range []*agefile.Key{nil, k.secret} {
		res, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Sample: 1, Digest: again.Digest, Key: key})
		if err != nil || len(res.Problems) > 0 || res.Opened != (key != nil) || key == nil && res.Read != res.Objects || key != nil && res.Files < 10 {
			t.Errorf("check: %+v, %v", res, err)
		}
	}
}

// TestFetchResumes: existing files stay, also a file of another person.
func TestFetchResumes(t *testing.T) {
	t.Parallel()
	root, s, k := sample(t), folder(t), newKeys(t)
	w := write(t, s, root, k)
	r, err := archive.Open(t.Context(), s, id, k.secret, w.Digest)
	must(t, err)
	to := opened(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	first, err := r.Fetch(ctx, to, archive.FetchOptions{Progress: func(done, all int64) {
		if done > all/2 {
			cancel()
		}
	}})
	if err == nil || first.Files == 0 {
		t.Fatalf("%+v, %v, want a fetch that is cut off", first, err)
	}
	second, err := r.Fetch(t.Context(), to, archive.FetchOptions{})
	if err != nil || second.There != first.Files {
		t.Errorf("%+v, %v, want %d that are there", second, err, first.Files)
	}
	if got, want := contents(t, to), contents(t, root); !maps.Equal(got, want) {
		t.Errorf("comes back as %q\nwant %q", got, want)
	}
	must(t, to.WriteFile("report.json", []byte("of somebody else"), 0o600))
	if _, err := r.Fetch(t.Context(), to, archive.FetchOptions{}); !errors.Is(err, archive.ErrInTheWay) {
		t.Errorf("%v, want %v", err, archive.ErrInTheWay)
	}
	if b, _ := to.ReadFile("report.json"); string(b) != "of somebody else" {
		t.Errorf("the file holds %q now", b)
	}
	part, err := r.Fetch(t.Context(), opened(t, t.TempDir()), archive.FetchOptions{Want: func(p string) bool { return strings.HasSuffix(p, "/last") }})
	if err != nil || part.Files != 1 {
		t.Errorf("one file: %+v, %v", part, err)
	}
}

// dying is a store whose connection, and the process with it, ends at a call.
type dying struct {
	archive.Store
	mu   sync.Mutex
	left int  // calls until the end
	late bool // the last call is done before the end
}

var errKilled = errors.New("killed")

func (d *dying) call(do func() error) error {
	d.mu.Lock()
	d.left--
	left := d.left
	d.mu.Unlock()
	if left < 0 || left == 0 && !d.late {
		return errKilled
	}
	if err := do(); err != nil || left > 0 {
		return err
	}
	return errKilled
}

func (d *dying) Put(ctx context.Context, name string, r io.Reader, until time.Time) error {
	return d.call(func() error { return d.Store.Put(ctx, name, r, until) })
}

func (d *dying) Get(ctx context.Context, name string) (r io.ReadCloser, err error) {
	err = d.call(func() error {
		r, err = d.Store.Get(ctx, name)
		return err
	})
	if err != nil && r != nil {
		_ = r.Close()
	}
	return r, err
}

// TestInterrupted: killed at each call of the store, before it and after it. What does not
// count yet is not taken for an archive, and the next run ends with a whole one.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	root, k := sample(t), newKeys(t)
	want := contents(t, root)
	kept := 0
	for _, late := range []bool{false, true} {
		for n := 1; ; n++ {
			s := folder(t)
			must(t, root.RemoveAll(archive.JournalName))
			_, err := archive.Write(t.Context(), &dying{Store: s, left: n, late: late}, root, id, k.options())
			if err == nil {
				break
			}
			if !errors.Is(err, errKilled) {
				t.Fatalf("killed at call %d: %v", n, err)
			}
			if n%3 == 0 { // a line of the journal that is cut short
				b, err := root.ReadFile(archive.JournalName)
				must(t, err)
				must(t, root.WriteFile(archive.JournalName, b[:len(b)-3], 0o600))
			}
			w := write(t, s, root, k)
			kept += w.Kept
			res, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Sample: 1, Digest: w.Digest, Key: k.secret})
			if err != nil || len(res.Problems) > 0 {
				t.Errorf("killed at call %d: %+v, %v", n, res, err)
			}
			if n%8 == 0 {
				if got := fetched(t, s, k, w.Digest); !maps.Equal(got, want) {
					t.Errorf("killed at call %d: comes back as %q", n, got)
				}
			}
		}
	}
	if kept == 0 {
		t.Error("no run that was resumed kept a pack")
	}
}

// TestChanged: a case that changes between two runs, or in one.
func TestChanged(t *testing.T) {
	t.Parallel()
	root, s, k := sample(t), folder(t), newKeys(t)
	write(t, s, root, k)
	must(t, root.WriteFile("backup/storage/emulated/0/film.mp4", []byte("shorter"), 0o600))
	w := write(t, s, root, k)
	if got, want := fetched(t, s, k, w.Digest), contents(t, root); !maps.Equal(got, want) {
		t.Errorf("comes back as %q", got)
	}
	for name := range objects(t, s) {
		if strings.Contains(name, "packs/") && name > fmt.Sprintf("%s/packs/%05d.age", id, w.Packs) {
			t.Errorf("%s of the archive before is left", name)
		}
	}
	o := k.options()
	var once sync.Once
	o.Progress = func(done, all int64) {
		if done > all/2 {
			once.Do(func() {
				must(t, root.WriteFile("backup/storage/emulated/0/zz/last", []byte("y"), 0o600))
				must(t, root.Remove(archive.JournalName))
			})
		}
	}
	must(t, root.WriteFile("backup/storage/emulated/0/film.mp4", bytes.Repeat([]byte("new"), 4000), 0o600))
	if _, err := archive.Write(t.Context(), s, root, id, o); !errors.Is(err, archive.ErrChanged) {
		t.Errorf("%v, want %v", err, archive.ErrChanged)
	}
	must(t, root.Symlink("film.mp4", "backup/storage/emulated/0/link"))
	if _, err := archive.Write(t.Context(), s, root, id, k.options()); !errors.Is(err, safefile.ErrNotRegular) {
		t.Errorf("a link: %v, want %v", err, safefile.ErrNotRegular)
	}
}

// TestRot: every object, changed in every way, is named by the check, and never restored.
func TestRot(t *testing.T) {
	t.Parallel()
	root, s, k := sample(t), folder(t), newKeys(t)
	w := write(t, s, root, k)
	whole := objects(t, s)
	ways := map[string]func([]byte) []byte{
		"bit":     func(b []byte) []byte { c := bytes.Clone(b); c[len(c)/2] ^= 1; return c },
		"shorter": func(b []byte) []byte { return b[:len(b)-1] },
		"longer":  func(b []byte) []byte { return append(bytes.Clone(b), 0) },
		"empty":   func([]byte) []byte { return nil },
		"other":   func([]byte) []byte { return whole[id+"/packs/00002.age"] },
	}
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		if strings.HasPrefix(name, id+"/packs/0000") && name > id+"/packs/00001.age" {
			continue
		}
		short := strings.TrimPrefix(name, id+"/")
		for way, change := range ways {
			must(t, s.Put(t.Context(), name, bytes.NewReader(change(whole[name])), time.Time{}))
			res, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Sample: 1, Digest: w.Digest})
			if err != nil || len(res.Problems) != 1 || res.Problems[0].File != short {
				t.Errorf("%s, %s: check finds %+v, %v", short, way, res.Problems, err)
			}
			if err := fetchInto(t, s, k, w.Digest); !errors.Is(err, archive.ErrDamaged) && !errors.Is(err, archive.ErrOther) {
				t.Errorf("%s, %s: fetch: %v", short, way, err)
			} else if !strings.Contains(err.Error(), short) && short != "list.json" {
				t.Errorf("%s, %s: %v does not name it", short, way, err)
			}
			if res, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Digest: w.Digest, Key: k.secret}); err != nil || len(res.Problems) == 0 {
				t.Errorf("%s, %s: check with the key finds %+v, %v", short, way, res.Problems, err)
			}
		}
		must(t, s.Delete(t.Context(), archive.Version{Name: name}))
		res, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Sample: 0.1, Digest: w.Digest})
		if err != nil || len(res.Problems) != 1 || res.Problems[0].File != short {
			t.Errorf("%s, missing: check finds %+v, %v", short, res.Problems, err)
		}
		must(t, s.Put(t.Context(), name, bytes.NewReader(whole[name]), time.Time{}))
	}
	must(t, fetchInto(t, s, k, w.Digest))
}

func fetchInto(t *testing.T, s archive.Store, k keys, digest string) error {
	t.Helper()
	r, err := archive.Open(t.Context(), s, id, k.secret, digest)
	if err != nil {
		return err
	}
	to := opened(t, t.TempDir())
	_, err = r.Fetch(t.Context(), to, archive.FetchOptions{})
	for name := range contents(t, to) {
		if strings.HasSuffix(name, safefile.TempSuffix) {
			t.Errorf("%s is left", name)
		}
	}
	return err
}

// TestWrongKey: neither another key nor another archive of the same case opens.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	root, s, k, other := sample(t), folder(t), newKeys(t), newKeys(t)
	w := write(t, s, root, k)
	for _, test := range []struct {
		key    *agefile.Key
		digest string
		want   error
	}{
		{other.secret, w.Digest, agefile.ErrWrongKey},
		{nil, w.Digest, agefile.ErrKeyNeeded},
		{k.secret, strings.Repeat("0", 64), archive.ErrOther},
	} {
		if _, err := archive.Open(t.Context(), s, id, test.key, test.digest); !errors.Is(err, test.want) {
			t.Errorf("%v, want %v", err, test.want)
		}
	}
	// Whoever writes to the store can make an archive of the same ID: it is not this one.
	write(t, s, root, other)
	if _, err := archive.Open(t.Context(), s, id, k.secret, w.Digest); !errors.Is(err, archive.ErrOther) {
		t.Errorf("%v, want %v", err, archive.ErrOther)
	}
}

// TestSample: the same seed reads the same objects, and at least one of the data.
func TestSample(t *testing.T) {
	t.Parallel()
	root, s, k := sample(t), folder(t), newKeys(t)
	w := write(t, s, root, k)
	var reads []int
	for seed := range uint64(20) {
		a, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Seed: seed, Digest: w.Digest})
		must(t, err)
		b, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Seed: seed, Digest: w.Digest})
		if err != nil || a.Bytes != b.Bytes || a.Read != 3 {
			t.Errorf("seed %d: %+v and %+v, %v", seed, a, b, err)
		}
		half, err := archive.Check(t.Context(), s, id, archive.CheckOptions{Seed: seed, Sample: 0.5, Digest: w.Digest})
		must(t, err)
		reads = append(reads, half.Read)
	}
	if slices.Max(reads) == slices.Min(reads) || slices.Max(reads) > w.Packs+10 {
		t.Errorf("half of the objects are %v", reads)
	}
}
