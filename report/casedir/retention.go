package casedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/safefile"
)

// BackupDir holds the owner's data, outside of the package.
const BackupDir = "backup"

var (
	// ErrUnfinished: the job is not done or not sealed, and its data is needed.
	ErrUnfinished = message.Error(message.Say("error.job-unfinished"), nil)
	// ErrNoData: the case holds no saved data.
	ErrNoData = message.Error(message.Say("error.no-data"), nil)
	// ErrNotHandedBack: it is not recorded that the owner has the saved data.
	ErrNotHandedBack = message.Error(message.Say("error.not-handed-back"), nil)
)

// Retention records the handing back and deletion of the saved data after the job. It is
// in case.json, outside of the seal: a report does not change when the data is deleted.
type Retention struct {
	// Manifest is the SHA-256 of the manifest of the backup that was handed back.
	// A later backup of the same case is another one, and was not.
	Manifest   string     `json:"manifest"`
	HandedBack time.Time  `json:"handed_back"`
	Deleting   *time.Time `json:"deleting,omitempty"` // when deleting it began
	Deleted    *time.Time `json:"deleted,omitempty"`  // when all of it was gone
}

// RetentionIn reads the retention of the case in root; nil if the data was not handed
// back, or root has no case.
func RetentionIn(root *os.Root) (*Retention, error) {
	f, err := readCaseFile(root)
	if errors.Is(err, ErrNotCase) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := f.Retention
	if r == nil || r.Deleted != nil {
		return r, nil
	}
	if d, err := DigestFile(safefile.In(root), ManifestName); err != nil || d != r.Manifest {
		return nil, nil // it was about another backup
	}
	return r, nil
}

// Verifier returns an error unless the report sealed in the folder verifies and says that
// the job came to its end. A report of a job that did not is [ErrUnfinished].
type Verifier func(root *os.Root, dir string) error

// HandBack writes down that the owner has the saved data of this case. It gives
// [ErrUnfinished] and [ErrNoData]. Saying it again changes nothing.
func (c *Case) HandBack(now time.Time, verify Verifier) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	manifest, err := c.keptBackup()
	if err != nil {
		return err
	}
	if err := c.finished(verify); err != nil {
		return err
	}
	if r := c.file.Retention; r != nil && r.Manifest == manifest && r.Deleted == nil {
		return nil
	}
	return c.update(func(f *caseFile) {
		f.Retention = &Retention{Manifest: manifest, HandedBack: now.UTC().Truncate(time.Second)}
	})
}

// DeleteBackup deletes the saved data of a case that was handed back, and keeps
// the sealed report, which verifies as before. That it begins is on disk before
// the first file goes, so that what a crash leaves is not taken for a damaged
// backup; calling it again resumes. It gives [ErrNotHandedBack], [ErrUnfinished],
// [ErrNoData] and the error of verify, and then deletes nothing.
//
// Deleting is not erasing: on an SSD, and in copies and snapshots of the disk,
// the bytes may stay.
func (c *Case) DeleteBackup(now func() time.Time, verify Verifier) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	manifest, err := c.keptBackup()
	if err != nil {
		return err
	}
	r := c.file.Retention
	if r == nil || r.Manifest != manifest || r.Deleted != nil {
		return fmt.Errorf("%s: %w", c.id, ErrNotHandedBack)
	}
	if err := c.finished(verify); err != nil {
		return err
	}
	if err := c.retain(func(r *Retention) {
		if r.Deleting == nil {
			r.Deleting = new(now().UTC().Truncate(time.Second))
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
	return c.retain(func(r *Retention) { r.Deleted = new(now().UTC().Truncate(time.Second)) })
}

func (c *Case) retain(change func(*Retention)) error {
	next := *c.file.Retention
	change(&next)
	return c.update(func(f *caseFile) { f.Retention = &next })
}

// keptBackup returns the digest of the manifest of the data that is here, or in the archive
// alone. Data that is deleted already, but not yet recorded as deleted, counts as being here.
func (c *Case) keptBackup() (manifest string, err error) {
	fi, err := c.root.Lstat(BackupDir)
	r := c.file.Retention
	begun := r != nil && r.Deleting != nil && r.Deleted == nil
	switch {
	case errors.Is(err, fs.ErrNotExist) && (begun || c.away()):
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: %w", c.id, ErrNoData)
	case err != nil:
		return "", err
	case !fi.IsDir():
		return "", message.Error(message.Join(message.Colon, message.AsIs(c.id), message.Say("error.no-folder", "path", BackupDir)), ErrNoData)
	}
	manifest, err = DigestFile(safefile.In(c.root), ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return "", message.Error(message.Join(message.Colon, message.AsIs(c.id), message.Say("file.case.no-manifest", "name", ManifestName)), ErrUnfinished)
	}
	return manifest, err
}

// unfinished returns [ErrUnfinished] with the case and why.
func (c *Case) unfinished(why message.Sentence) error {
	return message.Kind(message.Join(message.Colon, message.AsIs(c.id), message.Of(ErrUnfinished), why), ErrUnfinished)
}

// finished says whether nothing of the job can need the saved data any more:
// every step is done, and the report of it is sealed and verifies.
func (c *Case) finished(verify Verifier) error {
	for _, name := range report.Steps {
		if s := c.file.step(name); s.State != report.StepDone {
			return c.unfinished(message.Say("file.case.step-state", "step", name, "state", printable.Text(string(s.State))))
		}
	}
	if _, err := c.root.Lstat(SigName); errors.Is(err, fs.ErrNotExist) {
		return c.unfinished(message.Say("file.case.not-sealed"))
	}
	if err := verify(c.root, c.dir); err != nil {
		return fmt.Errorf("%s: %w", c.id, err)
	}
	return nil
}
