package backup

import (
	"errors"
	"os"
)

// durable puts what was written to the files at hosts on disk. NTFS journals
// their names. Windows flushes only what is open for writing.
func durable(root *os.Root, hosts []string) error {
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
