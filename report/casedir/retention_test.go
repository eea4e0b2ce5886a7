package casedir

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/deletion"
	"preship/report/trust"
)

// put writes a file into the folder of a case, as other rooms do.
func put(t *testing.T, c *Case, name, text string) {
	t.Helper()
	path := filepath.Join(c.Dir(), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// doneCase makes a case whose steps are done, with a backup and a signature.
func doneCase(t *testing.T) *Case {
	t.Helper()
	c := newCase(t)
	for _, name := range report.Steps {
		if err := c.SetStep(report.StepRecord{Name: name, State: report.StepDone}); err != nil {
			t.Fatal(err)
		}
	}
	put(t, c, BackupDir+"/photo.jpg", "photo")
	put(t, c, ManifestName, "{}")
	put(t, c, ReportName, `{"verdict":"READY"}`)
	put(t, c, SigName, "signature")
	return c
}

func verifies(*os.Root, string) error { return nil }

func held(c *Case) bool {
	_, err := os.Stat(filepath.Join(c.Dir(), BackupDir, "photo.jpg"))
	return err == nil
}

// deleteBackup deletes the data of a case and signs that it did.
func deleteBackup(c *Case, now time.Time, verify Verifier) error {
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		return err
	}
	signer, err := trust.NewSigner(key)
	if err != nil {
		return err
	}
	count := func() ([]deletion.Place, error) {
		return []deletion.Place{{Kind: deletion.Folder, Address: BackupDir, Files: 1, Bytes: 5}}, nil
	}
	return c.Delete(now, verify, count, func(d Deletion) error {
		if err := d.Root.RemoveAll(BackupDir); err != nil {
			return err
		}
		p := deletion.Predicate{CaseID: d.CaseID, HandedBackOn: d.HandedBack, BegunOn: d.Begun, FinishedOn: now, Places: d.Found}
		b, err := deletion.Sign(p, d.Subjects, signer, nil)
		if err != nil {
			return err
		}
		_, err = deletion.Write(d.Root, b)
		return err
	})
}

// TestRetentionBelievesNoDate: a date that somebody wrote into case.json says nothing, nor
// does a statement about another case, about another backup, or with a changed byte.
func TestRetentionBelievesNoDate(t *testing.T) {
	t.Parallel()
	c := doneCase(t)
	if err := c.HandBack(testTime, verifies); err != nil {
		t.Fatal(err)
	}
	if err := deleteBackup(c, testTime, verifies); err != nil {
		t.Fatal(err)
	}
	statement, err := os.ReadFile(filepath.Join(c.Dir(), deletion.FileName))
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(mustRead(t, c, CaseFileName), `"deleting"`, `"deleted": "2020-01-01T00:00:00Z", "deleted_by": "SHA256:x", "deleting"`, 1)
	put(t, c, CaseFileName, edited)
	for _, tt := range []struct {
		name  string
		spoil func()
		want  bool
	}{
		{"the statement beside a date that was edited", func() {}, true},
		{"no statement", func() { must(t, c.root.Remove(deletion.FileName)) }, false},
		{"a changed byte", func() { put(t, c, deletion.FileName, strings.Replace(string(statement), `"sig": "`, `"sig": "A`, 1)) }, false},
		{"another backup", func() {
			put(t, c, deletion.FileName, string(statement))
			put(t, c, CaseFileName, regexp.MustCompile(`"manifest": "[0-9a-f]*"`).ReplaceAllString(edited, `"manifest": "`+strings.Repeat("0", 64)+`"`))
		}, false},
		{"another case", func() { put(t, c, CaseFileName, strings.ReplaceAll(edited, c.ID(), "PS-20261122-222222")) }, false},
	} {
		tt.spoil()
		g, err := Look(c.Dir())
		if err != nil {
			t.Fatal(err)
		}
		r, err := RetentionIn(c.Root())
		if err != nil {
			t.Fatal(err)
		}
		believed := r != nil && r.Deleted != nil
		if believed != tt.want || (g.Retention.Deleted != nil) != tt.want {
			t.Errorf("%s: deleted %v and in the list %v, want %v", tt.name, believed, g.Retention.Deleted != nil, tt.want)
		}
		if tt.want && !r.Deleted.Equal(testTime) {
			t.Errorf("%s: deleted on %v, want the date of the statement", tt.name, r.Deleted)
		}
	}
}

func mustRead(t *testing.T, c *Case, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.Dir(), name))
	must(t, err)
	return string(b)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var errUnverified = errors.New("does not verify")

// The owner's data goes only from a finished, sealed and verified case that was handed
// back, and whose backup is still that one.
func TestDeleteRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, c *Case)
		verify Verifier
		want   error
	}{
		{"a step failed", func(t *testing.T, c *Case) {
			if err := c.SetStep(report.StepRecord{Name: report.StepVerify, State: report.StepFailed}); err != nil {
				t.Fatal(err)
			}
		}, verifies, ErrUnfinished},
		{"a step is not known", func(_ *testing.T, c *Case) { c.file.Steps = c.file.Steps[1:] }, verifies, ErrUnfinished},
		{"not sealed", func(t *testing.T, c *Case) {
			if err := os.Remove(filepath.Join(c.Dir(), SigName)); err != nil {
				t.Fatal(err)
			}
		}, verifies, ErrUnfinished},
		{"does not verify", func(*testing.T, *Case) {}, func(*os.Root, string) error { return errUnverified }, errUnverified},
		{"no manifest", func(t *testing.T, c *Case) {
			if err := os.Remove(filepath.Join(c.Dir(), ManifestName)); err != nil {
				t.Fatal(err)
			}
		}, verifies, ErrUnfinished},
		{"another backup", func(t *testing.T, c *Case) { put(t, c, ManifestName, `{"later":true}`) }, verifies, ErrNotHandedBack},
		{"not handed back", func(_ *testing.T, c *Case) { c.file.Retention = nil }, verifies, ErrNotHandedBack},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := doneCase(t)
			if err := c.HandBack(testTime, verifies); err != nil {
				t.Fatal(err)
			}
			tt.change(t, c)
			if err := deleteBackup(c, testTime, tt.verify); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if !held(c) {
				t.Error("the data is gone")
			}
		})
	}
}

func TestHandBackRefuses(t *testing.T) {
	t.Parallel()
	c := doneCase(t)
	if err := c.HandBack(testTime, func(*os.Root, string) error { return errUnverified }); !errors.Is(err, errUnverified) {
		t.Errorf("does not verify: error %v", err)
	}
	if c.file.Retention != nil {
		t.Error("it is written down as handed back")
	}
	if err := os.RemoveAll(filepath.Join(c.Dir(), BackupDir)); err != nil {
		t.Fatal(err)
	}
	if err := c.HandBack(testTime, verifies); !errors.Is(err, ErrNoData) {
		t.Errorf("no data: error %v, want ErrNoData", err)
	}
	put(t, c, BackupDir, "a file")
	if err := c.HandBack(testTime, verifies); !errors.Is(err, ErrNoData) {
		t.Errorf("a file in place of the data: error %v, want ErrNoData", err)
	}
}

func TestHandBackAndDelete(t *testing.T) {
	t.Parallel()
	c := doneCase(t)
	if err := c.HandBack(testTime, verifies); err != nil {
		t.Fatal(err)
	}
	if err := c.HandBack(testTime.Add(time.Hour), verifies); err != nil {
		t.Fatal(err)
	}
	if got := c.file.Retention.HandedBack; !got.Equal(testTime) {
		t.Errorf("handed back at %v, want the first time", got)
	}
	put(t, c, ManifestName, `{"later":true}`)
	if r, err := RetentionIn(c.Root()); r != nil || err != nil {
		t.Errorf("of another backup: %+v, %v; want nil", r, err)
	}
	if err := c.HandBack(testTime.Add(time.Hour), verifies); err != nil {
		t.Fatal(err)
	}
	if got := c.file.Retention.HandedBack; !got.Equal(testTime.Add(time.Hour)) {
		t.Errorf("the later backup was handed back at %v", got)
	}
	r, err := RetentionIn(c.Root())
	if err != nil || r == nil || r.Deleted != nil || r.Deleting != nil {
		t.Fatalf("handed back: %+v, %v", r, err)
	}
	later := testTime.Add(2 * time.Hour)
	if err := deleteBackup(c, later, verifies); err != nil {
		t.Fatal(err)
	}
	if held(c) {
		t.Error("the data is there")
	}
	c = reopen(t, c)
	r, err = RetentionIn(c.Root())
	if err != nil || r == nil || r.Deleting == nil || r.Deleted == nil || !r.Deleted.Equal(later) {
		t.Errorf("deleted: %+v, %v", r, err)
	}
	if err := deleteBackup(c, later, verifies); !errors.Is(err, ErrNoData) {
		t.Errorf("deleted twice: error %v, want ErrNoData", err)
	}
}

// A crash while the data goes leaves a case that says so, and the same command ends it.
func TestDeleteResumes(t *testing.T) {
	t.Parallel()
	c := doneCase(t)
	if err := c.HandBack(testTime, verifies); err != nil {
		t.Fatal(err)
	}
	if err := c.retain(func(r *Retention) { r.Deleting = new(testTime) }); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(c.Dir(), BackupDir)); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, c)
	if err := deleteBackup(c, testTime.Add(time.Hour), verifies); err != nil {
		t.Fatal(err)
	}
	r := c.retention()
	if r.Deleted == nil || !r.Deleting.Equal(testTime) {
		t.Errorf("%+v, want deleted, and the time it began", r)
	}
}

func TestRetentionInAFolderWithoutCase(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if r, err := RetentionIn(root); r != nil || err != nil {
		t.Errorf("no case: %+v, %v; want neither", r, err)
	}
	if err := root.WriteFile(CaseFileName, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := RetentionIn(root); err == nil {
		t.Error("a broken case.json is no error")
	}
}

func TestLook(t *testing.T) {
	t.Parallel()
	c := doneCase(t)
	id, err := json.Marshal(report.Handset{Serial: "c9a0\x1b[31m", Users: []report.User{{ID: 0}}, Findings: report.Findings{{ID: "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := json.Marshal(report.Backup{Bytes: report.Tally{Saved: 7}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []report.StepRecord{
		{Name: report.StepIdentify, State: report.StepDone, Data: id, Started: testTime, Finished: testTime.Add(time.Minute)},
		{Name: report.StepBackup, State: report.StepDone, Data: saved, Started: testTime.Add(time.Hour)},
	} {
		if err := c.SetStep(s); err != nil {
			t.Fatal(err)
		}
	}
	put(t, c, ReportName, `{"verdict":"READY","signer":"SHA256:abc","ticket":{"id":"T-1"}}`)
	g, err := Look(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if g.ID != c.ID() || !g.Created.Equal(testTime) || !g.Updated.Equal(testTime.Add(time.Hour)) {
		t.Errorf("%s made %v, updated %v", g.ID, g.Created, g.Updated)
	}
	if g.Handset == nil || g.Handset.Users != nil || g.Handset.Findings != nil || g.Handset.Serial == "c9a0\x1b[31m" {
		t.Errorf("handset %+v, want no person's name and no control character", g.Handset)
	}
	if !g.BackupHeld || g.BackupBytes == nil || *g.BackupBytes != 7 {
		t.Errorf("backup held %t, %v bytes", g.BackupHeld, g.BackupBytes)
	}
	if g.Sealed == nil || g.Sealed.Verdict != report.VerdictReady || g.Sealed.Signer != "SHA256:abc" || g.Sealed.Locks != nil || g.Ticket != "T-1" {
		t.Errorf("sealed %+v, ticket %q", g.Sealed, g.Ticket)
	}
	if g.Steps[report.StepReset] != report.StepDone || len(g.Steps) != len(report.Steps) {
		t.Errorf("steps %v", g.Steps)
	}
}

func TestLookRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, c *Case){
		"no verdict": func(t *testing.T, c *Case) { put(t, c, ReportName, `{"verdict":"SPLENDID"}`) },
		"no JSON":    func(t *testing.T, c *Case) { put(t, c, ReportName, `{`) },
		"a signature without a report": func(t *testing.T, c *Case) {
			if err := os.Remove(filepath.Join(c.Dir(), ReportName)); err != nil {
				t.Fatal(err)
			}
		},
		"a step in no state": func(t *testing.T, c *Case) {
			if err := c.SetStep(report.StepRecord{Name: report.StepBackup, State: "splendid"}); err != nil {
				t.Fatal(err)
			}
		},
		"a handset that is no object": func(t *testing.T, c *Case) {
			if err := c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone, Data: json.RawMessage(`[]`)}); err != nil {
				t.Fatal(err)
			}
		},
		"a backup that is no object": func(t *testing.T, c *Case) {
			if err := c.SetStep(report.StepRecord{Name: report.StepBackup, State: report.StepDone, Data: json.RawMessage(`[]`)}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		c := doneCase(t)
		put(t, c, ReportName, `{"verdict":"READY"}`)
		change(t, c)
		if g, err := Look(c.Dir()); err == nil {
			t.Errorf("%s: %+v, want an error", name, g)
		}
	}
	c := newCase(t)
	g, err := Look(c.Dir())
	if err != nil || g.Sealed != nil || g.BackupHeld || g.BackupBytes != nil || g.Handset != nil {
		t.Errorf("a new case: %+v, %v", g, err)
	}
	if _, err := Look(t.TempDir()); !errors.Is(err, ErrNotCase) {
		t.Errorf("an empty folder: error %v, want ErrNotCase", err)
	}
}
