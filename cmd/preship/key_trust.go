package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/report/seal"
)

// trustStore is the folder beside the signing key.
func trustStore(e *env) (seal.TrustStore, error) {
	dir, err := configFolder(e)
	if err != nil {
		return seal.TrustStore{}, usagef("no place for trusted keys: %v", err)
	}
	return seal.NewTrustStore(dir), nil
}

// maxKeyList bounds a file of public keys.
const maxKeyList = 16 << 20

type keyTrustOptions struct{ name, fingerprint string }

func newKeyTrustCmd(e *env, g *globals) *cobra.Command {
	var opts keyTrustOptions
	cmd := &cobra.Command{
		Use:   "trust KEY.pub|REPORT",
		Short: "trust a signer's key from now on",
		Long: "trust reads a public key from a file, or takes the signer of a sealed report. compare its fingerprint with the\n" +
			"signer by another way, on the phone or on their own page, and give it with --fingerprint and their --name: the key\n" +
			"is then an allowed signer. without them the key is only remembered as seen here before.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runKeyTrust(cmd.Context(), e, g, args[0], opts) },
	}
	cmd.Flags().StringVar(&opts.name, "name", "", "who it is, as in desk1@shop")
	cmd.Flags().StringVar(&opts.fingerprint, "fingerprint", "", "SHA256:..., as the signer told it")
	return cmd
}

func runKeyTrust(ctx context.Context, e *env, g *globals, what string, opts keyTrustOptions) error {
	store, err := trustStore(e)
	if err != nil {
		return err
	}
	key, err := publicKeyIn(what)
	if err != nil {
		return err
	}
	fingerprint := ssh.FingerprintSHA256(key)
	switch {
	case opts.name == "" && opts.fingerprint == "":
		err = store.Know(key, e.Now())
	case opts.name == "" || opts.fingerprint == "":
		return usagef("give both --name and --fingerprint, or neither. the key in %s has %s", console.Escape(what), fingerprint)
	case opts.fingerprint != fingerprint:
		return usagef("that is another key: %s has %s", console.Escape(what), fingerprint)
	default:
		err = store.Allow(opts.name, key, e.Now())
	}
	if errors.Is(err, seal.ErrKeyName) {
		return usagef("--name %v", err)
	}
	if err != nil {
		return err
	}
	return runKeyList(ctx, e, g)
}

// publicKeyIn reads a public key from a file, or takes the one that signed the
// report in a folder. A report that does not verify vouches for no key.
func publicKeyIn(what string) (ssh.PublicKey, error) {
	info, err := os.Stat(what)
	if err != nil {
		return nil, usagef("%v", err)
	}
	file := what
	if info.IsDir() {
		res, err := seal.Verify(what, seal.VerifyOptions{})
		if err != nil {
			return nil, err
		}
		if !res.OK {
			return nil, usagef("%s does not verify: see preship report verify", console.Escape(what))
		}
		file = filepath.Join(what, "signer.pub")
	}
	b, err := flagfile.Read(file, maxKeyList)
	if err != nil {
		return nil, usagef("%v", err)
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(b)
	if err != nil {
		return nil, usagef("%s: no public key in OpenSSH's format", console.Escape(file))
	}
	return key, nil
}

func newKeyRevokeCmd(e *env, g *globals) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "revoke FINGERPRINT|KEY.pub|REPORT",
		Short: "let no report signed with a key count any more, also those from before",
		Long: "revoke adds the key to revoked_keys, which ssh-keygen -Y verify -r reads too. give that file to whoever checks\n" +
			"your reports. reports signed before count for nothing either: nobody can tell when a lost key was used.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runKeyRevoke(cmd.Context(), e, g, args[0], reason)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, such as lost or replaced (required)")
	return cmd
}

func runKeyRevoke(ctx context.Context, e *env, g *globals, what, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return usagef("say why with --reason: whoever reads the list wants to know")
	}
	store, err := trustStore(e)
	if err != nil {
		return err
	}
	key, err := keyToRevoke(ctx, e, g, store, what)
	if err != nil {
		return err
	}
	if err := store.Revoke(key, reason, e.Now()); err != nil {
		return err
	}
	e.Say("revoked %s: reports signed with it do not verify here any more", ssh.FingerprintSHA256(key))
	return nil
}

func keyToRevoke(ctx context.Context, e *env, g *globals, store seal.TrustStore, what string) (ssh.PublicKey, error) {
	if !strings.HasPrefix(what, "SHA256:") {
		return publicKeyIn(what)
	}
	own, err := knownOwnKey(ctx, e, g)
	if err != nil {
		return nil, err
	}
	if own != nil && ssh.FingerprintSHA256(own) == what {
		return own, nil
	}
	key, ok, err := store.Find(what)
	if err == nil && !ok {
		err = usagef("no key %s here; give the file of the public key instead", console.Escape(what))
	}
	return key, err
}
