package purge

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/safefile"
)

// folder is the saved data in the case.
type folder struct{ root *os.Root }

func (folder) Refuses(context.Context) error { return nil }
func (folder) Close() error                  { return nil }

// Count counts the files and their bytes. Folders are not counted, and links not followed.
func (f folder) Count(ctx context.Context) (deletion.Place, error) {
	at := deletion.Place{Kind: deletion.Folder, Address: casedir.BackupDir}
	err := fs.WalkDir(f.root.FS(), casedir.BackupDir, func(_ string, d fs.DirEntry, err error) error {
		if err := errors.Join(err, ctx.Err()); err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		at.Files++
		if info.Mode().IsRegular() {
			at.Bytes += info.Size()
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return at, nil
	}
	if err == nil {
		at.Keys, err = agefile.CountKeys(f.root)
	}
	return at, err
}

func (f folder) DestroyKeys(context.Context) error { return agefile.DestroyKeys(f.root) }

// Delete removes the folder. It is not stopped in between: the rest has no keys.
func (f folder) Delete(context.Context) error {
	if err := f.root.RemoveAll(casedir.BackupDir); err != nil {
		return err
	}
	return safefile.SyncDir(f.root, ".")
}

// maxLeft bounds how many names a place gives.
const maxLeft = 1000

func (f folder) Left(context.Context) (names []string, err error) {
	err = fs.WalkDir(f.root.FS(), casedir.BackupDir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if names = append(names, manifest.Display(name)); len(names) == maxLeft {
			return fs.SkipAll
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return names, err
}
