package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/signing"
	"preship/report/seal"
)

type keyNewOptions struct {
	passphrase, keyring bool
}

func newKeyNewCmd(e *env, g *globals, identity *string) *cobra.Command {
	var opts keyNewOptions
	cmd := &cobra.Command{
		Use:   "new",
		Short: "make a signing key, with a passphrase if you like",
		Long: "new makes the signing key, or the one --key names; it never replaces one. to change keys, move the old file\n" +
			"away, make a new one, tell everybody its allowed-signers line, and revoke the old one if it was lost.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runKeyNew(cmd.Context(), e, g, *identity, opts) },
	}
	cmd.Flags().BoolVar(&opts.passphrase, "passphrase", false, "protect it with a passphrase: $"+signing.PassphraseVar+", or asked for")
	cmd.Flags().BoolVar(&opts.keyring, "keyring", false, "protect it with a random passphrase kept in the system's keyring")
	return cmd
}

func runKeyNew(ctx context.Context, e *env, g *globals, identity string, opts keyNewOptions) error {
	if err := checkIdentity(identity); err != nil {
		return err
	}
	if opts.passphrase && opts.keyring {
		return usagef("--passphrase and --keyring are two ways; choose one")
	}
	keys := e.keys(g)
	file, err := keys.File()
	if err != nil {
		return err
	}
	if keys.InAgent() {
		return usagef("--key %s means a key that ssh-agent holds; name the file of the new one", file)
	}
	secret, err := newPassphrase(ctx, e, g, opts)
	if err != nil {
		return err
	}
	signer, err := signing.Create(file, secret, opts.keyring)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s holds a key already; name another file with --key, or move that one away first", console.Escape(file))
	}
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(keyInfo{file, signer.Fingerprint(), true, signer.AllowedSigners(identity)})
	}
	e.Printf("%s  %s", signer.Fingerprint(), file)
	return nil
}

// newPassphrase is nil for a key without one.
func newPassphrase(ctx context.Context, e *env, g *globals, opts keyNewOptions) ([]byte, error) {
	switch {
	case opts.keyring:
		return []byte(rand.Text()), nil
	case !opts.passphrase:
		return nil, nil
	}
	if p := e.Getenv(signing.PassphraseVar); p != "" {
		return []byte(p), nil
	}
	return e.askNewSecret(ctx, g, "$"+signing.PassphraseVar, "new passphrase:")
}

func newKeyListCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list the keys this computer signs with, trusts and has revoked",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runKeyList(cmd.Context(), e, g) },
	}
}

func runKeyList(ctx context.Context, e *env, g *globals) error {
	store, err := e.keys(g).Trusted()
	if err != nil {
		return err
	}
	keys, err := store.List()
	if err != nil {
		return err
	}
	own, err := e.keys(g).Known(ctx)
	if err != nil {
		return err
	}
	if own != nil {
		keys = append([]seal.TrustedKey{{Fingerprint: ssh.FingerprintSHA256(own), Name: "this computer", Trust: seal.TrustOwn}}, keys...)
	}
	if g.json {
		return e.PrintJSON(map[string]any{"keys": keys})
	}
	for _, k := range keys {
		word := string(k.Trust)
		if k.Revoked {
			word = "revoked"
		}
		e.Printf("%s  %-15s  %s", k.Fingerprint, word, k.Name)
	}
	if len(keys) == 0 {
		e.Sayf("no key yet: preship key new makes one, preship key trust adds somebody's")
	}
	return nil
}
