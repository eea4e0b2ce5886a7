package signing

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
	"preship/report/trust"
)

const (
	// PassphraseVar is the environment variable with the passphrase of the key.
	PassphraseVar = "PRESHIP_KEY_PASSPHRASE"

	keyringService = "preship"
	// keyringAnswers bounds the wait for the system's keyring, which may ask its owner.
	keyringAnswers = time.Minute
)

// Keys finds the signing key of this computer. All fields are needed.
type Keys struct {
	// Named is the value of --key: a file, agent, or agent:FINGERPRINT. Empty is the
	// default key, which [Keys.Load] creates if it is missing.
	Named     string
	ConfigDir func() (string, error) // preship's own folder
	Getenv    func(string) string
	// AskSecret asks for a passphrase that is not shown. The error names flag if nobody
	// can be asked.
	AskSecret func(ctx context.Context, flag string, question message.Sentence) (string, error)
}

// Key is a signing key that was loaded and has signed once.
type Key struct {
	trust.Signer
	File string // ssh-agent if an agent holds the key
	Made bool   // by this call
}

// File returns the path where the signing key is, or will be, or the value of --key
// that names an agent. The error is a usage error.
func (k *Keys) File() (string, error) {
	if k.Named != "" {
		return k.Named, nil
	}
	dir, err := k.ConfigDir()
	if err != nil {
		return "", job.Usage(message.Say("key.signing.no-place", "error", message.Of(err)))
	}
	return filepath.Join(dir, "signing.key"), nil
}

// InAgent reports whether --key names a key that ssh-agent holds.
func (k *Keys) InAgent() bool {
	_, held := agentKeyIn(k.Named)
	return held
}

// Load loads the signing key and checks that it signs. It makes the default key if
// there is none; a key that --key names must exist. A key that cannot be used is a
// usage error.
func (k *Keys) Load(ctx context.Context) (Key, error) {
	file, err := k.File()
	if err != nil {
		return Key{}, err
	}
	var s trust.Signer
	made := false
	switch want, held := agentKeyIn(file); {
	case held:
		file = agentName
		s, err = k.fromAgent(ctx, want)
	case k.Named != "":
		s, err = trust.LoadKey(file)
	default:
		s, made, err = trust.LoadOrCreateKey(file)
	}
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) {
		s, err = k.unlock(ctx, file, locked.PublicKey)
	}
	if err == nil {
		err = trySigner(ctx, s)
	}
	if err != nil {
		return Key{}, keyError(ctx, file, err)
	}
	return Key{s, file, made}, nil
}

// ForJob loads the signing key of a job and tries it. That is the only time a
// passphrase is asked for.
func (k *Keys) ForJob(ctx context.Context) (*job.Key, error) {
	key, err := k.Load(ctx)
	if err != nil {
		return nil, err
	}
	if key.File == agentName {
		return &job.Key{Signer: key.Signer, Still: func(ctx context.Context) error { return trySigner(ctx, key.Signer) }}, nil
	}
	forJob := &job.Key{Signer: key.Signer, Still: func(context.Context) error { return stillInFile(key.File, key.Signer) }}
	if key.Made {
		forJob.Made = key.File
	}
	return forJob, nil
}

// Create makes the key in file, encrypted with a passphrase unless it is nil. The error
// is [fs.ErrExist] if the file exists. With keep, the system's keyring keeps the
// passphrase.
func Create(file string, passphrase []byte, keep bool) (trust.Signer, error) {
	if err := trust.CreateKey(file, passphrase); err != nil {
		return trust.Signer{}, err
	}
	signer, err := trust.LoadProtectedKey(file, passphrase)
	if passphrase == nil {
		signer, err = trust.LoadKey(file)
	}
	if err != nil || !keep {
		return signer, err
	}
	if err := keyring.Set(keyringService, signer.Fingerprint(), string(passphrase)); err != nil {
		return signer, message.Error(message.Say("key.keyring", "file", file), err)
	}
	return signer, nil
}

// unlock opens a key that has a passphrase. It tries ssh-agent, the environment and
// the keyring before it asks. public may be nil.
func (k *Keys) unlock(ctx context.Context, file string, public ssh.PublicKey) (trust.Signer, error) {
	fingerprint := ""
	if public != nil {
		fingerprint = ssh.FingerprintSHA256(public)
		if s, err := k.fromAgent(ctx, fingerprint); err == nil {
			return s, nil
		}
	}
	if p := k.Getenv(PassphraseVar); p != "" {
		return trust.LoadProtectedKey(file, []byte(p))
	}
	if fingerprint != "" {
		fromKeyring := func() (string, error) { return keyring.Get(keyringService, fingerprint) }
		if p, err := flagfile.AnswerWithin(ctx, keyringAnswers, fromKeyring); err == nil {
			return trust.LoadProtectedKey(file, []byte(p))
		}
	}
	p, err := k.AskSecret(ctx, "$"+PassphraseVar, message.Say("key.ask.passphrase", "file", file))
	if err != nil {
		return trust.Signer{}, err
	}
	return trust.LoadProtectedKey(file, []byte(p))
}

// Public returns the public half of the key and needs no passphrase. The error is
// [fs.ErrNotExist] if there is no key yet.
func (k *Keys) Public(ctx context.Context) (ssh.PublicKey, error) {
	file, err := k.File()
	if err != nil {
		return nil, err
	}
	if want, held := agentKeyIn(file); held {
		s, err := k.fromAgent(ctx, want)
		if err != nil {
			return nil, err
		}
		return s.PublicKey(), nil
	}
	signer, err := trust.LoadKey(file)
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) && locked.PublicKey != nil {
		return locked.PublicKey, nil
	}
	if err != nil {
		return nil, err
	}
	return signer.PublicKey(), nil
}

// Own returns the same as [Keys.Public]. A key that --key names and that cannot be
// read is a usage error.
func (k *Keys) Own(ctx context.Context) (ssh.PublicKey, error) {
	key, err := k.Public(ctx)
	if err != nil && k.Named != "" {
		return nil, keyError(ctx, k.Named, err)
	}
	return key, err
}

// Known is [Keys.Own] that returns nil if this computer has no key. A key that --key
// names must exist.
func (k *Keys) Known(ctx context.Context) (ssh.PublicKey, error) {
	key, err := k.Own(ctx)
	if err != nil && k.Named == "" {
		return nil, nil // a computer that signs nothing has no key
	}
	return key, err
}

// stillInFile checks that the file of a signing key still holds it. The error says
// that the file is gone, or another.
func stillInFile(file string, s trust.Signer) error {
	now, err := trust.LoadKey(file)
	public := now.PublicKey
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) && locked.PublicKey != nil {
		public, err = func() ssh.PublicKey { return locked.PublicKey }, nil
	}
	if err != nil {
		return job.Usage(message.Join(message.Colon, message.Say("key.signing.since"), keyTrouble(file, err)))
	}
	if got := ssh.FingerprintSHA256(public()); got != s.Fingerprint() {
		return job.Usage(message.Say("key.signing.exchanged", "file", file, "before", s.Fingerprint(), "now", got))
	}
	return nil
}

// trySigner makes a signature that is thrown away.
func trySigner(ctx context.Context, s trust.Signer) error {
	_, err := flagfile.AnswerWithin(ctx, agentSigns, func() (struct{}, error) { return struct{}{}, s.Try() })
	return err
}
