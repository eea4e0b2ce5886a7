package signing

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
	"preship/report/seal"
	"preship/report/trust"
)

// MaxKeyList bounds a file of public keys, in bytes.
const MaxKeyList = 16 << 20

// Trusted returns the keys of other signers, which are kept beside the signing key.
func (k *Keys) Trusted() (trust.Store, error) {
	dir, err := k.ConfigDir()
	if err != nil {
		return trust.Store{}, job.Usage(message.Say("key.trusted.no-place", "error", message.Of(err)))
	}
	return trust.NewStore(dir), nil
}

// PublicKeyIn reads a public key from a file, or takes the one that signed the
// report in a folder. A report that does not verify vouches for no key.
func PublicKeyIn(what string) (ssh.PublicKey, error) {
	info, err := os.Stat(what)
	if err != nil {
		return nil, job.Usage(message.Of(err))
	}
	file := what
	if info.IsDir() {
		res, err := seal.Verify(what, seal.VerifyOptions{})
		if err != nil {
			return nil, err
		}
		if !res.OK {
			return nil, job.Usage(message.Say("key.not-verified", "report", what))
		}
		file = filepath.Join(what, "signer.pub")
	}
	b, err := flagfile.Read(file, MaxKeyList)
	if err != nil {
		return nil, job.Usage(message.Of(err))
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(b)
	if err != nil {
		return nil, job.Usage(message.Join(message.Colon, message.AsIs(file), message.Say("key.error.no-public")))
	}
	return key, nil
}

// Find returns a key by its SHA256 fingerprint, among this computer's own and those it
// knows, or else as [PublicKeyIn] does.
func (k *Keys) Find(ctx context.Context, what string) (ssh.PublicKey, error) {
	if !strings.HasPrefix(what, "SHA256:") {
		return PublicKeyIn(what)
	}
	store, err := k.Trusted()
	if err != nil {
		return nil, err
	}
	own, err := k.Known(ctx)
	if err != nil {
		return nil, err
	}
	if own != nil && ssh.FingerprintSHA256(own) == what {
		return own, nil
	}
	key, ok, err := store.Find(what)
	if err == nil && !ok {
		err = job.Usage(message.Say("key.not-known", "key", what))
	}
	return key, err
}

// PublicKeyOf reads a public key that a person pasted: a line of authorized_keys, or one of
// allowed_signers. The error is a usage error.
func PublicKeyOf(text string) (ssh.PublicKey, error) {
	if at := strings.Index(text, ssh.KeyAlgoED25519+" "); at > 0 {
		text = text[at:] // a line of allowed_signers begins with a name
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return nil, job.Usage(message.Say("key.error.no-public"))
	}
	return key, nil
}

// ErrFingerprint: the key has another fingerprint than the person was given.
var ErrFingerprint = message.Error(message.Say("key.error.fingerprint"), nil)

// Allow trusts a key under a name, if it has the fingerprint that its owner gave by another
// way. It returns the fingerprints of other keys that are trusted under the name. The error
// is [ErrFingerprint], [trust.ErrKeyName], [trust.ErrRevokedKey], or of the disk.
func (k *Keys) Allow(key ssh.PublicKey, name, fingerprint string, now time.Time) (others []string, err error) {
	store, err := k.Trusted()
	if err != nil {
		return nil, err
	}
	if ssh.FingerprintSHA256(key) != fingerprint {
		return nil, ErrFingerprint
	}
	if others, err = store.Named(name, key, now); err != nil {
		return nil, err
	}
	return others, store.Allow(name, key, now)
}

// List returns the keys that this computer signs with, trusts and has revoked; its own is
// the first.
func (k *Keys) List(ctx context.Context) ([]trust.Key, error) {
	store, err := k.Trusted()
	if err != nil {
		return nil, err
	}
	keys, err := store.List()
	if err != nil {
		return nil, err
	}
	own, err := k.Known(ctx)
	if own != nil {
		keys = append([]trust.Key{{Fingerprint: ssh.FingerprintSHA256(own), Name: "this computer", Trust: trust.Own}}, keys...)
	}
	return keys, err
}

// levelWords say in a word how much a key is trusted.
var levelWords = map[trust.Level]message.ID{trust.Own: "key.word.own", trust.Allowed: "key.word.allowed", trust.Known: "key.word.known"}

// Word says in a word how much a key is trusted.
func Word(k trust.Key) message.Sentence {
	if k.Revoked {
		return message.Say("key.word.revoked")
	}
	if id, ok := levelWords[k.Trust]; ok {
		return message.Say(id)
	}
	return message.AsIs(string(k.Trust))
}
