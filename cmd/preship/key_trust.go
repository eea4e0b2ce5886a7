package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing"
	"preship/report/message"
	"preship/report/trust"
)

type keyTrustOptions struct{ name, fingerprint string }

func newKeyTrustCmd(e *env, g *globals) *cobra.Command {
	var opts keyTrustOptions
	cmd := &cobra.Command{
		Use:   "trust KEY.pub|REPORT",
		Short: "Trust a signer's key",
		Long: "Reads a public key from a file, or takes the signer of a sealed report. Compare its fingerprint with the signer by\n" +
			"another way, such as the phone, and give it with --fingerprint and the signer's --name: the key is then an\n" +
			"allowed signer. Without them the key is only remembered as seen before.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runKeyTrust(cmd.Context(), e, g, args[0], opts) },
	}
	cmd.Flags().StringVar(&opts.name, "name", "", "the signer's name, such as desk1@shop")
	cmd.Flags().StringVar(&opts.fingerprint, "fingerprint", "", "the SHA256:... fingerprint that the signer gave you")
	return cmd
}

func runKeyTrust(ctx context.Context, e *env, g *globals, what string, opts keyTrustOptions) error {
	store, err := e.keys(g).Trusted()
	if err != nil {
		return err
	}
	key, err := signing.PublicKeyIn(what)
	if err != nil {
		return err
	}
	fingerprint := ssh.FingerprintSHA256(key)
	switch {
	case opts.name == "" && opts.fingerprint == "":
		err = store.Know(key, e.Now())
	case opts.name == "" || opts.fingerprint == "":
		return job.Usage(message.Say("usage.trust.both", "file", what, "fingerprint", fingerprint))
	case opts.fingerprint != fingerprint:
		return job.Usage(message.Say("usage.trust.other", "file", what, "fingerprint", fingerprint))
	default:
		var others []string
		others, err = e.keys(g).Allow(key, opts.name, opts.fingerprint, e.Now())
		if len(others) > 0 {
			e.Warn(message.Say("key.trust.second", "name", opts.name, "keys", strings.Join(others, ", ")))
		}
	}
	if errors.Is(err, trust.ErrKeyName) {
		return wrongFlag("--name", err)
	}
	if err != nil {
		return err
	}
	return runKeyList(ctx, e, g)
}

func newKeyRevokeCmd(e *env, g *globals) *cobra.Command {
	var reason, since string
	cmd := &cobra.Command{
		Use:   "revoke FINGERPRINT|KEY.pub|REPORT",
		Short: "Revoke a key: no report signed with it verifies any more",
		Long: "Adds the key to revoked_keys, which ssh-keygen -Y verify -r reads too. Give that file to everybody who checks your\n" +
			"reports. Earlier reports of this key do not verify either: it is not known when a lost key was used. With --since,\n" +
			"those that an authority stamped before that day still do.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runKeyRevoke(cmd.Context(), e, g, args[0], reason, since)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, such as lost or replaced (required)")
	cmd.Flags().StringVar(&since, "since", "", "the first day, YYYY-MM-DD, on which it may have been in other hands")
	return cmd
}

func runKeyRevoke(ctx context.Context, e *env, g *globals, what, reason, since string) error {
	if strings.TrimSpace(reason) == "" {
		return job.Usage(message.Say("usage.revoke.reason"))
	}
	var from time.Time
	if since != "" {
		var err error
		if from, err = time.Parse(time.DateOnly, since); err != nil || from.After(e.Now()) {
			return job.Usage(message.Say("usage.revoke.since"))
		}
	}
	store, err := e.keys(g).Trusted()
	if err != nil {
		return err
	}
	key, err := e.keys(g).Find(ctx, what)
	if err != nil {
		return err
	}
	if err := store.Revoke(key, reason, from, e.Now()); err != nil {
		return err
	}
	e.Say(message.Say("key.revoked", "key", ssh.FingerprintSHA256(key)))
	return nil
}

func newKeyListCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the keys that this computer signs with, trusts and has revoked",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runKeyList(cmd.Context(), e, g) },
	}
}

func runKeyList(ctx context.Context, e *env, g *globals) error {
	keys, err := e.keys(g).List(ctx)
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(map[string]any{"keys": keys})
	}
	rows := make([][]any, 0, len(keys))
	for _, k := range keys {
		name := message.AsIs(k.Name)
		if k.Trust == trust.Own {
			name = message.Say("key.list.own")
		}
		rows = append(rows, []any{k.Fingerprint, signing.Word(k), name})
	}
	e.Table(rows)
	if len(keys) == 0 {
		e.Say(message.Say("key.empty"))
	}
	return nil
}
