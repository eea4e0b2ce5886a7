package seal

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/report/casedir"
	"preship/report/message"
	"preship/report/phototest"
)

// The parcel file verifies, and holds neither the saved data, the case's own files nor
// the names of the owner's files. Files left out are named.
func TestPack(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	in := sampleIntake()
	photo, err := c.AddPhoto(phototest.JPEG(t))
	if err != nil {
		t.Fatal(err)
	}
	in.Condition.Photos = append(in.Condition.Photos, photo)
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFile(casedir.ManifestName, []byte(`{"salt":"00","entries":[{"path":"Zzyzx.jpg"}]}`)); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	form := []string{casedir.IntakeName, casedir.ClaimName, casedir.FaultName, casedir.LabelName, photo.File}
	for _, tt := range []struct {
		o    PackOptions
		with []string
		not  []string
	}{
		{PackOptions{}, form, []string{casedir.ManifestName}},
		{PackOptions{FileNames: true}, append(form, casedir.ManifestName), nil},
		{PackOptions{WithoutForm: true}, nil, append(form, casedir.ManifestName)},
	} {
		path := filepath.Join(c.Dir(), casedir.ParcelName(sampleID))
		packed, err := PackFile(c.Root(), filepath.Base(path), c.Dir(), tt.o)
		if err != nil {
			t.Fatal(err)
		}
		names := zipNames(t, path)
		for _, name := range append(tt.with, casedir.ReportName, casedir.SigName, casedir.LogName) {
			if !slices.Contains(names, sampleID+"/"+name) {
				t.Errorf("%+v: %s is not in it", tt.o, name)
			}
		}
		for _, name := range append(tt.not, casedir.CaseFileName, casedir.LockFileName, casedir.StartName) {
			if slices.Contains(names, sampleID+"/"+name) {
				t.Errorf("%+v: %s is in it", tt.o, name)
			}
		}
		slices.Sort(tt.not)
		if got := mustVerify(t, path, VerifyOptions{}); !got.OK || !slices.Equal(got.Withheld, packed.Withheld) || !slices.Equal(got.Withheld, tt.not) || packed.Files != len(names) {
			t.Errorf("%+v: %+v, packed %+v", tt.o, got, packed)
		}
		b, err := os.ReadFile(path)
		if err != nil || !tt.o.FileNames && bytes.Contains(b, []byte("Zzyzx")) {
			t.Errorf("%+v: it holds the name of a file, %v", tt.o, err)
		}
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || len(got.Ignored) > 0 {
		t.Errorf("the case with its parcel file: %+v", got)
	}
	flip(t, c.Dir()+"/report.html", 60)
	if _, err := Pack(c.Dir(), new(bytes.Buffer), PackOptions{}); !errors.Is(err, ErrUnverified) {
		t.Errorf("a changed package: error %v", err)
	}
	seal(t, c)
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.ParcelName(sampleID))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the parcel file of the report before: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := casedir.EraseIntake(c.Dir()); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || !slices.Equal(got.Withheld, []string{casedir.ClaimName, photo.File, casedir.FaultName, casedir.IntakeName, casedir.LabelName}) {
		t.Errorf("an erased form: %+v", got)
	}
}

func zipNames(t *testing.T, path string) (names []string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return names
}

// What computers add to a folder or a ZIP file is named and changes nothing; what
// another person added does.
func TestMachineFiles(t *testing.T) {
	t.Parallel()
	for name, ignored := range map[string]bool{
		".DS_Store": true, "Thumbs.db": true, "evidence/.DS_Store": true, "evidence/._0001-properties.txt": true, "desktop.ini": true, "PS.ZIP": true,
		"report2.html": false, ".DS_Store2": false, "evidence/x.zip": false, "report.json.zip/x": false,
	} {
		dir := smallPackage(t)
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := mustVerify(t, dir, VerifyOptions{}); got.OK != ignored || slices.Contains(got.Ignored, name) != ignored {
			t.Errorf("%s: ok %t, ignored %q, %+v", name, got.OK, got.Ignored, got.Problems)
		}
	}
	entries := packageEntries(t, "PS-1/")
	entries = append(entries, zipEntry{name: "__MACOSX/PS-1/._report.json"}, zipEntry{name: "PS-1/.DS_Store"}, zipEntry{name: "PS-1/case.json", data: []byte("{}")}, zipEntry{name: "PS-1/backup/a", data: []byte("x")})
	got := mustVerify(t, writeZIP(t, entries), VerifyOptions{})
	if !got.OK || !slices.Equal(got.Ignored, []string{"__MACOSX", ".DS_Store"}) || !slices.Equal(got.Outside, []string{"case.json", "backup"}) {
		t.Errorf("a ZIP file of a Mac: %+v", got)
	}
	if got := mustVerify(t, writeZIP(t, append(entries, zipEntry{name: "PS-2/report.json", data: []byte("{}")})), VerifyOptions{}); got.OK {
		t.Errorf("two packages in one ZIP file: %+v", got)
	}
}

// A report too large to be read again leaves the package before it as it was.
func TestTooLargeKeepsTheSeal(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	r, err := c.Report(sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	long := found1("x.long", "pass", strings.Repeat("x", casedir.MaxReportFile))
	r.Steps[0].Findings = append(r.Steps[0].Findings, long)
	if err := Seal(c, r, testSigner(t, 1), testPages); err == nil || message.Of(err).Empty() {
		t.Errorf("error %v", err)
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK {
		t.Errorf("the package before: %+v", got.Problems)
	}
}
