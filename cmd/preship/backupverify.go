package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"preship/backup"
)

func newBackupVerifyCmd(e *env, g *globals) *cobra.Command {
	var read bool
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "check a saved backup against its manifest, without a handset",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return runBackupVerify(e, g, args[0], read) },
	}
	cmd.Flags().BoolVar(&read, "read", true, "read every file and compare its SHA-256, not only its size")
	return cmd
}

func runBackupVerify(e *env, g *globals, dir string, read bool) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return usagef("%v", err)
	}
	defer root.Close()
	res, err := backup.Check(root, read)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if g.json {
		if err := e.printJSON(res); err != nil {
			return err
		}
	} else {
		for _, p := range res.Problems {
			e.print("%s: %s", p.File, p.What)
		}
		e.say("%d files checked, %d problems", res.Files, len(res.Problems))
	}
	if len(res.Problems) > 0 {
		return outcome(exitUnverified)
	}
	return nil
}
