package disk

import (
	"errors"
	"os"
)

// SyncFile puts the contents of one file on the disk. After a failed [Sync] it finds the
// files that the disk did not take.
func SyncFile(root *os.Root, host string) error {
	f, err := root.OpenFile(host, os.O_RDWR, 0) // Windows flushes no other
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
