package casedir

import (
	"errors"
	"io/fs"
	"os"

	"preship/report/safefile"
)

// TrialName is the file that TryWrite writes. It is the temporary name of case.json,
// which is no part of a package: a file that a crash left breaks no seal, and the
// next [Open] removes it.
const TrialName = CaseFileName + safefile.TempSuffix

// TryWrite writes n bytes into the case folder and removes them again. Nothing of
// the case changes; a sealed report stays sealed.
func (c *Case) TryWrite(n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.root.Remove(TrialName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := c.root.OpenFile(TrialName, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, n))
	if err == nil {
		err = f.Sync() // some file systems find out only now that they are full
	}
	return errors.Join(err, f.Close(), c.root.Remove(TrialName))
}
