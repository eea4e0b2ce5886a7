package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"preship/backup/agefile"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/trust"
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
	show := func(cmd *cobra.Command, _ []string) error { return runKeyShow(cmd.Context(), e, g, identity) }
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Make and show the signing key, and choose whose keys to trust",
		Long: "Shows the signing key, and makes the default one on first use. A key named by --key must exist; key new makes it.\n" +
			"The key stays on this computer and is never sent anywhere. Give the allowed-signers line to everybody who checks\n" +
			"your reports: preship key export >> allowed_signers\n\n" +
			"A key with a passphrase is opened by ssh-agent, $PRESHIP_KEY_PASSPHRASE, the system's keyring, or a question, in\n" +
			"this order. --key agent signs with the only Ed25519 key of ssh-agent, --key agent:SHA256:... with one of several.",
		RunE: show,
	}
	showCmd := &cobra.Command{Use: "show", Short: "Show the key's file and fingerprint", RunE: show}
	export, create := newKeyExportCmd(e, g, &identity), newKeyNewCmd(e, g, &identity)
	for _, prints := range []*cobra.Command{cmd, showCmd, export, create} {
		prints.Flags().StringVar(&identity, "identity", defaultIdentity, "the name the allowed-signers line gives this key")
	}
	cmd.AddCommand(
		showCmd, export, create, newKeyListCmd(e, g), newKeyTrustCmd(e, g), newKeyRevokeCmd(e, g))
	return cmd
}

func newKeyExportCmd(e *env, g *globals, identity *string) *cobra.Command {
	format := "allowed-signers"
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Print the public key, as a line for allowed_signers",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runKeyExport(cmd.Context(), e, g, *identity, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "allowed-signers, pub (one OpenSSH line) or pem (for openssl and cosign)")
	return cmd
}

func runKeyShow(ctx context.Context, e *env, g *globals, identity string) error {
	info, _, err := keyDetails(ctx, e, g, identity)
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(info)
	}
	e.Printf("%s  %s", info.Fingerprint, info.File)
	return nil
}

func runKeyExport(ctx context.Context, e *env, g *globals, identity, format string) error {
	info, signer, err := keyDetails(ctx, e, g, identity)
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(info)
	}
	text := info.AllowedSigners
	switch format {
	case "allowed-signers":
	case "pub":
		text = string(ssh.MarshalAuthorizedKey(signer.PublicKey()))
	case "pem":
		pem, err := signer.PEM()
		if err != nil {
			return err
		}
		text = string(pem)
	default:
		return job.Usage(message.Say("usage.key.format", "value", quoted(format)))
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		e.Printf("%s", line)
	}
	return nil
}

// checkIdentity refuses a name that would break the line of an allowed_signers file.
func checkIdentity(identity string) error {
	if strings.ContainsFunc(identity, func(r rune) bool { return printable.Unsafe(r) || strings.ContainsRune(" \"#,*?!", r) }) || identity == "" {
		return job.Usage(message.Say("usage.key.identity", "value", quoted(identity)))
	}
	return nil
}

func keyDetails(ctx context.Context, e *env, g *globals, identity string) (keyInfo, trust.Signer, error) {
	if err := checkIdentity(identity); err != nil {
		return keyInfo{}, trust.Signer{}, err
	}
	key, err := e.keys(g).Load(ctx)
	if err != nil {
		return keyInfo{}, trust.Signer{}, err
	}
	if key.Made {
		e.Say(message.Say("key.made", "file", key.File))
	}
	return keyInfo{key.File, key.Fingerprint(), key.Made, key.AllowedSigners(identity)}, key.Signer, nil
}

// keys finds the signing key that --key names, or the default one.
func (e *env) keys(g *globals) *signing.Keys {
	return &signing.Keys{
		Named: g.keyFile, Getenv: e.Getenv,
		ConfigDir: func() (string, error) { return configFolder(e) },
		AskSecret: func(ctx context.Context, flag string, question message.Sentence) (string, error) {
			return e.askSecret(ctx, g, flag, question)
		},
	}
}

func configFolder(e *env) (string, error) {
	dir, err := e.ConfigDir()
	return filepath.Join(dir, "preship"), err
}

type keyNewOptions struct {
	passphrase, keyring bool
}

func newKeyNewCmd(e *env, g *globals, identity *string) *cobra.Command {
	var opts keyNewOptions
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Make a signing key, with or without a passphrase",
		Long: "Makes the default signing key, or the one that --key names. It never replaces a key. To change keys, move the old\n" +
			"file away, make a new key, publish its allowed-signers line, and revoke the old key if it was lost.",
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
		return job.Usage(message.Say("usage.two-of", "flags", []string{"--passphrase", "--keyring"}))
	}
	keys := e.keys(g)
	file, err := keys.File()
	if err != nil {
		return err
	}
	if keys.InAgent() {
		return job.Usage(message.Say("usage.key.agent", "value", file))
	}
	secret, err := newPassphrase(ctx, e, g, opts)
	if err != nil {
		return err
	}
	signer, err := signing.Create(file, secret, opts.keyring)
	if errors.Is(err, fs.ErrExist) {
		return job.Usage(message.Say("usage.key.taken", "file", file))
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
	if p := []byte(e.Getenv(signing.PassphraseVar)); len(p) > 0 {
		if agefile.ShortPassphrase(p) {
			return nil, wrongFlag("$"+signing.PassphraseVar, message.Error(message.Say("usage.passphrase.short"), nil))
		}
		return p, nil
	}
	return e.askNewSecret(ctx, g, "$"+signing.PassphraseVar, message.Say("key.ask.new"))
}
