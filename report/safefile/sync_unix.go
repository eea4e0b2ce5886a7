//go:build !windows

package safefile

import (
	"errors"
	"os"
)

// SyncDir makes the names in dir survive a power cut: fsync on a file does not
// promise that its directory entry is on disk.
func SyncDir(root *os.Root, dir string) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
