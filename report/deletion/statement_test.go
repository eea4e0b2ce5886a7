package deletion

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/bundle"
	"preship/report/safefile"
	"preship/report/trust"
)

func signer(t testing.TB) trust.Signer {
	t.Helper()
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := trust.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var (
	on    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	about = Subjects{Report: strings.Repeat("1", 64), Manifest: strings.Repeat("2", 64)}
)

// stated is a deletion of a folder and an archive.
func stated() Predicate {
	return Predicate{
		CaseID: "PS-20261122-7K3Q9D", HandedBackOn: on, BegunOn: on.Add(time.Hour), FinishedOn: on.Add(2 * time.Hour),
		Places:  []Place{{Kind: Folder, Address: "backup", Files: 3, Bytes: 30, Keys: 3}, {Kind: Archive, Address: "s3://b/p", Files: 4, Bytes: 40}},
		Remains: []string{"intake.json"}, Tool: report.Tool{Name: "preship"},
	}
}

func TestSignAndRead(t *testing.T) {
	t.Parallel()
	b, err := Sign(stated(), about, signer(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	files, size := s.Total()
	if s.Subjects != about || files != 7 || size != 70 || s.Clock != "computer-clock" || len(s.NotProved) != len(NotProved) || ssh.FingerprintSHA256(s.Key) != signer(t).Fingerprint() {
		t.Errorf("read as %+v", s)
	}
	for name, err := range map[string]error{
		"no key": second(Sign(stated(), about, trust.Signer{}, nil)),
		"empty":  second(Read(nil)),
		"a receipt": second(Read(mustBundle(t, map[string]any{
			"_type": bundle.StatementType, "predicateType": "urn:else", "subject": []any{}, "predicate": map[string]any{"signer": trust.AuthorizedKey(signer(t).PublicKey())},
		}))),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func mustBundle(t *testing.T, statement any) []byte {
	t.Helper()
	b, err := bundle.Sign(statement, signer(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSignRefuses: no statement says less than that everything is gone.
func TestSignRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Predicate, *Subjects){
		"something is left":    func(p *Predicate, _ *Subjects) { p.Places[1].Left = 1 },
		"a count below zero":   func(p *Predicate, _ *Subjects) { p.Places[0].Bytes = -1 },
		"another kind":         func(p *Predicate, _ *Subjects) { p.Places[0].Kind = "cloud" },
		"no place":             func(p *Predicate, _ *Subjects) { p.Places = nil },
		"no case":              func(p *Predicate, _ *Subjects) { p.CaseID = "" },
		"no end":               func(p *Predicate, _ *Subjects) { p.FinishedOn = time.Time{} },
		"no digest of a list":  func(_ *Predicate, of *Subjects) { of.Manifest = "" },
		"half a digest":        func(_ *Predicate, of *Subjects) { of.Report = "1234" },
		"very many that stays": func(p *Predicate, _ *Subjects) { p.Remains = make([]string, MaxRemains+1) },
	} {
		p, of := stated(), about
		spoil(&p, &of)
		if _, err := Sign(p, of, signer(t), nil); !errors.Is(err, ErrNotDeleted) && !errors.Is(err, bundle.ErrAttestation) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOfTakesTheNewestGoodOne: of several statements in a case, one that is not good, is
// about another case or about another backup does not count.
func TestOfTakesTheNewestGoodOne(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	in := safefile.In(root)
	if _, ok := Of(in, stated().CaseID, about.Manifest); ok {
		t.Error("found one in an empty folder")
	}
	for _, spoil := range []func(*Predicate, *Subjects){
		func(p *Predicate, _ *Subjects) { p.FinishedOn = on.Add(3 * time.Hour) },
		func(p *Predicate, _ *Subjects) { p.FinishedOn = on.Add(9 * time.Hour) },
		func(p *Predicate, _ *Subjects) { p.FinishedOn = on.Add(4 * time.Hour) },
		func(p *Predicate, _ *Subjects) { p.CaseID, p.FinishedOn = "PS-20261122-222222", on.Add(10*time.Hour) },
		func(p *Predicate, of *Subjects) { of.Manifest, p.FinishedOn = about.Report, on.Add(11*time.Hour) },
	} {
		p, of := stated(), about
		spoil(&p, &of)
		b, err := Sign(p, of, signer(t), nil)
		if err == nil {
			_, err = Write(root, b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root.Name(), Files[5]), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if all := In(in); len(all) != 6 || all[5].Err == nil || all[0].Err != nil {
		t.Errorf("statements %+v", all)
	}
	if s, ok := Of(in, stated().CaseID, about.Manifest); !ok || !s.FinishedOn.Equal(on.Add(9*time.Hour)) {
		t.Errorf("the newest: %v, %v", s.FinishedOn, ok)
	}
	for file, want := range map[string]bool{FileName: true, "deletion-2.sigstore.json": true, "deletion-20.sigstore.json": true, "deletion-1.sigstore.json": false, "deletion-21.sigstore.json": false, "deletion-02.sigstore.json": false} {
		if IsFile(file) != want {
			t.Errorf("%s is a statement: %v", file, !want)
		}
	}
}

// FuzzRead: no bytes make a statement that [Sign] would not make.
func FuzzRead(f *testing.F) {
	b, err := Sign(stated(), about, signer(f), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Read(b)
		if err != nil {
			return
		}
		for _, at := range s.Places {
			if at.Left != 0 || at.Files < 0 {
				t.Errorf("%+v", at)
			}
		}
		if !json.Valid(b) || s.CaseID == "" || s.Key == nil {
			t.Errorf("read %q as %+v", b, s)
		}
	})
}

// A statement takes the first free name, a missing one hides none after it, and one that
// does not read back is an error.
func TestWriteTakesTheFirstFreeName(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	b, err := Sign(stated(), about, signer(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range Files {
		if name, err := Write(root, b); name != want || err != nil {
			t.Fatalf("written as %q, %v; want %q", name, err, want)
		}
	}
	if _, err := Write(root, b); !errors.Is(err, errTooMany) {
		t.Errorf("one more: %v", err)
	}
	if err := root.Remove(Files[0]); err != nil {
		t.Fatal(err)
	}
	if all := In(safefile.In(root)); len(all) != len(Files)-1 || all[0].Name != Files[1] {
		t.Errorf("%d statements without the first", len(all))
	}
	if _, err := Write(root, []byte("{}")); err == nil {
		t.Error("a statement that does not read back was written without an error")
	}
}
