package backup

import (
	"context"

	"preship/backup/listing"
	"preship/backup/plan"
	"preship/report/message"
)

// appFiles looks up the files of apps in the plan.
type appFiles struct {
	plan  *plan.Plan
	known *plan.Index
}

func newAppFiles(p *plan.Plan) *appFiles { return &appFiles{p, p.Index()} }

// Unsaved implements provider.AppFiles.
func (f *appFiles) Unsaved(path string) message.Sentence {
	i, ok := f.known.Find([]byte(path))
	if !ok {
		return message.Say("backup.why.not-listed")
	}
	if s := f.plan.State(i); s == plan.StateSaved || s == plan.StateProved {
		return message.Sentence{}
	}
	if why := f.plan.Reason(i); !why.Empty() {
		return why
	}
	return message.Say("backup.why.not-saved")
}

// Unproved implements provider.AppFiles.
func (f *appFiles) Unproved() (n, listed int64, names message.Sentence) {
	files, _ := f.plan.TallyWhere(f.plan.OfApp)
	return files.Saved - files.Proved, files.Listed, f.plan.Named(f.plan.OfApp, plan.StateSaved)
}

// listApps adds the files of the owner's apps to the plan. They are copied and proved
// like all other files.
func (j *job) listApps(ctx context.Context, l *listing.Lister) error {
	start := j.plan.Len()
	apps, err := j.keep.Apps(ctx)
	if err != nil {
		return err
	}
	j.apps = len(apps)
	for _, app := range apps {
		for _, name := range app.Files {
			if _, err := j.plan.Add([]byte(name)); err != nil {
				return err
			}
		}
	}
	j.plan.SetApps(start)
	return l.Describe(ctx, start)
}
