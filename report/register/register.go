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

var (
	// ErrNewer is the error of a register that a newer preship made. It is not changed.
	ErrNewer = message.Error(message.Say("cases.error.newer"), nil)
	// ErrForeign is the error of another file under the register's name.
	ErrForeign = message.Error(message.Say("cases.error.foreign"), nil)
	// ErrDamaged and ErrOlder are why a register is made again.
	ErrDamaged = message.Error(message.Say("cases.error.damaged"), nil)
	ErrOlder   = message.Error(message.Say("cases.error.older"), nil)

	errTooMany = message.Error(message.Say("cases.error.too-many"), nil)
)

// Register is the register of one folder. It is safe for concurrent use.
type Register struct {
	dir  string
	root *os.Root
	db   *sql.DB
	kept bool  // in a file; else in memory
	anew error // why it was rebuilt; nil if it was not
}

// Open opens the register of a folder, creating a missing one and making
// it anew if it is damaged or old; [Register.Sync] then fills it. It returns
// [ErrNewer] or [ErrForeign]. The caller closes it.
func Open(ctx context.Context, dir string) (*Register, error) {
	return open(ctx, dir, "rwc")
}

// OpenInMemory returns a register in memory, for a folder that cannot hold one.
func OpenInMemory(ctx context.Context, dir string) (*Register, error) {
	r, err := onDir(dir)
	if err != nil {
		return nil, err
	}
	if err := r.connect("file::memory:?mode=memory"); err != nil {
		return nil, errors.Join(err, r.root.Close())
	}
	if err := r.prepare(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func onDir(dir string) (*Register, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	return &Register{dir: abs, root: root}, nil
}

func open(ctx context.Context, dir, mode string) (*Register, error) {
	r, err := onDir(dir)
	if err != nil {
		return nil, err
	}
	if err := r.openFile(ctx, mode); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", filepath.Join(r.dir, FileName), err), r.root.Close())
	}
	return r, nil
}

func (r *Register) openFile(ctx context.Context, mode string) error {
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
	r.kept = true
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
func (r *Register) private(fi fs.FileInfo, mode string) error {
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
func (r *Register) uri(mode string) string {
	path := filepath.ToSlash(filepath.Join(r.dir, FileName))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode
}

func (r *Register) connect(uri string) error {
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
func (r *Register) replace(ctx context.Context, why error) error {
	if !r.kept {
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

// Rebuilt returns why the register was made again: [ErrDamaged], or [ErrOlder]. It is nil if the register was not made again.
func (r *Register) Rebuilt() error { return r.anew }

// Close closes the register. Everything is on disk already.
func (r *Register) Close() error { return errors.Join(r.db.Close(), r.root.Close()) }

// damaged makes an error of SQLite about the file's contents ErrDamaged, and says of any
// other what it is about.
func damaged(err error) error {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return ErrDamaged
		}
		return message.Kind(message.Join(message.Colon, message.Say("cases.error.database"), message.AsIs(e.Error())), err)
	}
	return err
}
