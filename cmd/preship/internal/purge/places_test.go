package purge

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/deletion"
	"preship/report/safefile"
	"preship/report/seal"
	"preship/report/trust"
)

// place is a place elsewhere that a test spoils.
type place struct {
	refuses, key, gone error
	left               []string
	did                string
}

func (p *place) Close() error { return nil }

func (p *place) Refuses(context.Context) error { return p.refuses }

func (p *place) Count(context.Context) (deletion.Place, error) {
	return deletion.Place{Kind: deletion.Archive, Address: "s3://bucket/case", Files: 4, Bytes: 400, Keys: 1}, nil
}

func (p *place) DestroyKeys(context.Context) error { p.did += "k"; return p.key }
func (p *place) Delete(context.Context) error      { p.did += "d"; return p.gone }

func (p *place) Left(context.Context) ([]string, error) { p.did += "l"; return p.left, nil }

// TestRunSignsOnlyWhatIsGone: whatever goes wrong at a place, there is no statement, and the
// next run ends the deletion.
func TestRunSignsOnlyWhatIsGone(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, tt := range []struct {
		name  string
		spoil place
		want  error
		did   string
		begun bool // the deletion began
	}{
		{"a retention lock", place{refuses: broken}, broken, "", false},
		{"keys that stay", place{key: broken}, broken, "k", true},
		{"objects that stay", place{gone: broken}, broken, "kd", true},
		{"a version that is there again", place{left: []string{"s3://bucket/case/1?version=2"}}, ErrLeft, "kdl", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := finishedCase(t, 2)
			must(t, c.HandBack(casetest.Time, seal.Finished))
			p := tt.spoil
			o := options(casetest.Time.Add(time.Hour))
			o.Places = func(context.Context, *casedir.Case) ([]Place, error) { return []Place{&p}, nil }
			if _, err := Run(t.Context(), c, o); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if p.did != tt.did {
				t.Errorf("did %q, want %q", p.did, tt.did)
			}
			if r := mustRetention(t, c); (r.Deleting != nil) != tt.begun {
				t.Errorf("the deletion began: %v", r.Deleting)
			}
			if got := deletion.In(root(t, c)); len(got) != 0 {
				t.Errorf("signed: %+v", got)
			}
			p = place{}
			res, err := Run(t.Context(), c, o)
			must(t, err)
			files, size := res.Stated.Total()
			if files != 6 || size != 414 || res.Stated.Resumed != tt.begun || len(res.Stated.Places) != 2 {
				t.Errorf("then stated %+v", res.Stated)
			}
		})
	}
}

func root(t *testing.T, c *casedir.Case) safefile.Folder { t.Helper(); return safefile.In(c.Root()) }

// TestRunWithoutAKeyDeletesNothing: a purge that could not sign does not begin.
func TestRunWithoutAKeyDeletesNothing(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 1)
	must(t, c.HandBack(casetest.Time, seal.Finished))
	o := options(casetest.Time)
	o.Signer = trust.Signer{}
	if _, err := Run(t.Context(), c, o); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.BackupDir)); err != nil {
		t.Error(err)
	}
}

// TestRunDestroysKeys: a copy of an encrypted file that shares its bytes opens with no key
// after the purge, and one that was made before still does.
func TestRunDestroysKeys(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 1)
	id, err := age.GenerateX25519Identity()
	must(t, err)
	var file bytes.Buffer
	w, err := age.Encrypt(&file, id.Recipient(), id.Recipient())
	must(t, err)
	_, err = w.Write(bytes.Repeat([]byte("picture"), 30_000))
	must(t, err)
	must(t, w.Close())
	path := filepath.Join(c.Dir(), casedir.BackupDir, "storage", "film.mp4.age")
	must(t, os.WriteFile(path, file.Bytes(), 0o600))
	linked := filepath.Join(t.TempDir(), "linked")
	must(t, os.Link(path, linked))
	sealCase(t, c)
	must(t, c.HandBack(casetest.Time, seal.Finished))
	res, err := Run(t.Context(), c, options(casetest.Time))
	must(t, err)
	if at := res.Stated.Places[0]; at.Keys != 1 || at.Files != 2 || at.Bytes != int64(file.Len()+len("picture")) {
		t.Errorf("stated %+v", at)
	}
	after, err := os.ReadFile(linked)
	must(t, err)
	if len(after) != file.Len() || bytes.Equal(after, file.Bytes()) {
		t.Fatalf("%d bytes, of %d", len(after), file.Len())
	}
	if plain, err := age.Decrypt(bytes.NewReader(after), id); err == nil {
		t.Errorf("opens: %v", plain)
	}
	plain, err := age.Decrypt(&file, id)
	must(t, err)
	if n, err := io.Copy(io.Discard, plain); err != nil || n != 210_000 {
		t.Errorf("the copy from before: %d bytes, %v", n, err)
	}
}
