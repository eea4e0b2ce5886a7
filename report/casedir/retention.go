package casedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/deletion"
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
// Only a signed statement beside the package shows that the data was deleted.
type Retention struct {
	// Manifest is the SHA-256 of the manifest of the backup that was handed back.
	// A later backup of the same case is another one, and was not.
	Manifest   string     `json:"manifest"`
	HandedBack time.Time  `json:"handed_back"`
	Deleting   *time.Time `json:"deleting,omitempty"` // when deleting it began
	// Deleted is when all of it was gone, as the newest signed statement says. It is never
	// read from case.json.
	Deleted *time.Time `json:"deleted,omitempty"`
	// DeletedBy is the fingerprint of the key that signed so.
	DeletedBy string `json:"deleted_by,omitempty"`
	// Found has the counts of each place before the first file was deleted.
	Found []deletion.Place `json:"found,omitempty"`
}

// unproved is what case.json can say of a retention.
func (r *Retention) unproved() {
	if r != nil {
		r.Deleted, r.DeletedBy = nil, ""
	}
}

// prove enters what the signed statements in the folder say.
func (r *Retention) prove(in safefile.Folder, id string) {
	if s, ok := deletion.Of(in, id, r.Manifest); ok {
		r.Deleted, r.DeletedBy = &s.FinishedOn, ssh.FingerprintSHA256(s.Key)
	}
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
	return retentionIn(safefile.In(root), f), nil
}

func retentionIn(in safefile.Folder, f *caseFile) *Retention {
	if f.Retention == nil {
		return nil
	}
	r := *f.Retention
	if r.prove(in, f.ID); r.Deleted != nil {
		return &r
	}
	if d, err := DigestFile(in, ManifestName); err != nil || d != r.Manifest {
		return nil // it was about another backup
	}
	return &r
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
	if r := c.retention(); r != nil && r.Manifest == manifest && r.Deleted == nil {
		return nil
	}
	return c.update(func(f *caseFile) {
		f.Retention = &Retention{Manifest: manifest, HandedBack: now.UTC().Truncate(time.Second)}
	})
}

// Deletion is a case while its saved data is deleted. Nothing else changes the case
// until the call of [Case.Delete] that gave it returns.
type Deletion struct {
	Root   *os.Root
	CaseID string
	deletion.Subjects
	HandedBack time.Time
	Begun      time.Time
	Resumed    bool             // an earlier run began
	Found      []deletion.Place // as counted before the first file was deleted
}

// Delete lets work delete the saved data of a case that was handed back; the sealed report
// stays unchanged. That it begins, and what count found, is on disk before work is called, so
// that what a crash leaves is not taken for a damaged backup; calling it again resumes.
// Only a statement that work signs and writes beside the package ends it. It gives
// [ErrNotHandedBack], [ErrUnfinished], [ErrNoData] and the errors of verify and count, and
// then deletes nothing.
func (c *Case) Delete(now time.Time, verify Verifier, count func() ([]deletion.Place, error), work func(Deletion) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	manifest, err := c.keptBackup()
	if err != nil {
		return err
	}
	r := c.retention()
	if r == nil || r.Manifest != manifest || r.Deleted != nil {
		return fmt.Errorf("%s: %w", c.id, ErrNotHandedBack)
	}
	if err := c.finished(verify); err != nil {
		return err
	}
	d := Deletion{Root: c.root, CaseID: c.id, Subjects: deletion.Subjects{Manifest: manifest}, Resumed: r.Deleting != nil}
	if d.Report, err = DigestFile(safefile.In(c.root), ReportName); err != nil {
		return err
	}
	if r.Deleting == nil || len(r.Found) == 0 {
		found, err := count()
		if err != nil {
			return err
		}
		if err := c.retain(func(r *Retention) {
			if r.Found = found; r.Deleting == nil {
				r.Deleting = new(now.UTC().Truncate(time.Second))
			}
		}); err != nil {
			return err
		}
	}
	r = c.file.Retention
	d.HandedBack, d.Begun, d.Found = r.HandedBack, *r.Deleting, r.Found
	if err := work(d); err != nil || c.file.Archive == nil {
		return err
	}
	return c.update(func(f *caseFile) { f.Archive = nil }) // the archive was deleted too
}

// retention returns the retention with what signed statements say of it.
func (c *Case) retention() *Retention {
	return retentionIn(safefile.In(c.root), c.file)
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
	r := c.retention()
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
		if s := report.RecordOf(c.file.Steps, name); s.State != report.StepDone {
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
