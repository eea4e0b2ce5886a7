package register

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"preship/report/message"
)

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
	dir   string
	root  *os.Root
	store Store
	file  *file // the store if it is SQLite; else nil
}

// Open opens the register of a folder, creating a missing one and making
// it anew if it is damaged or old; [Register.Sync] then fills it. It returns
// [ErrNewer] or [ErrForeign]. The caller closes it.
func Open(ctx context.Context, dir string) (*Register, error) {
	return open(ctx, dir, "rwc")
}

// OpenInMemory returns a register in memory, for a folder that cannot hold one.
func OpenInMemory(ctx context.Context, dir string) (*Register, error) {
	return over(dir, func(r *Register) (Store, error) {
		r.file = &file{dir: r.dir, root: r.root}
		return r.file, r.file.inMemory(ctx)
	})
}

// In returns the register of a folder in a store that others share. Closing the register
// leaves the store open.
func In(dir string, store Store) (*Register, error) {
	return over(dir, func(*Register) (Store, error) { return kept{store}, nil })
}

// kept is a store that another person closes.
type kept struct{ Store }

func (kept) Close() error { return nil }

func open(ctx context.Context, dir, mode string) (*Register, error) {
	return over(dir, func(r *Register) (Store, error) {
		r.file = &file{dir: r.dir, root: r.root}
		if err := r.file.open(ctx, mode); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(r.dir, FileName), err)
		}
		return r.file, nil
	})
}

// over opens a folder and the store of its cases.
func over(dir string, open func(*Register) (Store, error)) (*Register, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	r := &Register{dir: abs, root: root}
	if r.store, err = open(r); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return r, nil
}

// Rebuilt returns why the register was made again: [ErrDamaged], or [ErrOlder]. It is nil if the register was not made again.
func (r *Register) Rebuilt() error {
	if r.file == nil {
		return nil
	}
	return r.file.anew
}

// Close closes the register. Everything is on disk already.
func (r *Register) Close() error { return errors.Join(r.store.Close(), r.root.Close()) }
