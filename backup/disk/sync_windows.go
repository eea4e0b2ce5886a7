package disk

import (
	"errors"
	"os"
)

// Sync puts the files at hosts on the disk. NTFS journals their names. Windows flushes
// only files that are open for writing.
func Sync(root *os.Root, hosts []string) error {
	for _, host := range hosts {
		f, err := root.OpenFile(host, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
