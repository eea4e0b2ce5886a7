package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/backup/agefile"
)

const hostileCase = "PS-20261122-7K3Q9D"

// forged is an archive that somebody with write access to the store made: everything is
// encrypted to the key of the case, and has its SHA-256 in the list.
func forged(t *testing.T, s Store, index string) *agefile.Key {
	t.Helper()
	public, secret, err := agefile.NewKey()
	must(t, err)
	key, err := agefile.ParseKey(bytes.NewReader(secret), nil)
	must(t, err)
	l := list{Format: listFormat, Case: hostileCase, Written: time.Now(), Recipient: public}
	for name, contents := range map[string]string{keyName: string(secret), indexName: index, packName(0): "0123456789", filePrefix + "report.json.age": "{}"} {
		o, err := put(t.Context(), s, hostileCase, name, public, 0, time.Time{}, func(w io.Writer) error {
			_, err := io.WriteString(w, contents)
			return err
		})
		must(t, err)
		l.Objects = append(l.Objects, o)
	}
	b, err := json.Marshal(l)
	must(t, err)
	must(t, s.Put(t.Context(), hostileCase+"/"+listName, bytes.NewReader(b), time.Time{}))
	return key
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func store(t testing.TB) *Folder {
	t.Helper()
	f, err := OpenFolder(t.TempDir())
	must(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// TestForgedIndex: nothing is written outside the folder, or more than the packs hold.
func TestForgedIndex(t *testing.T) {
	t.Parallel()
	sum := sumOf([]byte("0123456789"))
	file := func(path string, size, at int64, more string) string {
		return fmt.Sprintf(`{"path":%q,"size":%d,"at":%d,"sha256":%q%s}`, path, size, at, sum, more)
	}
	good := `{"case":"` + hostileCase + `","files":1,"bytes":10,"pack":10}` + "\n"
	for name, test := range map[string]struct {
		index string
		ok    bool
	}{
		"good":              {good + file("backup/a", 10, 0, "") + "\n", true},
		"out of the folder": {good + file("../a", 10, 0, "") + "\n", false},
		"absolute":          {good + file("/tmp/a", 10, 0, "") + "\n", false},
		"not clean":         {good + file("backup//a", 10, 0, "") + "\n", false},
		"empty name":        {good + file("", 10, 0, "") + "\n", false},
		"the folder itself": {good + file(".", 10, 0, "") + "\n", false},
		"the lock":          {good + file("case.lock", 10, 0, "") + "\n", false},
		"too long":          {good + file("backup/a", 11, 0, "") + "\n", false},
		"negative":          {good + file("backup/a", -1, 0, "") + "\n", false},
		"elsewhere":         {good + file("backup/a", 10, 5, "") + "\n", false},
		"other contents":    {good + strings.Replace(file("backup/a", 10, 0, ""), sum, sumOf(nil), 1) + "\n", false},
		"no such object":    {good + file("backup/a", 10, 0, `,"object":"package/no.age"`) + "\n", false},
		"the key as a file": {good + file("backup/a", 10, 0, `,"object":"key.age"`) + "\n", false},
		"cut short":         {good + file("backup/a", 10, 0, ""), false},
		"more":              {good + file("backup/a", 10, 0, "") + "\n" + "{}\n", false},
		"twice":             {strings.Replace(good, `"files":1`, `"files":2`, 1) + file("backup/a", 5, 0, "") + "\n" + file("backup/a", 5, 5, "") + "\n", false},
		"endless line":      {good + `{"path":"` + strings.Repeat("a", 1<<17) + `"}` + "\n", false},
		"another case":      {strings.Replace(good, "7K3Q9D", "7K3Q9E", 1) + file("backup/a", 10, 0, "") + "\n", false},
		"many packs":        {strings.Replace(good, `"bytes":10,"pack":10`, `"bytes":9223372036854775807,"pack":1`, 1) + file("backup/a", 10, 0, "") + "\n", false},
		"overflow":          {strings.Replace(good, `"bytes":10,"pack":10`, `"bytes":9223372036854775807,"pack":2147483648`, 1) + file("backup/a", 10, 0, "") + "\n", false},
		"many files":        {strings.Replace(good, `"files":1`, `"files":99999999999`, 1), false},
		"no pack":           {strings.Replace(good, `"pack":10`, `"pack":0`, 1) + file("backup/a", 10, 0, "") + "\n", false},
		"not JSON":          {"\x00\x00", false},
		"empty":             {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := store(t)
			key := forged(t, s, test.index)
			parent := t.TempDir()
			must(t, os.Mkdir(filepath.Join(parent, "to"), 0o700))
			to, err := os.OpenRoot(filepath.Join(parent, "to"))
			must(t, err)
			defer to.Close()
			r, err := Open(t.Context(), s, hostileCase, key, "")
			if err == nil {
				_, err = r.Fetch(t.Context(), to, FetchOptions{})
			}
			if test.ok != (err == nil) || err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("error %v", err)
			}
			beside, err := os.ReadDir(parent)
			must(t, err)
			inside, err := os.ReadDir(to.Name())
			must(t, err)
			if len(beside) != 1 || len(inside) > 0 && !test.ok && inside[0].Name() != "backup" {
				t.Errorf("wrote %v and %v", beside, inside)
			}
		})
	}
}

// endless is a store whose objects and lists have no end.
type endless struct{ Store }

type zeros struct{ n int64 }

func (z *zeros) Read(b []byte) (int, error) {
	clear(b)
	z.n += int64(len(b))
	if z.n > 1<<30 {
		panic("read a gigabyte")
	}
	return len(b), nil
}

func (e endless) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if strings.HasSuffix(name, listName) {
		if r, err := e.Store.Get(ctx, name); err == nil {
			return r, nil
		}
	}
	return io.NopCloser(&zeros{}), nil
}

func (e endless) Versions(_ context.Context, under string, each func(Version) error) error {
	for {
		if err := each(Version{Name: under + keyName, Latest: true}); err != nil {
			return err
		}
	}
}

func TestEndlessAnswers(t *testing.T) {
	t.Parallel()
	s := store(t)
	if _, err := Open(t.Context(), endless{s}, hostileCase, nil, ""); !errors.Is(err, ErrDamaged) {
		t.Errorf("a list without end: %v", err)
	}
	key := forged(t, s, "")
	if _, err := Open(t.Context(), endless{s}, hostileCase, key, ""); !errors.Is(err, ErrDamaged) {
		t.Errorf("a key without end: %v", err)
	}
	for name, err := range map[string]error{
		"check":  func() error { _, err := Check(t.Context(), endless{s}, hostileCase, CheckOptions{}); return err }(),
		"delete": func() error { _, err := Delete(t.Context(), endless{s}, hostileCase, time.Now()); return err }(),
	} {
		if !errors.Is(err, ErrTooMany) {
			t.Errorf("%s of a store that lists without end: %v", name, err)
		}
	}
}

// FuzzList: no list leads to another case, or to more bytes than one may have.
func FuzzList(f *testing.F) {
	f.Add([]byte(`{"format":"urn:preship:archive:v1","case":"` + hostileCase + `","objects":[{"name":"key.age","size":1,"sha256":"` + sumOf(nil) + `"},{"name":"index.age","size":1,"sha256":"` + sumOf(nil) + `"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := readList(t.Context(), fixed{contents: b}, hostileCase, "")
		if err != nil {
			return
		}
		for _, o := range l.Objects {
			if !filepath.IsLocal(o.Name) || o.Size < 0 || o.Size > maxObject {
				t.Errorf("takes %+v", o)
			}
		}
	})
}

// fixed is a store that answers every name with the same bytes.
type fixed struct {
	Store
	contents []byte
}

func (f fixed) Get(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(f.contents)), nil
}
