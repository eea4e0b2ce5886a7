package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/report/casedir"
	"preship/report/register"
	"preship/report/seal"
)

func newCasesHandedBackCmd(e *env, g *globals, out *string) *cobra.Command {
	return &cobra.Command{
		Use:   "handed-back CASE...",
		Short: "write down that the owner has the saved data of these cases; purge may then delete it here",
		Long: "handed-back writes down, outside of the seal, that the owner has the saved data. nothing is deleted: preship cases\n" +
			"purge does that later. a job that is not finished, sealed and verifying is not marked. CASE is its ID or its folder.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runHandedBack(cmd.Context(), e, g, *out, args)
		},
	}
}

func runHandedBack(ctx context.Context, e *env, g *globals, dir string, names []string) error {
	all, err := listCases(ctx, e, dir, register.Filter{}, false)
	if err != nil {
		return err
	}
	// Every name is looked up first: a slip in the third leaves the first two alone.
	var chosen []register.Entry
	for _, name := range names {
		c, err := caseNamed(dir, all, name)
		if err != nil {
			return err
		}
		chosen = append(chosen, c)
	}
	for i := range chosen {
		if chosen[i], err = handBack(ctx, e, dir, chosen[i]); err != nil {
			return err
		}
		if !g.json {
			e.Printf("%s: handed back on %s; its data stays here until preship cases purge deletes it, %s later", chosen[i].Path, day(*chosen[i].Backup.HandedBack), keepFor)
		}
	}
	if g.json {
		return e.PrintJSON(described(dir, chosen))
	}
	return nil
}

func handBack(ctx context.Context, e *env, dir string, entry register.Entry) (register.Entry, error) {
	folder := filepath.Join(dir, entry.Path)
	c, err := casedir.Open(folder)
	if err != nil {
		return entry, err
	}
	err = c.HandBack(e.Now(), seal.Finished)
	var kept *casedir.Retention
	if err == nil {
		kept, err = casedir.RetentionIn(c.Root())
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return entry, err
	}
	entry.Backup.HandedBack = &kept.HandedBack
	e.register(ctx, folder)
	return entry, nil
}

// caseNamed finds a case of the folder by its ID, its folder, or the last six
// characters of its ID, as it is told over the phone.
func caseNamed(dir string, all []register.Entry, name string) (register.Entry, error) {
	var found []register.Entry
	for _, c := range all {
		short := len(c.ID) > 6 && strings.EqualFold(name, c.ID[len(c.ID)-6:])
		if !c.Gone && (c.Path == name || strings.EqualFold(c.ID, name) || short || sameFolder(filepath.Join(dir, c.Path), name)) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return register.Entry{}, usagef("no case in %s is called %s; preship cases lists them, and --out names another folder", dir, console.Escape(name))
	case 1:
		return found[0], nil
	}
	return register.Entry{}, usagef("%d cases in %s are called %s; give the folder of one", len(found), dir, console.Escape(name))
}

func sameFolder(a, b string) bool {
	fa, err := os.Lstat(a)
	if err != nil {
		return false
	}
	fb, err := os.Stat(b)
	return err == nil && os.SameFile(fa, fb)
}
