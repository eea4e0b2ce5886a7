package restoring

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/restore"
	"preship/cmd/preship/internal/evidence"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/saved"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/verify"
)

// Work is one restore. Host, Dir, Key, Person, Say and Other are needed.
type Work struct {
	Host   job.Host
	Serial string // empty: the only handset
	Dir    string // the case, or the folder of a backup alone
	// Options are those of the restore. Key, Progress, Waits and Say are set by Run.
	Options restore.Options
	// Key returns what opens the backup in a folder, nil for one that is not encrypted.
	Key    func(ctx context.Context, root *os.Root) (*agefile.Key, error)
	Person job.Person             // sees progress and waits
	Say    func(message.Sentence) // shows what to do on the handset
	// Begins is called with the name of the handset; it may be nil.
	Begins func(message.Sentence)
	// Other asks whether another handset than the saved one is meant. It is not called for
	// a dry run. False ends the restore.
	Other func(ctx context.Context, saved, connected report.Unit) (bool, error)
}

// Run restores. The error is that of the case, of the handset, or of the person; what could
// not be restored is in the result.
func (w Work) Run(ctx context.Context) (res restore.Result, err error) {
	root, unit, closeCase, err := open(w.Dir)
	if err != nil {
		return res, err
	}
	defer closeCase()
	if err := saved.NeedsData(w.Dir, root); err != nil {
		return res, err
	}
	key, err := w.Key(ctx, root)
	if err != nil {
		return res, err
	}
	client, err := w.Host.Server(ctx)
	if err != nil {
		return res, err
	}
	device, info, err := client.Pick(ctx, w.Serial)
	if err != nil {
		return res, err
	}
	release, err := job.Claim(w.Host, client, device.Serial())
	if err != nil {
		return res, err
	}
	defer release()
	if w.Begins != nil {
		w.Begins(restoringTo(device.Serial(), info.Model))
	}
	if err := w.sameHandset(ctx, device, unit); err != nil {
		return res, err
	}
	person := job.NewWaits(w.Person, w.Host.Now)
	o := w.Options
	o.Key, o.Say, o.Waits = key, w.Say, person.Show
	o.Progress = func(p meter.Progress) { person.Tell(job.Progress{Progress: p}) }
	res, err = restore.Run(ctx, device, root, o)
	person.Tell(job.Progress{Over: true})
	return res, err
}

// Whole reports whether everything that was saved is on the handset.
func Whole(res restore.Result) bool {
	return len(res.Problems) == 0 && len(res.Missing) == 0 && res.Contacts.Status != restore.ContactsUnknown
}

// restoringTo names the handset, whose model the server may not know.
func restoringTo(serial, model string) message.Sentence {
	if model == "" {
		return message.Say("restore.to.serial", "serial", serial)
	}
	return message.Say("restore.to", "serial", serial, "model", model)
}

// open opens a case to restore from, which says of which handset it is. A backup alone,
// without its case, does not.
func open(dir string) (root *os.Root, unit report.Unit, done func(), err error) {
	if err := job.CheckFolder(dir); err != nil {
		return nil, unit, nil, err
	}
	kept, err := casedir.Open(dir)
	switch {
	case err == nil:
		unit, _ = kept.Unit()
		return kept.Root(), unit, func() { _ = kept.Close() }, nil
	case !errors.Is(err, casedir.ErrNotCase):
		return nil, unit, nil, err
	}
	if root, err = saved.Open(dir); err != nil {
		return nil, unit, nil, err
	}
	if _, err := root.Stat(manifest.Name); errors.Is(err, fs.ErrNotExist) {
		_ = root.Close()
		return nil, unit, nil, fmt.Errorf("%s: %w", dir, manifest.ErrNoBackup)
	}
	return root, unit, func() { _ = root.Close() }, nil
}

// sameHandset returns an error for photos of another handset, unless the person means it.
func (w Work) sameHandset(ctx context.Context, device *adb.Device, of report.Unit) error {
	connected := report.Unit{Serial: device.Serial()}
	r := &evidence.Recorder{Device: device, Now: w.Host.Now}
	id, err := handset.Identify(ctx, r)
	switch {
	case err == nil:
		h, _ := verify.Identity(id, verify.Claims{})
		h.Serial = device.Serial()
		connected = h.Unit()
		if f := verify.RepairMode(ctx, r, id); f.Status == report.StatusFail {
			return message.Kind(message.Join(message.Colon, message.Of(job.ErrNotOwners), message.Join(message.Stop, f.Sentence(), f.Advised())), job.ErrNotOwners)
		}
	case !errors.Is(err, dump.ErrNoProperties):
		return err
	}
	if of.Same(connected) {
		return nil
	}
	w.Say(message.Say("restore.other-handset", "saved", of, "connected", connected))
	if w.Options.DryRun {
		return nil
	}
	means, err := w.Other(ctx, of, connected)
	if err == nil && !means {
		err = job.Usage(message.Say("usage.restore.nothing"))
	}
	return err
}
