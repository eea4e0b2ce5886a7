package verdict

import (
	"errors"
	"os"

	"preship/backup"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/seal"
)

// CheckData compares the saved data beside a report with its manifest, where there is any. The seal covers the manifest and not
// the data, which is not sent along; its owner wants to know of both.
func CheckData(v *seal.Verified) error {
	info, err := os.Stat(v.Path)
	if err != nil || !info.IsDir() {
		return nil // a ZIP holds no data, and a package that cannot be opened is reported already
	}
	root, err := os.OpenRoot(v.Path)
	if err != nil {
		return err
	}
	defer root.Close()
	_, err = root.Stat("backup")
	missing := errors.Is(err, os.ErrNotExist)
	// The record outside of the seal counts for the data, and for
	// nothing of the report.
	if r, err := casedir.RetentionIn(root); err == nil && r != nil && r.Deleting != nil && (missing || r.Deleted == nil) {
		v.Retention = r
		return nil
	}
	if missing {
		return nil
	}
	if d := v.Deletion(); d != nil {
		v.OK = false
		v.Problems = append(v.Problems, problemOf(d.File, message.Error(message.Say("seal.problem.data-there"), nil)))
	}
	res, err := backup.Check(root, true)
	if errors.Is(err, manifest.ErrNoBackup) {
		return nil
	}
	if err != nil {
		v.OK = false
		v.Problems = append(v.Problems, problemOf("backup/", err))
		return nil
	}
	for _, p := range res.Problems {
		if p.Message != nil && p.Message.ID() == backup.Unfinished && v.Verdict != report.VerdictReady {
			continue // the report says so itself: the job was interrupted, nothing was changed
		}
		v.OK = false
		v.Problems = append(v.Problems, seal.Problem{File: p.File, What: p.What, Message: p.Message})
	}
	return nil
}

// problemOf is an error as the problem of a package.
func problemOf(file string, err error) seal.Problem {
	what := message.Of(err)
	return seal.Problem{File: file, What: what.String(), Message: &what}
}
