package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/backup/archive"
	"preship/report"
	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/deletion"
	"preship/report/intake"
	"preship/report/register"
	"preship/report/seal"
	"preship/report/trust"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// entryOf makes a sealed case with saved files, and its entry as the register has it.
func entryOf(t *testing.T, files int) (register.Entry, *casedir.Case) {
	t.Helper()
	c := casetest.Case(t)
	casetest.Steps(t, c, nil)
	var names []string
	for i := range files {
		name := fmt.Sprintf("storage/emulated/0/IMG_%03d.jpg", i)
		file := filepath.Join(c.Dir(), casedir.BackupDir, name)
		must(t, os.MkdirAll(filepath.Dir(file), 0o700))
		must(t, os.WriteFile(file, []byte("picture"), 0o600))
		names = append(names, fmt.Sprintf(`{"path":"/%s","type":"file","status":"proved","size":7,"mtime":0,"sha256":"%x"}`, name, sha256.Sum256([]byte("picture"))))
	}
	text := fmt.Sprintf(`{"schema":"urn:preship:backup-manifest:v1","complete":true,"entries":[%s],"count":%d}`, strings.Join(names, ","), files)
	must(t, c.WriteFile(casedir.ManifestName, []byte(text)))
	r, err := c.Report(casetest.Tool)
	must(t, err)
	s, err := trust.NewSigner(casetest.Key(1))
	must(t, err)
	page := func(*report.Report, string) ([]byte, error) { return []byte("page"), nil }
	must(t, seal.Seal(c, r, s, seal.Pages{HTML: page, PDF: page, Label: func(*report.Report, *intake.Form) ([]byte, error) { return []byte("label"), nil }}))
	return register.Entry{ID: c.ID(), Path: c.Dir(), Sealed: true, Backup: register.Held{Held: true}}, c
}

// check reads a sample of cases, in the folder "/" since their paths are whole.
func check(t *testing.T, part float64, seed uint64, all ...register.Entry) Result {
	t.Helper()
	c := Check{
		Dir: string(filepath.Separator), Sample: Sample{part, seed},
		Open: func(a archive.Address) (archive.Store, error) { return archive.OpenFolder(a.Folder) },
	}
	res, err := c.Run(t.Context(), all)
	must(t, err)
	return res
}

func places(res Result) (all []string) {
	for _, p := range res.Problems {
		all = append(all, p.Kind+" "+p.File)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestRunNamesWhatRotted: with everything read, each damage is named with its file, and
// nothing else is.
func TestRunNamesWhatRotted(t *testing.T) {
	t.Parallel()
	const picture = "backup/storage/emulated/0/IMG_001.jpg"
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, dir string, e *register.Entry)
		want  []string
	}{
		{"nothing", func(*testing.T, string, *register.Entry) {}, nil},
		{"a flipped bit in a picture", func(t *testing.T, dir string, _ *register.Entry) {
			must(t, os.WriteFile(filepath.Join(dir, picture), []byte("picturf"), 0o600))
		}, []string{"data " + picture}},
		{"a picture that is gone", func(t *testing.T, dir string, _ *register.Entry) { must(t, os.Remove(filepath.Join(dir, picture))) }, []string{"data " + picture}},
		{"a page of the report", func(t *testing.T, dir string, _ *register.Entry) {
			must(t, os.WriteFile(filepath.Join(dir, "report.html"), []byte("pagf"), 0o600))
		}, []string{"package report.html"}},
		{"a list that is cut short", func(t *testing.T, dir string, _ *register.Entry) {
			must(t, os.Truncate(filepath.Join(dir, casedir.ManifestName), 100))
		}, []string{"data backup.manifest.json", "package backup.manifest.json"}},
		{"data that vanished", func(t *testing.T, dir string, _ *register.Entry) {
			must(t, os.RemoveAll(filepath.Join(dir, casedir.BackupDir)))
		}, []string{"data backup"}},
		{"data that a statement says was deleted", func(t *testing.T, dir string, e *register.Entry) {
			must(t, os.RemoveAll(filepath.Join(dir, casedir.BackupDir)))
			e.Backup.Deleted = &casetest.Time
		}, nil},
		{"a deletion statement with a changed byte", func(t *testing.T, dir string, _ *register.Entry) {
			must(t, os.WriteFile(filepath.Join(dir, deletion.FileName), []byte("{}"), 0o600))
		}, []string{"package deletion.sigstore.json"}},
		{"a case that cannot be read", func(_ *testing.T, _ string, e *register.Entry) { e.Problem = "case.json: damaged" }, []string{"case "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, _ := entryOf(t, 3)
			tt.spoil(t, e.Path, &e)
			if got := places(check(t, 1, 1, e)); !slices.Equal(got, tt.want) {
				t.Errorf("problems %q, want %q", got, tt.want)
			}
		})
	}
}

// TestRunReadsASample: the part that is read is about the size asked for, the same seed
// reads the same, and at least one of each kind is read.
func TestRunReadsASample(t *testing.T) {
	t.Parallel()
	e, _ := entryOf(t, 400)
	half := check(t, 0.5, 7, e)
	if n := half.Files; n.All != 400 || n.Checked < 150 || n.Checked > 250 || n.Bytes != 7*n.Checked {
		t.Errorf("half of the files: %+v", n)
	}
	if again := check(t, 0.5, 7, e); again.Files != half.Files {
		t.Errorf("the same seed reads %+v, and before %+v", again.Files, half.Files)
	}
	little := check(t, 1e-9, 7, e)
	if little.Files != (Counted{400, 1, 7}) || little.Packages != (Counted{1, 1, 0}) {
		t.Errorf("a little: files %+v, packages %+v", little.Files, little.Packages)
	}
	seen := map[int]bool{}
	for seed := range uint64(40) {
		for n := range 3 {
			if (Sample{Seed: seed}).draw(KindData, e.ID, fmt.Sprint(n)) < 0.3 {
				seen[n] = true
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("seeds take only %v", seen)
	}
}

// TestRunReadsArchives: an archive that is damaged or cannot be reached is said, and a case
// whose data is there alone is not missing it.
func TestRunReadsArchives(t *testing.T) {
	t.Parallel()
	e, c := entryOf(t, 2)
	must(t, c.SetArchive(casedir.Archive{Address: "file://" + filepath.ToSlash(t.TempDir()), List: strings.Repeat("0", 64), Written: casetest.Time}))
	must(t, os.RemoveAll(filepath.Join(e.Path, casedir.BackupDir)))
	res := check(t, 0.01, 1, e)
	if len(res.Problems) != 1 || res.Problems[0].Kind != KindArchive || res.Archives.Checked != 1 {
		t.Errorf("an archive that is not there: %+v", res)
	}
	unreachable := Check{Dir: "/", Sample: Sample{1, 1}, Open: func(archive.Address) (archive.Store, error) { return nil, errors.New("no network") }}
	res, err := unreachable.Run(t.Context(), []register.Entry{e})
	must(t, err)
	if len(res.Problems) != 0 || len(res.Unchecked) != 1 || res.Archives.Checked != 0 {
		t.Errorf("no network: %+v", res)
	}
}

func TestParseSample(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"1%": 0.01, "100%": 1, " 0.5 % ": 0.005} {
		s, err := ParseSample(text, "")
		if err != nil || math.Abs(s.Part-want) > 1e-12 {
			t.Errorf("%q: %v, %v", text, s.Part, err)
		}
		again, err := ParseSample(text, s.SeedText())
		if err != nil || again != s {
			t.Errorf("%q again: %v, %v, want %v", text, again, err, s)
		}
	}
	for _, text := range []string{"", "1", "0%", "-1%", "101%", "NaN%", "x%", "1e400%"} {
		if _, err := ParseSample(text, ""); !errors.Is(err, ErrSample) {
			t.Errorf("%q: %v, want %v", text, err, ErrSample)
		}
	}
	for _, seed := range []string{"1", "zzzzzzzzzzzzzzzz", "00000000000000000"} {
		if _, err := ParseSample("1%", seed); !errors.Is(err, ErrSeed) {
			t.Errorf("seed %q: %v, want %v", seed, err, ErrSeed)
		}
	}
}
