package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/flagfile"
	"preship/report/seal"
)

const (
	passphraseVar  = "PRESHIP_KEY_PASSPHRASE"
	keyringService = "preship"
	agentKey       = "agent"
)

// keyFile is where the signing key is, or will be.
func keyFile(e *env, g *globals) (string, error) {
	if g.keyFile != "" {
		return g.keyFile, nil
	}
	dir, err := configFolder(e)
	if err != nil {
		return "", usagef("no place for the signing key: %v; name one with --key", err)
	}
	return filepath.Join(dir, "signing.key"), nil
}

func configFolder(e *env) (string, error) {
	dir, err := e.ConfigDir()
	return filepath.Join(dir, "preship"), err
}

// agentName stands for a file where an ssh-agent holds the key.
const agentName = "ssh-agent"

// signerOf loads the signing key and checks that it signs. It makes the default key
// if there is none; a key that --key names must exist. A key that cannot be used is
// a usage error.
func signerOf(ctx context.Context, e *env, g *globals) (s seal.Signer, file string, created bool, err error) {
	file, err = keyFile(e, g)
	if err != nil {
		return s, "", false, err
	}
	switch want, held := agentKeyIn(file); {
	case held:
		file = agentName
		s, err = fromAgent(ctx, e, want)
	case g.keyFile != "":
		s, err = seal.LoadKey(file)
	default:
		s, created, err = seal.LoadOrCreateKey(file)
	}
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) {
		s, err = unlock(ctx, e, g, file, locked.PublicKey)
	}
	if err == nil {
		err = trySigner(ctx, s)
	}
	if err != nil {
		return seal.Signer{}, file, false, keyError(ctx, file, err)
	}
	return s, file, created, nil
}

// unlock opens a key with a passphrase, by whoever has it already before asking.
// public may be nil.
func unlock(ctx context.Context, e *env, g *globals, file string, public ssh.PublicKey) (seal.Signer, error) {
	fingerprint := ""
	if public != nil {
		fingerprint = ssh.FingerprintSHA256(public)
		if s, err := fromAgent(ctx, e, fingerprint); err == nil {
			return s, nil
		}
	}
	if p := e.Getenv(passphraseVar); p != "" {
		return seal.LoadProtectedKey(file, []byte(p))
	}
	if fingerprint != "" {
		fromKeyring := func() (string, error) { return keyring.Get(keyringService, fingerprint) }
		if p, err := flagfile.AnswerWithin(ctx, keyringAnswers, fromKeyring); err == nil {
			return seal.LoadProtectedKey(file, []byte(p))
		}
	}
	p, err := e.askSecret(ctx, g, "$"+passphraseVar, fmt.Sprintf("passphrase of %s:", console.Escape(file)))
	if err != nil {
		return seal.Signer{}, err
	}
	return seal.LoadProtectedKey(file, []byte(p))
}

// fromAgent takes a key of ssh-agent: the one of that fingerprint, or the only
// one that can sign reports. The agent keeps the key; it is asked to sign.
func fromAgent(ctx context.Context, e *env, fingerprint string) (seal.Signer, error) {
	keys, err := flagfile.AnswerWithin(ctx, agentAnswers, func() ([]ssh.Signer, error) {
		conn, err := dialAgent(ctx, e)
		if err != nil {
			return nil, err
		}
		return agent.NewClient(conn).Signers()
	})
	if err != nil {
		return seal.Signer{}, usagef("ssh-agent: %v; start one and add the key with ssh-add, or choose a file with --key", err)
	}
	var fit []seal.Signer
	for _, k := range keys {
		s, err := seal.NewSigner(k)
		if err != nil || fingerprint != "" && s.Fingerprint() != fingerprint {
			continue // another kind of key, or another key
		}
		fit = append(fit, s)
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) == 0 && fingerprint == "":
		return seal.Signer{}, usagef("ssh-agent holds no Ed25519 key; add one with ssh-add")
	case len(fit) == 0:
		return seal.Signer{}, usagef("ssh-agent does not hold the key %s", console.Escape(fingerprint))
	}
	var names []string
	for _, s := range fit {
		names = append(names, s.Fingerprint())
	}
	return seal.Signer{}, usagef("ssh-agent holds several keys; choose one with --key agent:FINGERPRINT: %s", strings.Join(names, " "))
}

// dialAgent connects to the agent of this session. The connection lasts as long
// as the process, which is as long as its keys are used.
func dialAgent(ctx context.Context, e *env) (io.ReadWriter, error) {
	address := e.Getenv("SSH_AUTH_SOCK")
	if runtime.GOOS == "windows" && address == "" {
		return os.OpenFile(`\\.\pipe\openssh-ssh-agent`, os.O_RDWR, 0)
	}
	if address == "" {
		return nil, errors.New("none is running: SSH_AUTH_SOCK is not set")
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", address)
	if err != nil {
		return nil, err
	}
	return agentConn{conn}, nil
}

// ownKey returns the public half of this installation's key. It needs no passphrase.
// A key that --key names and that cannot be read is a usage error.
func ownKey(ctx context.Context, e *env, g *globals) (ssh.PublicKey, error) {
	file, err := keyFile(e, g)
	if err != nil {
		return nil, err
	}
	key, err := publicHalf(ctx, e, file)
	if err != nil && g.keyFile != "" {
		return nil, keyError(ctx, file, err)
	}
	return key, err
}

func publicHalf(ctx context.Context, e *env, file string) (ssh.PublicKey, error) {
	if want, held := agentKeyIn(file); held {
		s, err := fromAgent(ctx, e, want)
		if err != nil {
			return nil, err
		}
		return s.PublicKey(), nil
	}
	signer, err := seal.LoadKey(file)
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) && locked.PublicKey != nil {
		return locked.PublicKey, nil
	}
	if err != nil {
		return nil, err
	}
	return signer.PublicKey(), nil
}

// knownOwnKey is ownKey that returns nil if this installation has no key. A key that
// --key names must exist.
func knownOwnKey(ctx context.Context, e *env, g *globals) (ssh.PublicKey, error) {
	key, err := ownKey(ctx, e, g)
	if err != nil && g.keyFile == "" {
		return nil, nil // a computer that signs nothing has none
	}
	return key, err
}
