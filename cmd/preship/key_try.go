package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report/safefile"
	"preship/report/seal"
)

const (
	// agentAnswers bounds the wait for an ssh-agent that is asked what it holds.
	agentAnswers = 10 * time.Second
	// agentSigns bounds the wait for a signature: an agent may ask its owner first.
	agentSigns = time.Minute
	// keyringAnswers bounds the wait for the system's keyring, which may do the same.
	keyringAnswers = time.Minute
)

// loadSealKey loads the signing key of a job and tries it. That is the only time a
// passphrase is asked for.
func loadSealKey(ctx context.Context, e *env, g *globals) (*job.Key, error) {
	s, file, made, err := signerOf(ctx, e, g)
	if err != nil {
		return nil, err
	}
	key := &job.Key{Signer: s, Still: func(ctx context.Context) error { return trySigner(ctx, s) }}
	if _, fromAgent := agentKeyIn(file); fromAgent || file == agentName {
		return key, nil
	}
	key.Still = func(context.Context) error { return stillInFile(file, s) }
	if made {
		key.Made = file
	}
	return key, nil
}

// stillInFile checks that the file of a signing key still holds it. The error says
// that the file is gone, or another.
func stillInFile(file string, s seal.Signer) error {
	now, err := seal.LoadKey(file)
	public := now.PublicKey
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) && locked.PublicKey != nil {
		public, err = func() ssh.PublicKey { return locked.PublicKey }, nil
	}
	if err != nil {
		return usagef("signing key: since this job began: %s", keyTrouble(file, err))
	}
	if got := ssh.FingerprintSHA256(public()); got != s.Fingerprint() {
		return usagef("signing key: %s was exchanged since this job began: it held %s, and holds %s; put it back, or run this again", file, s.Fingerprint(), got)
	}
	return nil
}

// trySigner makes a signature that is thrown away.
func trySigner(ctx context.Context, s seal.Signer) error {
	_, err := flagfile.AnswerWithin(ctx, agentSigns, func() (struct{}, error) { return struct{}{}, s.Try() })
	return err
}

// agentKeyIn returns the fingerprint of the key that --key names in an ssh-agent, ""
// for its only key. ok is false for a file.
func agentKeyIn(key string) (fingerprint string, ok bool) {
	want, ok := strings.CutPrefix(key, agentKey)
	if !ok || want != "" && want[0] != ':' {
		return "", false
	}
	return strings.TrimPrefix(want, ":"), true
}

// keyError turns the error of an unusable key into a usage error that says what to
// do. An interruption is returned as it is.
func keyError(ctx context.Context, file string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		return usagef("signing key: %v", err)
	}
	return usagef("signing key: %s", keyTrouble(file, err))
}

// keyTrouble is one sentence: the file, what is wrong with it, and the next thing
// to do.
func keyTrouble(file string, err error) string {
	another := "choose another with --key, or make one with preship key new --key FILE"
	special := safefile.NotFileError(0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("%s: there is no such file; make it with: preship key new --key %s", file, file)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("%s: this computer does not let you read or make it; %s", file, another)
	case errors.As(err, &special):
		return fmt.Sprintf("%s %v; %s", file, special, another)
	case errors.Is(err, seal.ErrKeyExposed):
		return fmt.Sprintf("%s: others on this computer can read it; run: chmod 600 %s, or %s", file, file, another)
	case errors.Is(err, x509.IncorrectPasswordError):
		return fmt.Sprintf("%s: the passphrase does not open it; give the right one, or %s", file, another)
	case errors.Is(err, seal.ErrPublicKey):
		return fmt.Sprintf("%s holds %v; give the private key, whose file has no .pub in its name", file, seal.ErrPublicKey)
	}
	return fmt.Sprintf("%v; %s", err, another)
}

// agentConn is a connection to an ssh-agent that sets a deadline for each answer.
type agentConn struct{ net.Conn }

func (c agentConn) Write(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(agentSigns)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
