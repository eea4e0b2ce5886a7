package casedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"preship/report/message"
	"preship/report/safefile"
)

// ErrNotArchived means that no archive has the saved data of the case.
var ErrNotArchived = message.Error(message.Say("error.not-archived"), nil)

// Archive records where the case was archived. Like [Retention] it is in case.json, outside
// of the seal.
type Archive struct {
	Address  string `json:"address"`  // of the archive, without secrets
	List     string `json:"list"`     // the SHA-256 of the list of its objects
	Manifest string `json:"manifest"` // the SHA-256 of the manifest of the backup in it
	// Written is when all of it was read back; zero while it is being written. Even then the
	// archive may hold data.
	Written time.Time `json:"written"`
	// Freeing is when deleting the data here began, and Freed when all of it was gone; the
	// archive has it still.
	Freeing *time.Time `json:"freeing,omitempty"`
	Freed   *time.Time `json:"freed,omitempty"`
}

// ArchiveIn reads the archive of the case in root; nil if none was begun, or the case was
// backed up again since, or root has no case.
func ArchiveIn(root *os.Root) (*Archive, error) {
	f, err := readCaseFile(root)
	if errors.Is(err, ErrNotCase) {
		return nil, nil
	}
	if err != nil || f.Archive == nil {
		return nil, err
	}
	if d, err := DigestFile(safefile.In(root), ManifestName); err != nil || d != f.Archive.Manifest {
		return nil, nil // it was about another backup
	}
	return f.Archive, nil
}

// Archived returns the last archive of the case, nil without one. It may be of an earlier
// backup.
func (c *Case) Archived() *Archive {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.file.Archive
}

// ArchiveJournalName is the file that says how far archiving has come. It holds the key of
// the archive, encrypted to the chain's keys.
const ArchiveJournalName = PrivateDir + "/archive.jsonl"

// Finished returns nil if every step of the job is done, and its report is sealed and
// verifies; else [ErrUnfinished] or the error of verify.
func (c *Case) Finished(verify Verifier) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.finished(verify)
}

// SetArchive records an archive of all that is in the case, before it is written and again
// after. The manifest is entered here.
func (c *Case) SetArchive(a Archive) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	manifest, err := c.keptBackup()
	if err != nil {
		return err
	}
	a.Manifest = manifest
	return c.update(func(f *caseFile) { f.Archive = &a })
}

// FreeBackup deletes the saved data here that the archive has. The caller has read the
// archive back. It gives [ErrNotArchived], [ErrNoData], [ErrUnfinished] and the error of
// verify, and then deletes nothing; calling it again after a crash resumes.
func (c *Case) FreeBackup(now func() time.Time, verify Verifier) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	manifest, err := c.keptBackup()
	if err != nil {
		return err
	}
	if a := c.file.Archive; a == nil || a.Manifest != manifest || a.Written.IsZero() {
		return fmt.Errorf("%s: %w", c.id, ErrNotArchived)
	}
	if err := c.finished(verify); err != nil {
		return err
	}
	if err := c.noteArchive(func(a *Archive) {
		if a.Freeing == nil {
			a.Freeing = new(now().UTC().Truncate(time.Second))
		}
	}); err != nil {
		return err
	}
	if err := c.root.RemoveAll(BackupDir); err != nil {
		return err
	}
	if err := safefile.SyncDir(c.root, "."); err != nil {
		return err
	}
	return c.noteArchive(func(a *Archive) { a.Freed = new(now().UTC().Truncate(time.Second)) })
}

// Fetched records that the saved data is here again, and in the archive too.
func (c *Case) Fetched() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file.Archive == nil {
		return fmt.Errorf("%s: %w", c.id, ErrNotArchived)
	}
	if _, err := c.root.Lstat(BackupDir); err != nil {
		return err
	}
	return c.noteArchive(func(a *Archive) { a.Freeing, a.Freed = nil, nil })
}

func (c *Case) noteArchive(change func(*Archive)) error {
	next := *c.file.Archive
	change(&next)
	return c.update(func(f *caseFile) { f.Archive = &next })
}

// away reports whether the archive has the saved data, which is not here, or was being
// deleted here.
func (c *Case) away() bool {
	a := c.file.Archive
	_, err := c.root.Lstat(BackupDir)
	return a != nil && a.Freeing != nil && (a.Freed == nil || errors.Is(err, fs.ErrNotExist))
}
