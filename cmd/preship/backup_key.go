package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"preship/backup/agefile"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
)

// keyOptions are what opens an encrypted backup.
type keyOptions struct {
	identity       string
	passphrase     bool
	passphraseFile string
}

func (o *keyOptions) add(f *pflag.FlagSet) {
	f.StringVarP(&o.identity, "identity", "i", "", "open an encrypted backup with this secret key: an age identity file or an SSH private key")
	f.BoolVar(&o.passphrase, "passphrase", false, "open it with its passphrase, asked for; also for a key that has one")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "the same, with the first line of this file")
}

// key is nil when no flag was given.
func (o *keyOptions) key(ctx context.Context, e *env, g *globals, root *os.Root) (*agefile.Key, error) {
	if o.passphrase && o.passphraseFile != "" {
		return nil, usagef("--passphrase asks, --passphrase-file reads; choose one")
	}
	ask := func() ([]byte, error) {
		if o.passphraseFile != "" {
			return readPassphrase(o.passphraseFile)
		}
		question := "passphrase of the backup:"
		if o.identity != "" {
			question = fmt.Sprintf("passphrase of %s:", console.Escape(o.identity))
		}
		p, err := e.askSecret(ctx, g, "--passphrase-file", question)
		return []byte(p), err
	}
	switch {
	case o.identity != "":
		return readKey(o.identity, ask)
	case o.passphrase || o.passphraseFile != "":
		p, err := ask()
		if err != nil {
			return nil, err
		}
		return agefile.PassphraseKey(root, p)
	}
	return nil, nil
}

// maxIdentity bounds a file of secret keys; package backup says what is too long.
const maxIdentity = 2 << 20

func readKey(file string, ask func() ([]byte, error)) (*agefile.Key, error) {
	b, err := flagfile.Read(file, maxIdentity)
	if err != nil {
		return nil, usagef("--identity: %v", err)
	}
	k, err := agefile.ParseKey(bytes.NewReader(b), ask)
	if usage := (*usageError)(nil); errors.As(err, &usage) || errors.Is(err, agefile.ErrWrongKey) {
		return nil, err
	}
	if err != nil {
		return nil, usagef("--identity: %s: %v", console.Escape(file), console.Escape(err.Error()))
	}
	return k, nil
}
