package manifest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/report"
)

var testManifest = Manifest{
	Head: Head{
		Schema: Schema, Tool: "test", Serial: "S1", Started: time.Unix(1, 0).UTC(), Finished: time.Unix(2, 0).UTC(),
		Complete: true, Prove: ProveHash, Roots: []Root{{Path: "/storage/emulated/0", Names: 2}}, Listing: []string{"a <b> & c"},
	},
	Tail: Tail{Entries: 2, Files: report.Tally{Listed: 2, Saved: 2}},
}

func testEntries() []Entry {
	odd := Entry{Type: TypeFile, Status: StatusProved, Size: 5 << 30, MTime: -1, Ino: 1 << 60, SHA256: strings.Repeat("ab", 32)}
	odd.SetPath([]byte("/storage/emulated/0/bad\xff\x1b[31m<&>"))
	return []Entry{{Path: "/storage/emulated/0/a", Type: TypeDir, Status: StatusRecorded, Mode: "40771"}, odd}
}

func encoded(t testing.TB, m *Manifest, entries []Entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	if err := encode(w, m, slices.Values(entries)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestManifestRoundTrip(t *testing.T) {
	t.Parallel()
	b := encoded(t, &testManifest, testEntries())
	if !json.Valid(b) {
		t.Fatalf("not JSON:\n%s", b)
	}
	if n := bytes.Count(b, []byte("\n")); n != 6 {
		t.Errorf("%d lines, want head, brackets, an entry each, and the totals:\n%s", n, b)
	}
	if bytes.ContainsAny(b, "\x1b\xff") {
		t.Errorf("raw control bytes in\n%s", b)
	}
	var got []Entry
	m, err := Read(bytes.NewReader(b), func(e *Entry) error {
		got = append(got, *e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*m, testManifest) {
		t.Errorf("got  %+v\nwant %+v", *m, testManifest)
	}
	if !reflect.DeepEqual(got, testEntries()) {
		t.Errorf("got  %+v\nwant %+v", got, testEntries())
	}
	if p := got[1].OnHandset(); p != "/storage/emulated/0/bad\xff\x1b[31m<&>" {
		t.Errorf("path came back as %q", p)
	}
}

func TestReadManifestRefuses(t *testing.T) {
	t.Parallel()
	whole := encoded(t, &testManifest, testEntries())
	wrong := testManifest
	wrong.Entries = 3
	for name, b := range map[string][]byte{
		"empty":            nil,
		"no object":        []byte("[]"),
		"another schema":   bytes.Replace(whole, []byte(Schema), []byte("urn:x"), 1),
		"one entry less":   encoded(t, &testManifest, testEntries()[:1]),
		"one entry more":   encoded(t, &wrong, testEntries()),
		"entries no array": []byte(`{"schema":"` + Schema + `","entries":{}}`),
	} {
		if _, err := Read(bytes.NewReader(b), func(*Entry) error { return nil }); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got error %v, want ErrManifest", name, err)
		}
	}
	for cut := range len(whole) - 2 { // without its last brace and newline
		if _, err := Read(bytes.NewReader(whole[:cut]), func(*Entry) error { return nil }); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut at %d: got error %v, want ErrManifest", cut, err)
		}
	}
	stop := errors.New("stop")
	if _, err := Read(bytes.NewReader(whole), func(*Entry) error { return stop }); !errors.Is(err, stop) || errors.Is(err, ErrDamaged) {
		t.Errorf("got error %v, want the caller's own", err)
	}
}

// TestWriteManifestReplaces: an error leaves the old manifest where it is.
func TestWriteManifestReplaces(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for range 2 {
		if err := Write(root, &testManifest, slices.Values(testEntries())); err != nil {
			t.Fatal(err)
		}
	}
	before, err := root.ReadFile(Name)
	if err != nil {
		t.Fatal(err)
	}
	const temp = Name + ".preship-tmp" // as safefile.Replace has it
	if err := root.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(temp+"/x", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(root, &testManifest, slices.Values(testEntries()[:1])); err == nil {
		t.Error("no error although the temporary name is taken")
	}
	if after, err := root.ReadFile(Name); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the manifest changed: %v", err)
	}
}

func FuzzReadManifest(f *testing.F) {
	f.Add(encoded(f, &testManifest, testEntries()))
	f.Add([]byte(`{"entries":[],"count":0,"schema":"` + Schema + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var n int64
		m, err := Read(bytes.NewReader(b), func(e *Entry) error {
			n++
			_, _ = e.OnHandset(), e.InCase()
			return nil
		})
		if err == nil && m.Entries != n {
			t.Fatalf("%d entries, says %d", n, m.Entries)
		}
	})
}
