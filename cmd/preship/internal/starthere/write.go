package starthere

import (
	"cmp"
	"errors"
	"os"

	"preship/backup/manifest"
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/casedir"
	"preship/report/safefile"
)

// Write writes the page of a case in the language, for the report that was sealed. The
// package stays sealed.
func Write(kept *casedir.Case, r *report.Report, language string) error {
	in, formed, err := kept.Intake()
	if err != nil {
		return err
	}
	folder := console.Quote(kept.Dir())
	c := Case{
		Root: kept.Root(), Report: r, Language: cmp.Or(language, report.DefaultLanguage),
		Restore: "preship restore --case " + folder, Open: "preship backup open " + folder + " --to FOLDER",
	}
	if formed {
		c.Form = &in
	}
	switch m, err := manifest.Load(c.Root, func(*manifest.Entry) error { return nil }); {
	case err == nil:
		c.Encrypted = m.Encryption != nil
	case !errors.Is(err, manifest.ErrNoBackup):
		return err
	}
	b, err := Page(c)
	if err != nil {
		return err
	}
	return safefile.Write(c.Root, casedir.StartName, b)
}

// WriteOpened writes the page of a folder that a backup was opened into.
func WriteOpened(dir, language string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	b, err := Page(Case{Root: root, Language: cmp.Or(language, report.DefaultLanguage)})
	if err != nil {
		return err
	}
	return safefile.Write(root, casedir.StartName, b)
}
