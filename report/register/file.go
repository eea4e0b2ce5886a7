package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"preship/report/message"
)

// FileName is the register in a folder of cases.
const FileName = "register.db"

// waitForOthers bounds the wait for another process that is writing.
const waitForOthers = 10 * time.Second

// file is the store beside the cases: an SQLite database. It is of one folder, so it
// leaves the desk of an entry empty.
type file struct {
	dir    string
	root   *os.Root // of dir; another person closes it
	db     *sql.DB
	onDisk bool  // else in memory
	anew   error // why it was rebuilt; nil if it was not
}

// inMemory opens a database that ends with its handle.
func (r *file) inMemory(ctx context.Context) error {
	if err := r.connect("file::memory:?mode=memory"); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return errors.Join(err, r.Close())
	}
	return nil
}

func (r *file) open(ctx context.Context, mode string) error {
	// SQLite would follow a symbolic link to wherever it leads. It is not opened
	// here: closing it again would take this process's locks on it away.
	if fi, err := r.root.Lstat(FileName); err == nil && !fi.Mode().IsRegular() {
		return ErrForeign
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	} else if err := r.private(fi, mode); err != nil {
		return err
	}
	if err := r.connect(r.uri(mode)); err != nil {
		return err
	}
	r.onDisk = true
	err := r.prepare(ctx)
	if errors.Is(err, ErrDamaged) {
		err = r.replace(ctx, err)
	}
	if err != nil {
		return errors.Join(err, r.db.Close())
	}
	return nil
}

// private makes the file readable by its owner alone: a new one before SQLite creates it
// with the rights of any file, and one that an earlier version made. fi is nil if the file is
// missing.
func (r *file) private(fi fs.FileInfo, mode string) error {
	switch {
	case fi != nil && fi.Mode().Perm()&0o077 != 0:
		err := r.root.Chmod(FileName, 0o600)
		if errors.Is(err, fs.ErrPermission) {
			return nil // another user's; it is the desk's to decide
		}
		return err
	case fi != nil || mode != "rwc":
		return nil
	}
	f, err := r.root.OpenFile(FileName, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	return f.Close() // this process has no locks on a file that it has just made
}

// uri names the file so that no character of the path means anything to SQLite.
func (r *file) uri(mode string) string {
	path := filepath.ToSlash(filepath.Join(r.dir, FileName))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode
}

func (r *file) connect(uri string) error {
	db, err := sql.Open("sqlite", uri+"&_txlock=immediate&_journal_mode=DELETE&_synchronous=OFF&_defensive=1&_pragma=trusted_schema(off)"+
		fmt.Sprintf("&_busy_timeout=%d", waitForOthers.Milliseconds()))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // a database in memory belongs to its connection
	r.db = db
	return nil
}

// replace sets a register aside that is of no use and begins another.
func (r *file) replace(ctx context.Context, why error) error {
	if !r.onDisk {
		return why
	}
	if err := r.db.Close(); err != nil {
		return err
	}
	// First the journal: in a new database it would be taken for its own.
	if err := r.root.Remove(FileName + "-journal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := r.root.Rename(FileName, FileName+".damaged"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := r.connect(r.uri("rwc")); err != nil {
		return err
	}
	r.anew = why
	return r.prepare(ctx)
}

// Close closes the database, and leaves the folder open.
func (r *file) Close() error { return r.db.Close() }

// reasons are SQLite's errors that have words.
var reasons = map[int]message.ID{
	sqlite3.SQLITE_BUSY:     "cases.error.busy",
	sqlite3.SQLITE_LOCKED:   "cases.error.busy",
	sqlite3.SQLITE_FULL:     "error.disk-full",
	sqlite3.SQLITE_IOERR:    "error.system.input-output",
	sqlite3.SQLITE_READONLY: "error.system.permission",
	sqlite3.SQLITE_PERM:     "error.system.permission",
}

// Failed makes err, of a database, say that the list of cases cannot be used, why, and the
// database's own words as a detail. reason is "" for an error without words.
func Failed(err error, reason message.ID, detail string) error {
	says := message.Say("cases.error.database")
	if reason != "" {
		says = message.Join(message.Colon, says, message.Say(reason))
	}
	return message.Kind(Detailed(says, detail), err)
}

// Detailed adds a database's own words to a sentence, as a detail.
func Detailed(s message.Sentence, detail string) message.Sentence {
	return message.Say("cases.error.detail", "reason", s, "detail", detail)
}

// damaged makes an error of SQLite about the file's contents ErrDamaged, and [Failed] of
// any other.
func damaged(err error) error {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return ErrDamaged
		}
		return Failed(err, reasons[e.Code()&0xff], e.Error())
	}
	return err
}
