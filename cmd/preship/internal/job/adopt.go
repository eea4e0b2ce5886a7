package job

import (
	"context"
	"os"
	"path/filepath"

	"preship/adb/handset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/verify"
)

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
	if err := r.whole(err); err != nil {
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
