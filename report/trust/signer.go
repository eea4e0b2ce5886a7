package trust

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"preship/report/message"
	"preship/report/safefile"
)

// Namespace is the SSHSIG namespace of a report. A signature in another namespace does
// not count for a report, and a report's signature does not count elsewhere.
const Namespace = "report@preship"

var (
	// ErrNoSigner: the signer is the zero value.
	ErrNoSigner = message.Error(message.Say("key.error.no-signer"), nil)
	// ErrKeyExposed: others on this computer can read the private key.
	ErrKeyExposed = message.Error(message.Say("key.error.exposed"), nil)
	// ErrKeyType: the key is not Ed25519.
	ErrKeyType = message.Error(message.Say("key.error.type"), nil)
	// ErrPublicKey: the file holds the public half of a key.
	ErrPublicKey = message.Error(message.Say("key.error.public"), nil)
	// ErrNoKey: the file holds no private key in OpenSSH's format, or a damaged one.
	ErrNoKey = message.Error(message.Say("key.error.no-key"), nil)
)

const maxKeyFile = 16 << 10

// Signer signs reports with one Ed25519 key. It is a value; copies share the key.
type Signer struct{ key ssh.Signer }

// NewSigner wraps a key that another program holds, such as an ssh-agent.
func NewSigner(key ssh.Signer) (Signer, error) {
	if got := key.PublicKey().Type(); got != ssh.KeyAlgoED25519 {
		return Signer{}, fmt.Errorf("%w: %s", ErrKeyType, got)
	}
	return Signer{key: key}, nil
}

// LoadKey reads a private key in OpenSSH's format. It refuses one that group or
// others can read ([ErrKeyExposed]; not judged on Windows) and any type but
// Ed25519 ([ErrKeyType]). A key with a passphrase gives ssh's own
// PassphraseMissingError, which holds the public half. A file without a private key
// gives [ErrPublicKey] or [ErrNoKey]; a path that is not a regular file gives
// [safefile.NotFileError].
func LoadKey(path string) (Signer, error) { return loadKey(path, nil) }

// LoadProtectedKey is [LoadKey] for a key with a passphrase. A wrong one gives
// [x509.IncorrectPasswordError].
func LoadProtectedKey(path string, passphrase []byte) (Signer, error) {
	return loadKey(path, passphrase)
}

func loadKey(path string, passphrase []byte) (Signer, error) {
	f, err := safefile.Open(path)
	if err != nil {
		return Signer{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Signer{}, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return Signer{}, err
	}
	if perm := info.Mode().Perm(); runtime.GOOS != "windows" && perm&0o077 != 0 {
		if holdsPublicKey(b) {
			return Signer{}, fmt.Errorf("%s: %w", path, ErrPublicKey) // which anybody may read
		}
		return Signer{}, fmt.Errorf("%s: %w: %w", path, ErrKeyExposed, message.Error(message.Say("key.error.mode", "mode", fmt.Sprintf("%04o", perm)), nil))
	}
	parse := ssh.ParsePrivateKey
	if passphrase != nil {
		parse = func(b []byte) (ssh.Signer, error) { return ssh.ParsePrivateKeyWithPassphrase(b, passphrase) }
	}
	key, err := parse(b)
	if err != nil {
		return Signer{}, fmt.Errorf("%s: %w", path, unreadKey(b, err))
	}
	s, err := NewSigner(key)
	if err != nil {
		return Signer{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// unreadKey returns why a file could not be parsed as a private key.
func unreadKey(b []byte, err error) error {
	locked := (*ssh.PassphraseMissingError)(nil)
	if errors.As(err, &locked) || errors.Is(err, x509.IncorrectPasswordError) {
		return err
	}
	if holdsPublicKey(b) {
		return ErrPublicKey
	}
	return fmt.Errorf("%w: %w", ErrNoKey, err)
}

func holdsPublicKey(b []byte) bool {
	_, _, _, _, err := ssh.ParseAuthorizedKey(b)
	return err == nil
}

// trialNamespace is the namespace of signatures that try a key. It is not
// [Namespace], so such a signature counts for no report.
const trialNamespace = "trial@preship"

// Try makes a signature and checks it. An ssh-agent can list a key and still not sign
// with it.
func (s Signer) Try() error {
	if s.key == nil {
		return ErrNoSigner
	}
	text := rand.Text()
	sig, err := sshsig.Sign(strings.NewReader(text), s.key, sshsig.HashSHA512, trialNamespace)
	if err != nil {
		return message.Error(message.Say("key.error.does-not-sign"), err)
	}
	if err := sshsig.Verify(strings.NewReader(text), sig, s.PublicKey(), sshsig.HashSHA512, trialNamespace); err != nil {
		return message.Error(message.Say("key.error.bad-signature"), err)
	}
	return nil
}

// LoadOrCreateKey loads the key at path, or makes one there (mode 0600, in a
// folder of mode 0700) if the file does not exist. If several processes create it at
// once, one succeeds, and the others load its key. The key never leaves the file.
func LoadOrCreateKey(path string) (s Signer, created bool, err error) {
	s, err = LoadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, false, err
	}
	err = CreateKey(path, nil)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return Signer{}, false, err
	}
	created = err == nil
	s, err = LoadKey(path)
	return s, created, err
}

// CreateKey makes a key at path (mode 0600, in a folder of mode 0700), encrypted
// if a passphrase is given. It returns [fs.ErrExist] if path exists: it writes the key
// to another file and links that to path, because a link, unlike a rename, fails if
// path exists.
func CreateKey(path string, passphrase []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	marshal := func() (*pem.Block, error) { return ssh.MarshalPrivateKey(private, "preship") }
	if passphrase != nil {
		marshal = func() (*pem.Block, error) {
			return ssh.MarshalPrivateKeyWithPassphrase(private, "preship", passphrase)
		}
	}
	block, err := marshal()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".preship-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(pem.EncodeToMemory(block))
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}

// Fingerprint is OpenSSH's, SHA256:…, the same string `ssh-keygen -l` prints.
// It names the signer everywhere: on paper, as DSSE keyid, in allowed signers.
func (s Signer) Fingerprint() string { return ssh.FingerprintSHA256(s.key.PublicKey()) }

// PublicKey is the public half.
func (s Signer) PublicKey() ssh.PublicKey { return s.key.PublicKey() }

// PEM is the public key as openssl and cosign read it.
func (s Signer) PEM() ([]byte, error) { return PublicPEM(s.PublicKey()) }

// IsZero reports whether the signer has no key.
func (s Signer) IsZero() bool { return s.key == nil }

// Sign returns the bare Ed25519 signature over data, 64 bytes.
func (s Signer) Sign(data []byte) ([]byte, error) {
	sig, err := s.key.Sign(rand.Reader, data)
	if err != nil {
		return nil, err
	}
	return sig.Blob, nil
}

// SignFile returns the armored SSHSIG over the content of a file, in [Namespace].
func (s Signer) SignFile(content []byte) ([]byte, error) {
	sig, err := sshsig.Sign(bytes.NewReader(content), s.key, sshsig.HashSHA512, Namespace)
	if err != nil {
		return nil, err
	}
	return sshsig.Armor(sig), nil
}

// AllowedSigners is the line for an allowed_signers file that lets
// `ssh-keygen -Y verify` accept this signer's reports, and nothing else, under
// the name identity.
func (s Signer) AllowedSigners(identity string) string {
	return fmt.Sprintf("%s namespaces=%q %s", identity, Namespace, AuthorizedKey(s.PublicKey()))
}

// AuthorizedKey returns the key as one line of an authorized_keys file, without the
// line feed.
func AuthorizedKey(k ssh.PublicKey) string {
	return strings.TrimSuffix(string(ssh.MarshalAuthorizedKey(k)), "\n")
}

// PublicPEM returns the key as openssl and cosign read it.
func PublicPEM(k ssh.PublicKey) ([]byte, error) {
	public, err := ed25519Key(k)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// CheckKey returns [ErrKeyType] for a key that is not Ed25519.
func CheckKey(k ssh.PublicKey) error {
	_, err := ed25519Key(k)
	return err
}

func ed25519Key(k ssh.PublicKey) (ed25519.PublicKey, error) {
	if bare, err := ssh.ParsePublicKey(k.Marshal()); err == nil {
		k = bare // an agent's key does not know its own type
	}
	if c, ok := k.(ssh.CryptoPublicKey); ok {
		if public, ok := c.CryptoPublicKey().(ed25519.PublicKey); ok {
			return public, nil
		}
	}
	return nil, fmt.Errorf("%w: %s", ErrKeyType, k.Type())
}
