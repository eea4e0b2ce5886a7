package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"preship/backup"
	"preship/cmd/preship/internal/amount"
)

// runBackupGive writes one file of a backup to standard output.
func runBackupGive(ctx context.Context, e *env, g *globals, dir, name string, keys keyOptions) error {
	if e.OutTTY {
		return usagef("a file may hold anything, and this is a terminal; put it into a file: preship backup show DIR NAME > FILE")
	}
	root, err := openDir(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := needsData(dir, root); err != nil {
		return err
	}
	key, err := keys.key(ctx, e, g, root)
	if err != nil {
		return err
	}
	f, entry, err := backup.Open(root, name, key)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	n, err := io.Copy(e.Out, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	e.Sayf("%s: %s, as the manifest says", entry.Path, amount.Size(n))
	return nil
}
