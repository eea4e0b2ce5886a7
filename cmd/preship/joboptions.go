package main

import (
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"preship/backup/manifest"
	"preship/verify"
)

// jobOptions are the answers a person or a script gives beforehand.
type jobOptions struct {
	dir, out      string // an existing case, or where to make a new one
	claims        verify.Claims
	prove         string
	encrypt       encryptOptions
	wait          time.Duration
	timeout       time.Duration // of the whole command; 0 is any
	way           string
	confirm       []string
	withoutBackup string
	despite       []string
	attest        []string // checks an owner vouches for
	online        onlineOptions
	drive         bool   // press the buttons of the vendor's reset
	again         bool   // send the wipe once more after its answer was lost
	attestReset   string // who saw the reset, and what
	dryRun        bool
}

func (o *jobOptions) absolute() error {
	for _, dir := range []*string{&o.dir, &o.out} {
		if *dir == "" {
			continue
		}
		abs, err := filepath.Abs(*dir)
		if err != nil {
			return err
		}
		*dir = abs
	}
	return nil
}

// addWait adds the flag that bounds every wait for a person. Its default depends
// on whether there is one.
func (o *jobOptions) addWait(f *pflag.FlagSet, e *env) {
	def := 30 * time.Second
	if e.InTTY {
		def = 15 * time.Minute
	}
	f.DurationVar(&o.wait, "wait", def, "how long to wait for a person to do something on the handset")
}

// proveMode reads --prove.
func (o jobOptions) proveMode() (manifest.Prove, error) {
	switch o.prove {
	case "", "hash":
		return manifest.ProveHash, nil
	case "reread":
		return manifest.ProveReread, nil
	case "size":
		return manifest.ProveSize, nil
	}
	return "", usagef("--prove %q: say hash, reread or size", o.prove)
}
