package seal

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/safefile"
	"preship/report/trust"
)

// signDeletion signs that the data of a case was deleted, spoiled by change.
func signDeletion(t *testing.T, c *casedir.Case, seed byte, change func(*deletion.Predicate, *deletion.Subjects)) []byte {
	t.Helper()
	digest := func(name string) string {
		d, err := casedir.DigestFile(safefile.In(c.Root()), name)
		must(t, err)
		return d
	}
	of := deletion.Subjects{Report: digest(casedir.ReportName), Manifest: digest(casedir.ManifestName)}
	p := deletion.Predicate{
		CaseID: c.ID(), HandedBackOn: testTime, BegunOn: testTime.Add(time.Hour), FinishedOn: testTime.Add(2 * time.Hour), Tool: sampleTool,
		Places: []deletion.Place{{Kind: deletion.Folder, Address: "backup", Files: 3, Bytes: 21}},
	}
	if change != nil {
		change(&p, &of)
	}
	b, err := deletion.Sign(p, of, testSigner(t, seed), nil)
	must(t, err)
	return b
}

// TestVerifyChecksDeletionStatements: a statement in the package, beside it and alone, with
// what may be wrong with it.
func TestVerifyChecksDeletionStatements(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 3)
	must(t, os.RemoveAll(filepath.Join(c.Dir(), casedir.BackupDir)))
	good := signDeletion(t, c, 1, nil)
	revoked := []byte(trust.AuthorizedKey(testSigner(t, 9).PublicKey()) + "\n")
	own := VerifyOptions{Lists: trust.Lists{Own: testSigner(t, 1).PublicKey()}, RequireTrust: true}
	for _, tt := range []struct {
		name    string
		b       []byte
		o       VerifyOptions
		about   string
		problem string // in the sentence; "" for one that verifies
	}{
		{"good", good, VerifyOptions{}, AboutThis, ""},
		{"good, by a trusted key", good, own, AboutThis, ""},
		{"by a key that is not trusted", signDeletion(t, c, 9, nil), own, AboutThis, "not"},
		{"by a revoked key", signDeletion(t, c, 9, nil), VerifyOptions{Lists: trust.Lists{Revoked: revoked}}, AboutThis, "revoked"},
		{"of an earlier backup", signDeletion(t, c, 1, func(_ *deletion.Predicate, of *deletion.Subjects) { of.Manifest = strings.Repeat("0", 64) }), VerifyOptions{}, AboutEarlier, ""},
		{"before the report was sealed again", signDeletion(t, c, 1, func(_ *deletion.Predicate, of *deletion.Subjects) { of.Report = strings.Repeat("0", 64) }), VerifyOptions{}, AboutThis, ""},
		{"of another case", signDeletion(t, c, 1, func(p *deletion.Predicate, _ *deletion.Subjects) { p.CaseID = "PS-20261122-222222" }), VerifyOptions{}, AboutUnknown, "is about the case PS-20261122-222222"},
		{"with a changed byte", bytes.Replace(good, []byte(`"sig": "`), []byte(`"sig": "A`), 1), VerifyOptions{}, "", "is not valid"},
		{"with white space", append([]byte(" "), good...), VerifyOptions{}, "", "is not valid"},
		{"empty", nil, VerifyOptions{}, "", "is not valid"},
	} {
		inside, beside := filepath.Join(c.Dir(), deletion.FileName), filepath.Join(filepath.Dir(c.Dir()), deletion.BesideName(c.ID()))
		for _, file := range []string{inside, beside} {
			must(t, os.WriteFile(file, tt.b, 0o600))
			res := mustVerify(t, c.Dir(), tt.o)
			must(t, os.Remove(file))
			if res.OK != (tt.problem == "") || !res.OK && (res.Problems[0].File != filepath.Base(file) || !strings.Contains(res.Problems[0].What, tt.problem)) {
				t.Errorf("%s, %s: problems %v, want %q", tt.name, filepath.Base(file), res.Problems, tt.problem)
			}
			if about := aboutFirst(res); about != tt.about {
				t.Errorf("%s, %s: about %q, want %q", tt.name, filepath.Base(file), about, tt.about)
			}
		}
		alone := filepath.Join(t.TempDir(), "statement.json")
		must(t, os.WriteFile(alone, tt.b, 0o600))
		res := mustVerify(t, alone, tt.o)
		if whole := tt.problem == "" || tt.name == "of another case"; res.OK != whole || !res.Statement {
			t.Errorf("%s, alone: %v", tt.name, res.Problems)
		}
	}
}

func aboutFirst(res Result) string {
	if len(res.Deletions) == 0 {
		return ""
	}
	return res.Deletions[0].About
}

// TestDeletionStatementGoesWithThePackage: a parcel file made after the deletion has the
// statement, and a report sealed again leaves it.
func TestDeletionStatementGoesWithThePackage(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 1)
	_, err := deletion.Write(c.Root(), signDeletion(t, c, 1, nil))
	must(t, err)
	zipped := filepath.Join(t.TempDir(), "parcel.zip")
	var b bytes.Buffer
	_, err = Pack(c.Dir(), &b, PackOptions{})
	must(t, err)
	must(t, os.WriteFile(zipped, b.Bytes(), 0o600))
	seal(t, c)
	for _, path := range []string{zipped, c.Dir()} {
		if res := mustVerify(t, path, VerifyOptions{}); !res.OK || res.Deletion() == nil {
			t.Errorf("%s: %v, deletions %+v", filepath.Base(path), res.Problems, res.Deletions)
		}
	}
	alone := mustVerify(t, filepath.Join(c.Dir(), deletion.FileName), VerifyOptions{IMEI: "356938035643809"})
	if alone.OK {
		t.Error("a statement alone is taken to be about an IMEI")
	}
}
