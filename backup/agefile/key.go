package agefile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"

	"preship/report/message"
	"preship/report/safefile"
)

var (
	// ErrKeyNeeded means that the backup is encrypted and no key was given.
	ErrKeyNeeded = message.Error(message.Say("backup.key.needed"), nil)
	// ErrWrongKey means that the key or passphrase does not open this backup.
	ErrWrongKey = message.Error(message.Say("backup.key.wrong"), nil)
)

const (
	// maxKeyFile bounds a file that holds keys.
	maxKeyFile = 1 << 20
	// maxWork bounds the cost of trying a passphrase, as a power of two: four times the
	// cost that preship and age set.
	maxWork = 20
)

// Key opens an encrypted backup: it is one secret key or several. A nil Key opens
// only files that are not encrypted. It is safe for concurrent use.
type Key struct {
	identities []age.Identity
	recipients []string // the public halves, as Encryption.To has them
}

// ParseKey reads a file of `age-keygen` or `ssh-keygen`: age identities, one a line,
// or an SSH private key (Ed25519, RSA). If a passphrase protects it, ParseKey calls
// ask for the passphrase; ask may be nil.
func ParseKey(r io.Reader, ask func() ([]byte, error)) (*Key, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxKeyFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxKeyFile {
		return nil, message.Error(message.Say("backup.key.too-long"), nil)
	}
	if ask == nil {
		ask = func() ([]byte, error) { return nil, message.Error(message.Say("backup.key.protected"), nil) }
	}
	// A binary file ends with an authentication tag, whose last byte may be white space.
	if bytes.HasPrefix(data, []byte("age-encryption.org/")) {
		return protectedKey(bytes.NewReader(data), ask)
	}
	switch text := bytes.TrimSpace(data); {
	case bytes.HasPrefix(text, []byte(armor.Header)):
		return protectedKey(armor.NewReader(bytes.NewReader(text)), ask)
	case bytes.HasPrefix(text, []byte("-----BEGIN ")):
		return sshKey(text, ask)
	default:
		return ageKey(bytes.NewReader(text))
	}
}

// PassphraseKey opens the key stored in a backup with a passphrase. root is the case
// folder. The error is [ErrWrongKey] if the passphrase is wrong.
func PassphraseKey(root *os.Root, passphrase []byte) (*Key, error) {
	f, err := safefile.OpenRegular(root, identityName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrWrongKey, message.Error(message.Say("backup.key.no-passphrase"), nil))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return protectedKey(io.LimitReader(f, maxKeyFile), func() ([]byte, error) { return passphrase, nil })
}

// protectedKey reads age identities that are encrypted with a passphrase.
func protectedKey(r io.Reader, ask func() ([]byte, error)) (*Key, error) {
	passphrase, err := ask()
	if err != nil {
		return nil, err
	}
	id, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, err
	}
	id.SetMaxWorkFactor(maxWork)
	plain, err := age.Decrypt(r, id)
	if other := (*age.NoIdentityMatchError)(nil); errors.As(err, &other) {
		return nil, fmt.Errorf("%w: %w", ErrWrongKey, message.Error(message.Say("backup.key.wrong-passphrase"), nil))
	}
	if err != nil {
		return nil, message.Error(message.Say("backup.key.protected-key"), err)
	}
	return ageKey(io.LimitReader(plain, maxKeyFile))
}

func ageKey(r io.Reader) (*Key, error) {
	ids, err := age.ParseIdentities(r)
	if err != nil {
		return nil, message.Error(message.Say("backup.key.neither"), err)
	}
	k := &Key{identities: ids}
	for _, id := range ids {
		switch id := id.(type) {
		case *age.X25519Identity:
			k.recipients = append(k.recipients, id.Recipient().String())
		case *age.HybridIdentity:
			k.recipients = append(k.recipients, id.Recipient().String())
		}
	}
	return k, nil
}

func sshKey(pem []byte, ask func() ([]byte, error)) (*Key, error) {
	raw, err := ssh.ParseRawPrivateKey(pem)
	if locked := (*ssh.PassphraseMissingError)(nil); errors.As(err, &locked) {
		passphrase, askErr := ask()
		if askErr != nil {
			return nil, askErr
		}
		raw, err = ssh.ParseRawPrivateKeyWithPassphrase(pem, passphrase)
	}
	if err != nil {
		return nil, message.Error(message.Say("backup.key.ssh"), err)
	}
	var id age.Identity
	switch key := raw.(type) {
	case *ed25519.PrivateKey:
		id, err = agessh.NewEd25519Identity(*key)
	case ed25519.PrivateKey:
		id, err = agessh.NewEd25519Identity(key)
	case *rsa.PrivateKey:
		id, err = agessh.NewRSAIdentity(key)
	default:
		return nil, message.Error(message.Say("backup.key.ssh-kind"), nil)
	}
	if err != nil {
		return nil, message.Error(message.Say("backup.key.ssh"), err)
	}
	signer, err := ssh.NewSignerFromKey(raw)
	if err != nil {
		return nil, message.Error(message.Say("backup.key.ssh"), err)
	}
	return &Key{identities: []age.Identity{id}, recipients: []string{sshRecipient(signer.PublicKey())}}, nil
}

// sshRecipient writes a public key as ssh does, without a comment.
func sshRecipient(key ssh.PublicKey) string {
	return key.Type() + " " + base64.StdEncoding.EncodeToString(key.Marshal())
}

// Opens reports whether the key is the secret half of a public key of [ReadRecipients].
func (k *Key) Opens(public string) bool { return k != nil && slices.Contains(k.recipients, public) }
