package job

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"preship/adb/handset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/verify"
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
		err = j.claims.heldBy(err, j.opts.Dir)
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
	return j.claims.ofCase(j.kept.Dir())
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
	return j.claims.ofCase(j.kept.Dir())
}

// passed says whether a step of the case is done and left nothing open.
func (c *common) passed(name string) bool {
	if c.kept == nil {
		return false
	}
	rec := c.kept.Step(name)
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

// adoptForm looks in the folder of --out for a case that intake began without a handset,
// and whose form is about the connected one. The job then resumes that case. Several such
// cases are a [UsageError]: which one is meant cannot be known.
func (j *Job) adoptForm(ctx context.Context) error {
	waiting := j.formsWaiting()
	if len(waiting) == 0 || !j.opts.finds() {
		return nil
	}
	r := j.reader()
	id, err := handset.Identify(ctx, r)
	if err := r.Whole(err); err != nil {
		return err
	}
	h, _ := verify.Identity(id, j.opts.Claims)
	var fitting []string
	for _, dir := range waiting {
		if formFits(dir, &h) {
			fitting = append(fitting, dir)
		}
	}
	switch len(fitting) {
	case 0:
		return nil
	case 1:
		j.opts.Dir, j.opts.Out = fitting[0], ""
		j.say(message.Say("job.form-found", "folder", fitting[0]))
		return nil
	}
	return Usage(message.Say("usage.several-forms", "folders", fitting))
}

// formsWaiting lists the cases of --out that have no handset and no step yet.
func (j *Job) formsWaiting() (dirs []string) {
	out, err := filepath.Abs(j.opts.Out)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		return nil // a new folder, or one that the job cannot use either
	}
	for _, entry := range entries {
		dir := filepath.Join(out, entry.Name())
		s, err := casedir.Look(dir)
		if err == nil && s.Unit.Serial == "" && s.Steps[report.StepIdentify] == report.StepNotRun {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// formFits reports whether the case has a form that the handset agrees with. A case that
// another process holds, or that cannot be read, has none.
func formFits(dir string, h *report.Handset) bool {
	c, err := casedir.Open(dir)
	if err != nil {
		return false
	}
	defer c.Close()
	d, ok, err := c.Draft()
	if err != nil || !ok {
		return false
	}
	status := d.Form.Compare(h).Status
	return status == report.StatusPass || status == report.StatusWarn
}
