package purge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"preship/report"
	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/message"
	"preship/report/trust"
)

// Options are what a purge needs. All fields are needed but Stamp and Places.
type Options struct {
	Now    func() time.Time
	Verify casedir.Verifier // checks the sealed report before anything is deleted
	Signer trust.Signer
	Tool   report.Tool
	Stamp  bundle.Stamper // nil: no authority is asked
	// Places returns where data of a case is, beside the case itself; nil: nowhere.
	Places func(ctx context.Context, c *casedir.Case) ([]Place, error)
}

// Place is where data of a case is kept.
type Place interface {
	// Refuses returns an error if the data may not be deleted yet, such as by a retention
	// lock. It is asked before anything is deleted anywhere.
	Refuses(ctx context.Context) error
	// Count names the place, and counts its files, bytes and keys.
	Count(ctx context.Context) (deletion.Place, error)
	// DestroyKeys makes the data useless to every key.
	DestroyKeys(ctx context.Context) error
	// Delete deletes the data.
	Delete(ctx context.Context) error
	// Left looks again, and names the files that are still there.
	Left(ctx context.Context) ([]string, error)
	Close() error
}

// ErrLeft: data is still there after the deletion, so that nothing was signed.
var ErrLeft = message.Error(message.Say("cases.purge.still-there"), nil)

// Result is how a purge ended.
type Result struct {
	File   string // the statement, in the case
	Stated deletion.Predicate
}

// Run deletes the saved data of a case and signs that it did. The errors are those of
// [casedir.Case.Delete], [ErrLeft], [trust.ErrNoSigner], and those of the places.
func Run(ctx context.Context, c *casedir.Case, o Options) (res Result, err error) {
	if o.Signer.IsZero() {
		return res, trust.ErrNoSigner // before anything is deleted
	}
	places := []Place{folder{c.Root()}}
	if o.Places != nil {
		more, err := o.Places(ctx, c)
		if err != nil {
			return res, err
		}
		places = append(more, places...) // archives go first: the case names them
	}
	defer func() {
		for _, p := range places {
			err = errors.Join(err, p.Close())
		}
	}()
	count := func() (all []deletion.Place, err error) {
		for _, p := range places {
			at, err := p.Count(ctx)
			if err != nil {
				return nil, err
			}
			all = append(all, at)
		}
		return all, nil
	}
	refused := func() error {
		for _, p := range places {
			if err := p.Refuses(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	if err := refused(); err != nil {
		return res, err
	}
	err = c.Delete(o.Now(), o.Verify, count, func(d casedir.Deletion) error {
		if err := remove(ctx, places); err != nil {
			return err
		}
		res, err = o.sign(d)
		return err
	})
	return res, err
}

// remove destroys the keys of every place, deletes every place, and looks again.
func remove(ctx context.Context, places []Place) error {
	for _, p := range places {
		if err := p.DestroyKeys(ctx); err != nil {
			return err
		}
	}
	for _, p := range places {
		if err := p.Delete(ctx); err != nil {
			return err
		}
	}
	var left []string
	for _, p := range places {
		names, err := p.Left(ctx)
		if err != nil {
			return err
		}
		left = append(left, names...)
	}
	if len(left) == 0 {
		return nil
	}
	const shown = 3
	names := strings.Join(left[:min(len(left), shown)], ", ")
	return message.Kind(message.Say("cases.purge.left", "count", len(left), "names", names), ErrLeft)
}

// sign writes the statement beside the package.
func (o Options) sign(d casedir.Deletion) (_ Result, err error) {
	p := deletion.Predicate{
		CaseID: d.CaseID, HandedBackOn: d.HandedBack, BegunOn: d.Begun, FinishedOn: o.Now().UTC().Truncate(time.Second),
		Resumed: d.Resumed, Places: d.Found, Tool: o.Tool,
	}
	if p.Remains, err = remains(d); err != nil {
		return Result{}, err
	}
	b, err := deletion.Sign(p, d.Subjects, o.Signer, o.Stamp)
	if err != nil {
		return Result{}, err
	}
	s, err := deletion.Read(b)
	if err != nil {
		return Result{}, err
	}
	file, err := deletion.Write(d.Root, b)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", deletion.FileName, err)
	}
	return Result{File: file, Stated: s.Predicate}, nil
}

// remains names the files with personal data that stay in the case.
func remains(d casedir.Deletion) (names []string, err error) {
	known := []string{
		casedir.ManifestName, casedir.IntakeName, casedir.ClaimName, casedir.FaultName, casedir.LabelName, casedir.StartName,
		casedir.ParcelName(d.CaseID),
	}
	err = fs.WalkDir(d.Root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && name == casedir.EvidenceDir: // its answers are masked
			return fs.SkipDir
		case !e.IsDir() && (slices.Contains(known, name) || casedir.IsPhoto(name) || strings.HasPrefix(name, casedir.PrivateDir+"/")):
			names = append(names, name)
		}
		if len(names) == deletion.MaxRemains {
			return fs.SkipAll
		}
		return nil
	})
	return names, err
}
