package cases

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
)

// HandBack writes down for each named case that its owner has the data, and prints
// each statement. Names are looked up before anything is written.
func (f *Folder) HandBack(ctx context.Context, names []string, asJSON bool) error {
	all, err := f.List(ctx, register.Filter{}, false)
	if err != nil {
		return err
	}
	// Every name is looked up first: a slip in the third leaves the first two alone.
	var chosen []register.Entry
	for _, name := range names {
		c, err := f.named(all, name)
		if err != nil {
			return err
		}
		chosen = append(chosen, c)
	}
	for i := range chosen {
		if chosen[i], err = f.handBack(ctx, chosen[i]); err != nil {
			return err
		}
		if !asJSON {
			f.Print(message.Say("cases.handed-back", "case", chosen[i].Path, "date", day(*chosen[i].Backup.HandedBack), "span", KeepFor))
		}
	}
	if asJSON {
		return console.PrintJSONList(f.Console, f.Described(chosen))
	}
	return nil
}

func (f *Folder) handBack(ctx context.Context, entry register.Entry) (register.Entry, error) {
	folder := filepath.Join(f.Dir, entry.Path)
	c, err := casedir.Open(folder)
	if err != nil {
		return entry, err
	}
	err = c.HandBack(f.Now(), seal.Finished)
	var kept *casedir.Retention
	if err == nil {
		kept, err = casedir.RetentionIn(c.Root())
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return entry, err
	}
	entry.Backup.HandedBack = &kept.HandedBack
	f.register(ctx, folder)
	return entry, nil
}

// named finds a case of the folder by its ID, its folder, or the last six
// characters of its ID.
func (f *Folder) named(all []register.Entry, name string) (register.Entry, error) {
	var found []register.Entry
	for _, c := range all {
		short := len(c.ID) > 6 && strings.EqualFold(name, c.ID[len(c.ID)-6:])
		if !c.Gone && (c.Path == name || strings.EqualFold(c.ID, name) || short || sameFolder(filepath.Join(f.Dir, c.Path), name)) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return register.Entry{}, job.Usage(message.Say("cases.unknown", "folder", f.Dir, "name", console.Quote(name)))
	case 1:
		return found[0], nil
	}
	return register.Entry{}, job.Usage(message.Say("cases.ambiguous", "folder", f.Dir, "name", console.Quote(name)))
}

func sameFolder(a, b string) bool {
	fa, err := os.Lstat(a)
	if err != nil {
		return false
	}
	fb, err := os.Stat(b)
	return err == nil && os.SameFile(fa, fb)
}
