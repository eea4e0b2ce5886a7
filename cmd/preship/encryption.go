package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"preship/backup/agefile"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing"
	"preship/report/message"
)

// encryptedHelp is what must be known before a backup is encrypted.
const encryptedHelp = "With --encrypt-to or --passphrase every file is encrypted with age. Names, sizes, times and checksums stay readable.\n" +
	"If you lose the key or passphrase, the files are lost: try it before the reset, with preship backup verify."

// passphraseWork is the cost of trying a passphrase, as a power of two; 0 means age's own.
// Only tests change it.
var passphraseWork int

// maxPassphrase bounds a file that holds a passphrase.
const maxPassphrase = 4096

// encryptOptions say to whom a new backup is encrypted.
type encryptOptions struct {
	to             []string
	passphrase     bool
	passphraseFile string
	identity       string

	known      bool // what follows is read
	encryption agefile.Encryption
	key        *agefile.Key // nil: no key to try
}

func (o *encryptOptions) add(f *pflag.FlagSet) {
	f.StringArrayVar(&o.to, "encrypt-to", nil, "encrypt the files, not their names, to this public key: age1…, ssh-ed25519 …, ssh-rsa …, or a file of them; repeatable")
	f.BoolVar(&o.passphrase, "passphrase", false, "encrypt the files, not their names; asked for twice")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "the same, with the first line of this file")
	f.StringVarP(&o.identity, "identity", "i", "", "check now that this age or SSH key opens what is encrypted")
}

// read reads the flags, and asks for passphrases, once.
func (o *encryptOptions) read(ctx context.Context, e *env, g *globals) (err error) {
	if o.known {
		return nil
	}
	ways := 0
	for _, given := range []bool{len(o.to) > 0, o.passphrase, o.passphraseFile != ""} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		return job.Usage(message.Say("usage.two-of", "flags", []string{"--encrypt-to", "--passphrase", "--passphrase-file"}))
	}
	o.encryption.Work = passphraseWork
	switch {
	case o.passphrase:
		o.encryption.Passphrase, err = e.askNewSecret(ctx, g, "--passphrase-file", message.Say("key.ask.for-backup"))
	case o.passphraseFile != "":
		o.encryption.Passphrase, err = readPassphrase(o.passphraseFile)
		if err == nil && agefile.ShortPassphrase(o.encryption.Passphrase) {
			err = wrongFlag("--passphrase-file", message.Error(message.Say("usage.passphrase.short"), nil))
		}
	default:
		o.encryption.To, err = recipients(o.to)
	}
	if err == nil && o.identity != "" {
		o.key, err = readKey(o.identity, func() ([]byte, error) {
			p, err := e.askSecret(ctx, g, e.Words(message.Say("key.ask.flag")), message.Say("key.ask.passphrase", "file", o.identity))
			return []byte(p), err
		})
	}
	o.known = err == nil
	return err
}

// recipients reads what --encrypt-to names.
func recipients(args []string) ([]string, error) {
	var all []string
	for _, arg := range args {
		names, err := recipientsIn(arg)
		if errors.Is(err, agefile.ErrRecipient) {
			return nil, wrongFlag("--encrypt-to", err)
		}
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all, nil
}

// recipientsIn takes what looks like a public key for one, and all else for a file.
func recipientsIn(arg string) ([]string, error) {
	for _, prefix := range []string{"age1", "ssh-", "AGE-SECRET-KEY-"} {
		if strings.HasPrefix(arg, prefix) {
			return agefile.ReadRecipients(strings.NewReader(arg))
		}
	}
	b, err := flagfile.Read(arg, signing.MaxKeyList)
	if err != nil {
		return nil, job.Usage(message.Say("usage.encrypt.file", "error", message.Of(err)))
	}
	names, err := agefile.ReadRecipients(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", console.Escape(arg), err)
	}
	return names, nil
}

// secretTries is how often a person may type two passphrases that differ.
const secretTries = 3

// askNewSecret asks twice for a hidden passphrase, and again if the two differ.
func (e *env) askNewSecret(ctx context.Context, g *globals, flag string, question message.Sentence) ([]byte, error) {
	var differ error
	for range secretTries {
		first, err := e.askSecret(ctx, g, flag, question)
		again := ""
		if err == nil {
			again, err = e.askSecret(ctx, g, flag, message.Say("key.ask.again"))
		}
		switch {
		case err != nil && differ != nil && ctx.Err() == nil:
			return nil, differ // the input has ended
		case err != nil:
			return nil, err
		case first == again && agefile.ShortPassphrase([]byte(first)) && first != "":
			differ, question = job.Usage(message.Say("usage.passphrase.short")), message.Say("key.ask.short")
			continue
		case first == again && first != "":
			return []byte(first), nil
		}
		differ = job.Usage(message.Say("usage.passphrase.differ"))
		question = message.Say("key.ask.differ")
	}
	return nil, differ
}

func readPassphrase(file string) ([]byte, error) {
	b, err := flagfile.Read(file, maxPassphrase)
	if err != nil {
		return nil, wrongFlag("--passphrase-file", err)
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		return nil, job.Usage(message.Say("usage.passphrase.empty"))
	}
	return line, nil
}

// keyOptions are what opens an encrypted backup.
type keyOptions struct {
	identity       string
	passphrase     bool
	passphraseFile string
}

func (o *keyOptions) add(f *pflag.FlagSet) {
	f.StringVarP(&o.identity, "identity", "i", "", "open it with this age identity file or SSH private key")
	f.BoolVar(&o.passphrase, "passphrase", false, "open it with a passphrase, which is asked for")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "the same, with the first line of this file")
}

// key is nil when no flag was given.
func (o *keyOptions) key(ctx context.Context, e *env, g *globals, root *os.Root) (*agefile.Key, error) {
	if o.passphrase && o.passphraseFile != "" {
		return nil, job.Usage(message.Say("usage.passphrase.two"))
	}
	ask := func() ([]byte, error) {
		if o.passphraseFile != "" {
			return readPassphrase(o.passphraseFile)
		}
		question := message.Say("key.ask.backup")
		if o.identity != "" {
			question = message.Say("key.ask.passphrase", "file", o.identity)
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

// archiveKey returns the secret key that opens an archive.
func (o *keyOptions) archiveKey(ctx context.Context, e *env, g *globals) (*agefile.Key, error) {
	if o.identity == "" {
		return nil, job.Usage(message.Say("usage.archive.identity"))
	}
	return readKey(o.identity, func() ([]byte, error) {
		p, err := e.askSecret(ctx, g, "--identity", message.Say("key.ask.passphrase", "file", o.identity))
		return []byte(p), err
	})
}

// inArchive returns the keys of a backup that came out of an archive: the same, or the
// passphrase beside it.
func (o keyOptions) inArchive() keyOptions {
	if o.passphrase || o.passphraseFile != "" {
		o.identity = ""
	}
	return o
}

// maxIdentity bounds a file of secret keys; package backup sets the real limit.
const maxIdentity = 2 << 20

func readKey(file string, ask func() ([]byte, error)) (*agefile.Key, error) {
	b, err := flagfile.Read(file, maxIdentity)
	if err != nil {
		return nil, wrongFlag("--identity", err)
	}
	k, err := agefile.ParseKey(bytes.NewReader(b), ask)
	if usage := (*usageError)(nil); errors.As(err, &usage) || errors.Is(err, agefile.ErrWrongKey) {
		return nil, err
	}
	if err != nil {
		return nil, wrongFlag("--identity", message.Error(message.AsIs(file), err))
	}
	return k, nil
}
