package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"preship/report"
)

// defaultIdentity is the name an allowed_signers line gives a key when nobody
// chose another. It says nothing about a person.
const defaultIdentity = "signer@preship"

type keyInfo struct {
	File           string `json:"file"`
	Fingerprint    string `json:"fingerprint"`
	Created        bool   `json:"created"`
	AllowedSigners string `json:"allowed_signers"`
}

func newKeyCmd(e *env, g *globals) *cobra.Command {
	var identity string
	cmd := &cobra.Command{
		Use:   "key",
		Short: "show the key reports are signed with, and the line others check them by",
		Long: "key shows the signing key, making it on first use. the key stays on this computer.\n" +
			"give the allowed-signers line to whoever checks your reports: preship key export >> allowed_signers",
		RunE: func(*cobra.Command, []string) error { return runKeyShow(e, g, identity) },
	}
	cmd.PersistentFlags().StringVar(&identity, "identity", defaultIdentity, "the name the allowed-signers line gives this key")
	cmd.AddCommand(
		&cobra.Command{
			Use:   "show",
			Short: "show the key's file and fingerprint",
			RunE:  func(*cobra.Command, []string) error { return runKeyShow(e, g, identity) },
		},
		&cobra.Command{
			Use:   "export",
			Short: "print the allowed-signers line for ssh-keygen -Y verify",
			RunE:  func(*cobra.Command, []string) error { return runKeyExport(e, g, identity) },
		})
	return cmd
}

func runKeyShow(e *env, g *globals, identity string) error {
	info, err := keyDetails(e, g, identity)
	if err != nil {
		return err
	}
	if g.json {
		return e.printJSON(info)
	}
	e.print("%s  %s", info.Fingerprint, info.File)
	return nil
}

func runKeyExport(e *env, g *globals, identity string) error {
	info, err := keyDetails(e, g, identity)
	if err != nil {
		return err
	}
	if g.json {
		return e.printJSON(info)
	}
	e.print("%s", info.AllowedSigners)
	return nil
}

func keyDetails(e *env, g *globals, identity string) (keyInfo, error) {
	signer, file, created, err := signerOf(e, g)
	if err != nil {
		return keyInfo{}, err
	}
	if created {
		e.say("made a new signing key: %s", file)
	}
	if strings.ContainsFunc(identity, func(r rune) bool { return unsafeRune(r) || strings.ContainsRune(" \"#,*?!", r) }) || identity == "" {
		return keyInfo{}, usagef("--identity %q: a name as in mail addresses, without spaces or quotes", identity)
	}
	return keyInfo{file, signer.Fingerprint(), created, signer.AllowedSigners(identity)}, nil
}

// errNoKeyYet says that no key has been made so far.
var errNoKeyYet = fs.ErrNotExist

// keyFile is where the signing key is, or will be.
func keyFile(e *env, g *globals) (string, error) {
	if g.keyFile != "" {
		return g.keyFile, nil
	}
	dir, err := e.configDir()
	if err != nil {
		return "", usagef("no place for the signing key: %v; name one with --key", err)
	}
	return filepath.Join(dir, "preship", "signing.key"), nil
}

// signerOf loads the signing key, or makes it where it is looked for.
func signerOf(e *env, g *globals) (s report.Signer, file string, created bool, err error) {
	file, err = keyFile(e, g)
	if err != nil {
		return s, "", false, err
	}
	s, created, err = report.LoadOrCreateKey(file)
	if err != nil {
		return s, file, false, fmt.Errorf("signing key: %w", err)
	}
	return s, file, created, nil
}

// ownKey is the public half of this installation's key, where there is one.
func ownKey(e *env, g *globals) (ssh.PublicKey, error) {
	file, err := keyFile(e, g)
	if err != nil {
		return nil, err
	}
	signer, err := report.LoadKey(file)
	if err != nil {
		return nil, err
	}
	return signer.PublicKey(), nil
}
