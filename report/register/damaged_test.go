package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report/message"
)

// inFile runs SQL on the register's file past the register.
func inFile(t testing.TB, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	must(t, err)
	for _, s := range statements {
		_, err = db.ExecContext(t.Context(), s)
		must(t, err)
	}
	must(t, db.Close())
}

func TestRegisterIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, file string)
		why   error // it was made again; nil where nothing was lost
		aside bool  // the old one is kept
	}{
		{"lost", func(t *testing.T, file string) { must(t, os.Remove(file)) }, nil, false},
		{"empty", func(t *testing.T, file string) { must(t, os.Truncate(file, 0)) }, nil, false},
		{"cut off", func(t *testing.T, file string) { must(t, os.Truncate(file, 5000)) }, ErrDamaged, true},
		{"something else", func(t *testing.T, file string) {
			must(t, os.WriteFile(file, []byte("a letter to a friend, long enough to be read as a heading of a database, or so one might think"), 0o600))
		}, ErrDamaged, true},
		{"overwritten behind its heading", func(t *testing.T, file string) {
			f, err := os.OpenFile(file, os.O_RDWR, 0)
			must(t, err)
			fi, err := f.Stat()
			must(t, err)
			_, err = f.WriteAt(make([]byte, fi.Size()-4096), 4096)
			must(t, errors.Join(err, f.Close()))
		}, ErrDamaged, true},
		{"of an older version", func(t *testing.T, file string) {
			inFile(t, file, "PRAGMA user_version=0", "CREATE TABLE other (x)")
		}, ErrOlder, false},
		{"with a trigger somebody put there", func(t *testing.T, file string) {
			inFile(t, file, "CREATE TRIGGER bad AFTER INSERT ON cases BEGIN DELETE FROM cases; END")
		}, ErrDamaged, true},
		{"with an entry that is none", func(t *testing.T, file string) { inFile(t, file, "UPDATE cases SET entry = 'x'") }, ErrDamaged, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			newCase(t, dir, phone("7f3c21a9", "356938035643809"))
			file := filepath.Join(dir, FileName)
			listed(t, dir, Filter{})
			settle(t, dir)
			listed(t, dir, Filter{})
			test.spoil(t, file)

			r := opened(t, dir)
			all, err := r.List(t.Context(), time.Now(), Filter{})
			must(t, err)
			if e := only(t, all); e.Serial != "7f3c21a9" {
				t.Errorf("read again as %+v", e)
			}
			if !errors.Is(r.Rebuilt(), test.why) {
				t.Errorf("made again because of %v, want %v", r.Rebuilt(), test.why)
			}
			if _, err := os.Stat(file + ".damaged"); (err == nil) != test.aside {
				t.Errorf("the old register: %v, want it kept: %v", err, test.aside)
			}
		})
	}
}

// settle makes every case of the folder old enough to differ in its time.
func settle(t testing.TB, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	must(t, err)
	old := time.Now().Add(-time.Hour)
	for _, f := range files {
		must(t, os.Chtimes(f, old, old))
	}
}

func TestRegisterOfOthersIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		put  func(t *testing.T, file string)
		want error
	}{
		{"newer", func(t *testing.T, file string) {
			inFile(t, file, fmt.Sprintf("PRAGMA application_id=%d", applicationID), fmt.Sprintf("PRAGMA user_version=%d", version+1), "CREATE TABLE later (x)")
		}, ErrNewer},
		{"another program's", func(t *testing.T, file string) { inFile(t, file, "CREATE TABLE songs (x)") }, ErrForeign},
		{"a folder", func(t *testing.T, file string) { must(t, os.Mkdir(file, 0o700)) }, ErrForeign},
		{"a link", func(t *testing.T, file string) { must(t, os.Symlink(filepath.Join(t.TempDir(), "x"), file)) }, ErrForeign},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			made := newCase(t, dir, nil)
			file := filepath.Join(dir, FileName)
			test.put(t, file)
			before, _ := os.ReadFile(file)
			if _, err := Open(t.Context(), dir); !errors.Is(err, test.want) {
				t.Errorf("opens with %v, want %v", err, test.want)
			}
			if err := Remember(t.Context(), made, true, testTime); !errors.Is(err, test.want) {
				t.Errorf("remembers with %v, want %v", err, test.want)
			}
			if after, _ := os.ReadFile(file); string(after) != string(before) {
				t.Error("it was written to")
			}
			r, err := OpenInMemory(t.Context(), dir)
			must(t, err)
			defer r.Close()
			all, err := r.List(t.Context(), testTime, Filter{})
			must(t, err)
			only(t, all) // the folders can be listed all the same
		})
	}
}

func TestOpenNeedsAFolder(t *testing.T) {
	t.Parallel()
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want %v", err, os.ErrNotExist)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// TestWordsOfTheDatabase: an error of SQLite is said in the person's language, with
// SQLite's own words as a detail.
func TestWordsOfTheDatabase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, first string // SQL on the register's own connection
		want        string
	}{
		{"full", "PRAGMA max_page_count=1", "no se puede leer o escribir la lista de casos: no queda espacio en el disco (detalle técnico: database or disk is full (13))"},
		{"read-only", "PRAGMA query_only=1", "no se puede leer o escribir la lista de casos: permiso denegado (detalle técnico: attempt to write a readonly database (8))"},
		{"another error", "DROP TABLE imeis", "no se puede leer o escribir la lista de casos (detalle técnico: SQL logic error: no such table: imeis (1))"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := opened(t, t.TempDir())
			_, err := r.store.(*file).db.ExecContext(t.Context(), test.first)
			must(t, err)
			err = r.store.Keep(t.Context(), []Row{{Path: strings.Repeat("9", 40_000), Entry: Entry{IMEI: []string{"356938035643809"}}}}, nil)
			if said, _ := message.Of(err).In("es"); said != test.want {
				t.Errorf("%q, want %q", said, test.want)
			}
		})
	}
}
