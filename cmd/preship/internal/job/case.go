package job

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// Open opens the case of this job, or makes a new one. Its path is absolute
// from here on: it is printed for scripts that may be elsewhere.
func (j *Job) Open() error {
	if j.opts.Dir != "" && j.opts.Out != "" {
		return Usage(message.Say("usage.case-or-out"))
	}
	if err := j.opts.Absolute(); err != nil {
		return err
	}
	var err error
	switch {
	case j.opts.Dir != "":
		if err := CheckFolder(j.opts.Dir); err != nil {
			return err
		}
		j.kept, err = casedir.Open(j.opts.Dir)
		err = j.heldBy(err, j.opts.Dir)
	case j.opts.Out != "":
		if err := canMake(j.opts.Out); err != nil {
			return err
		}
		j.kept, err = casedir.CreateIn(j.opts.Out, j.host.Now())
	default:
		return errNoFolder()
	}
	if err != nil {
		return err
	}
	return j.noteCase()
}

func errNoFolder() error {
	return Usage(message.Say("usage.no-folder"))
}

// openNamedCase opens the case if one is named.
func (j *Job) openNamedCase() error {
	if j.opts.Dir == "" {
		return nil
	}
	return j.Open()
}

// openFolder opens the case in a folder that is the case itself, making it there
// when it is new.
func (j *Job) openFolder() error {
	if j.opts.Out == "" || j.opts.Dir != "" {
		return j.Open()
	}
	if err := j.opts.Absolute(); err != nil {
		return err
	}
	if err := canMake(j.opts.Out); err != nil {
		return err
	}
	var err error
	j.kept, err = casedir.Open(j.opts.Out)
	if errors.Is(err, casedir.ErrNotCase) || errors.Is(err, fs.ErrNotExist) {
		j.kept, err = casedir.Create(j.opts.Out, j.host.Now())
	}
	if err != nil {
		return err
	}
	return j.noteCase()
}

// passed says whether a step of the case is done and left nothing open.
func (j *Job) passed(name string) bool {
	if j.kept == nil {
		return false
	}
	rec := j.kept.Step(name)
	return rec.State == report.StepDone && !slices.ContainsFunc(rec.Findings, Stands)
}

// Wiped reports whether the reset of this case may already have been sent, or was
// attested: from then on nothing before it can be done again.
func (j *Job) Wiped() (bool, error) {
	r, ok, err := saved[report.Reset](j.kept, report.StepReset)
	return ok && (r.TriggeredAt != nil || r.Rung != report.RungNone), err
}

// CheckFolder returns a [UsageError] if a folder that has to exist does not, is a file,
// or cannot be read.
func CheckFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Usage(message.Say("usage.folder.missing", "folder", dir))
	case err == nil && !info.IsDir():
		return Usage(message.Say("usage.folder.file", "folder", dir))
	case errors.Is(err, fs.ErrPermission):
		return Usage(message.Say("usage.folder.closed", "folder", dir))
	case err != nil && fileAbove(dir) != "":
		return Usage(message.Say("usage.folder.below-file", "folder", dir, "file", fileAbove(dir)))
	}
	return err
}

// canMake says why a folder that is to be made cannot be: a file is in its place,
// or in that of a folder above it.
func canMake(dir string) error {
	if file := fileAbove(dir); file != "" {
		return Usage(message.Say("usage.folder.taken", "file", file))
	}
	return nil
}

// fileAbove is the first of dir and the folders above it that is there, if it is
// no folder.
func fileAbove(dir string) string {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && info.IsDir():
			return ""
		case err == nil:
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}
