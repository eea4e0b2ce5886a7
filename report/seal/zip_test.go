package seal

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/trust"
)

// entry of a ZIP file to be made.
type zipEntry struct {
	name string
	data []byte
	mode fs.FileMode
	says uint64 // the size it claims to unpack to; 0 is that of data, which is then compressed
}

func packageEntries(t testing.TB, prefix string) (entries []zipEntry) {
	t.Helper()
	dir := smallPackage(t)
	for _, name := range files(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, zipEntry{name: prefix + name, data: b})
	}
	return entries
}

func writeZIP(t testing.TB, entries []zipEntry) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "package.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		create := w.CreateHeader
		if e.says > 0 {
			h.UncompressedSize64, h.CompressedSize64 = e.says, uint64(len(e.data))
			create = w.CreateRaw
		}
		in, err := create(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVerifyZIP(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "PS-20261122-7K3Q9D/", "out/"} {
		got := mustVerify(t, writeZIP(t, packageEntries(t, prefix)), allow(1))
		if !got.OK || got.Trust != trust.Allowed || got.Verdict != report.VerdictReady || got.ID != sampleID {
			t.Errorf("in folder %q: %+v", prefix, got)
		}
	}
	with := append(packageEntries(t, "p/"), zipEntry{name: "p/backup/storage/huge.bin", data: make([]byte, 1<<20)}, zipEntry{name: "p/case.json", data: []byte("{}")})
	if got := mustVerify(t, writeZIP(t, with), VerifyOptions{}); !got.OK {
		t.Errorf("with files outside: %+v", got.Problems)
	}
}

func TestVerifyZIPNamesDefects(t *testing.T) {
	t.Parallel()
	const top = "PS-1/"
	whole := packageEntries(t, top)
	find := func(name string) int {
		return slices.IndexFunc(whole, func(e zipEntry) bool { return e.name == top+name })
	}
	add := func(e ...zipEntry) []zipEntry { return append(slices.Clone(whole), e...) }
	change := func(name string, edit func(*zipEntry)) []zipEntry {
		all := slices.Clone(whole)
		edit(&all[find(name)])
		return all
	}
	for _, tt := range []struct {
		name    string
		entries []zipEntry
		want    string
		what    string
	}{
		{"file changed", change(htmlName, func(e *zipEntry) { e.data = []byte("<p>READY") }), htmlName, "was changed"},
		{"file missing", slices.Delete(slices.Clone(whole), find(casedir.ReportName), find(casedir.ReportName)+1), casedir.ReportName, "missing"},
		{"file added", add(zipEntry{name: top + "x.txt"}), "x.txt", "not part"},
		{"same name twice", add(zipEntry{name: top + casedir.ReportName, data: []byte("{}")}), top + casedir.ReportName, "twice"},
		{"way out", add(zipEntry{name: "../../x", data: []byte("x")}), "../../x", "leads elsewhere"},
		{"way out inside", add(zipEntry{name: top + "evidence/../../x"}), top + "evidence/../../x", "leads elsewhere"},
		{"absolute", add(zipEntry{name: "/etc/x"}), "/etc/x", "leads elsewhere"},
		{"backslash", add(zipEntry{name: top + `..\x`}), top + `..\x`, "leads elsewhere"},
		{"drive", add(zipEntry{name: top + "C:x"}), top + "C:x", "leads elsewhere"},
		{"symbolic link", change(casedir.ReportName, func(e *zipEntry) { e.data, e.mode = []byte("/etc/passwd"), 0o777|fs.ModeSymlink }), top + casedir.ReportName, "not a regular file"},
		{"bomb", add(zipEntry{name: top + "evidence/0009-x.txt", says: casedir.MaxUnpacked / 4}, zipEntry{name: top + "evidence/0010-x.txt", says: casedir.MaxUnpacked/4*3 + 1}), "", "unpacks to more"},
		{"nothing", nil, casedir.SigName, "missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := mustVerify(t, writeZIP(t, tt.entries), VerifyOptions{})
			found := slices.ContainsFunc(got.Problems, func(p Problem) bool { return p.File == tt.want && strings.Contains(p.What, tt.what) })
			if got.OK || !found {
				t.Errorf("ok %t, %+v; want %q: %q", got.OK, got.Problems, tt.want, tt.what)
			}
		})
	}
}

// A damaged archive never verifies with another content, and never fails in a
// way that stops a desk from checking the next one.
func TestVerifyDamagedZIP(t *testing.T) {
	t.Parallel()
	path := writeZIP(t, packageEntries(t, "p/"))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b := bytes.Clone(whole)
		b[random.IntN(len(b))] ^= 1 << random.IntN(8)
		if random.IntN(10) == 0 {
			b = b[:random.IntN(len(b))]
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Verify(path, VerifyOptions{})
		if err != nil {
			t.Fatalf("not looked at: %v", err)
		}
		if got.OK && (got.Verdict != report.VerdictReady || got.ID != sampleID) {
			t.Fatalf("verifies as something else: %+v", got)
		}
	}
}

// Entries that share their bytes, as bombs made of one kernel do.
func TestVerifyZIPWithOverlap(t *testing.T) {
	t.Parallel()
	z := &zip.Reader{}
	for _, name := range []string{"a", "b", "c"} {
		z.File = append(z.File, &zip.File{FileHeader: zip.FileHeader{Name: name, CompressedSize64: 400, UncompressedSize64: 400}})
	}
	if got := distrustEntries(z, 1000); len(got) == 0 || !strings.Contains(got[len(got)-1].What, "overlap") {
		t.Errorf("problems = %+v", got)
	}
}

func verifyBytes(t testing.TB, z []byte) Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "package.zip")
	if err := os.WriteFile(path, z, 0o600); err != nil {
		t.Fatal(err)
	}
	return mustVerify(t, path, VerifyOptions{})
}
