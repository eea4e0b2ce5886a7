package cases

import (
	"context"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/audit"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desks"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
)

// CheckOptions say what of the cases is read again.
type CheckOptions struct {
	Sample audit.Sample
	Verify seal.VerifyOptions
	JSON   bool
}

// Check reads a sample of what the cases here keep, and prints the differences
// written.
func (f *Folder) Check(ctx context.Context, o CheckOptions) (audit.Result, error) {
	f.Shared = nil // what other desks keep is theirs to read
	all, err := f.List(ctx, register.Filter{}, false)
	if err != nil {
		return audit.Result{}, err
	}
	c := audit.Check{Dir: f.Dir, Sample: o.Sample, Verify: o.Verify, Open: desks.Archive}
	res, err := c.Run(ctx, all)
	switch {
	case err != nil:
		return res, err
	case o.JSON:
		return res, f.PrintJSON(res)
	}
	f.tellChecked(res)
	return res, nil
}

func (f *Folder) tellChecked(res audit.Result) {
	for _, p := range res.Problems {
		f.Print(message.Join(message.Colon, place(p)...))
	}
	if res.More > 0 {
		f.Print(message.Say("cases.check.more", "count", res.More))
	}
	for _, p := range res.Unchecked {
		f.Warn(message.Say("cases.check.unchecked", "place", message.Join(message.Colon, place(p)...)))
	}
	f.Say(message.Say("cases.check.drawn", "seed", res.Seed))
	of := func(id message.ID, n audit.Counted) {
		if n.All > 0 {
			f.Sayf("  %s", message.Say(id, "checked", amount.Digits(n.Checked), "all", amount.Digits(n.All), "size", amount.Bytes(n.Bytes)))
		}
	}
	of("cases.check.packages", res.Packages)
	of("cases.check.files", res.Files)
	of("cases.check.archives", res.Archives)
	if res.Unsealed > 0 {
		f.Sayf("  %s", message.Say("cases.check.unsealed", "count", res.Unsealed))
	}
	if res.Deleted > 0 {
		f.Sayf("  %s", message.Say("cases.check.deleted", "count", res.Deleted))
	}
	switch bad := len(res.Problems) + res.More; {
	case bad > 0:
		f.Warn(message.Say("cases.check.bad", "count", bad))
	case res.Packages.All == 0:
		f.Say(message.Say("cases.check.nothing", "folder", console.Quote(f.Dir)))
	case len(res.Unchecked) == 0:
		f.Say(message.Say("cases.check.good"))
	}
}

// place names the case, its part, and the fault.
func place(p audit.Problem) []message.Sentence {
	parts := []message.Sentence{message.AsIs(p.Path)}
	if p.File != "" {
		parts = append(parts, message.AsIs(p.File))
	}
	return append(parts, p.Sentence())
}
