package signing

import (
	"context"
	"os"
	"path/filepath"
	"strings"

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
