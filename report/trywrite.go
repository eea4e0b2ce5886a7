package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"preship/report/safefile"
)

// trialName is the file that TryWrite writes. It is the temporary name of case.json,
// which is no part of a package: a file that a crash left breaks no seal, and the
// next [Open] removes it.
const trialName = caseFileName + safefile.TempSuffix

// TrySeal reads what a seal would be about, and says whether [Seal] would refuse it:
// evidence that is not what [Case.Record] wrote is [ErrBrokenLog]. It writes nothing.
func (c *Case) TrySeal() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	sums, err := c.subjects()
	if err != nil {
		return err
	}
	if err := checkEvidence(safefile.In(c.root), c.id, sums); err != nil || c.log.seq == 0 {
		return err
	}
	// The chain on the disk may be whole and yet end before what this run wrote.
	info, err := c.root.Lstat(logName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %s is missing", ErrBrokenLog, logName)
	case err != nil:
		return err
	case info.Size() != c.log.size:
		return fmt.Errorf("%w: %s is shorter than it was written", ErrBrokenLog, logName)
	}
	return nil
}

// TryWrite writes n bytes into the case folder and removes them again. Nothing of
// the case changes; a sealed report stays sealed.
func (c *Case) TryWrite(n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.root.Remove(trialName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := c.root.OpenFile(trialName, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, n))
	if err == nil {
		err = f.Sync() // some file systems find out only now that they are full
	}
	return errors.Join(err, f.Close(), c.root.Remove(trialName))
}
