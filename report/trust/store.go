package trust

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/message"
	"preship/report/printable"
	"preship/report/safefile"
)

var (
	// ErrRevokedKey: a revoked key is not trusted again.
	ErrRevokedKey = message.Error(message.Say("key.error.revoked"), nil)
	// ErrKeyName: the name has another meaning in an allowed_signers file.
	ErrKeyName = message.Error(message.Say("key.error.name"), nil)
)

// The files of a trust store, in formats ssh-keygen reads: the first two by -f,
// the third by -r. The last has the certificates of time-stamp authorities, in PEM.
const (
	allowedFile = "allowed_signers"
	knownFile   = "known_signers"
	revokedFile = "revoked_keys"
	rootsFile   = "timestamp_roots.pem"
)

// maxFile is the largest list that is read, in bytes.
const maxFile = 16 << 20

// Store is the folder with the keys that an installation trusts. Its files may be edited by hand and used by other programs.
type Store struct{ dir string }

// NewStore returns the store in a folder. The first change creates the folder.
func NewStore(dir string) Store { return Store{dir} }

// Key is one line of the store.
type Key struct {
	Fingerprint string `json:"fingerprint"`
	Name        string `json:"name"`
	Trust       Level  `json:"trust"` // Allowed, Known, or None when revoked
	Revoked     bool   `json:"revoked"`
}

// Lists returns the lists of the store, to verify packages by. A missing file is an
// empty list. A file that cannot be read is an error.
func (s Store) Lists() (l Lists, err error) {
	for name, b := range map[string]*[]byte{allowedFile: &l.Trusted, knownFile: &l.Known, revokedFile: &l.Revoked, rootsFile: &l.TimeRoots} {
		if *b, err = s.read(name); err != nil {
			return Lists{}, err
		}
	}
	return l, nil
}

func (s Store) read(name string) ([]byte, error) {
	root, err := os.OpenRoot(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	b, err := safefile.Read(safefile.In(root), name, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Allow adds a key to the allowed signers under a name. The caller has compared its
// fingerprint with its owner.
func (s Store) Allow(name string, key ssh.PublicKey, now time.Time) error {
	return s.trust(allowedFile, name, key, now)
}

// Know adds a key that was seen in a package and not compared with its owner.
func (s Store) Know(key ssh.PublicKey, now time.Time) error {
	return s.trust(knownFile, "seen-"+now.UTC().Format("20060102"), key, now)
}

var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+@-]{0,99}$`)

func (s Store) trust(file, name string, key ssh.PublicKey, now time.Time) error {
	if !keyName.MatchString(name) {
		return fmt.Errorf("%q: %w", printable.Text(name), ErrKeyName)
	}
	if err := CheckKey(key); err != nil {
		return err
	}
	l, err := s.Lists()
	if err != nil {
		return err
	}
	if revoked, err := isRevoked(l.Revoked, key); err != nil || revoked {
		return errors.Join(err, ErrRevokedKey)
	}
	before := l.Trusted
	if file == knownFile {
		before = l.Known
	}
	if _, ok, err := findSigner(before, key, now); err != nil || ok {
		return err // the store has the key
	}
	return s.add(file, fmt.Sprintf("# added %s\n%s namespaces=%q %s\n", now.UTC().Format(time.DateOnly), name, Namespace, AuthorizedKey(key)))
}

// Revoke takes all trust from a key, also for reports that it signed before: a lost
// key can have signed any of them. If since is a day, reports with a time stamp from before
// that day still count.
func (s Store) Revoke(key ssh.PublicKey, reason string, since, now time.Time) error {
	b, err := s.read(revokedFile)
	if err != nil {
		return err
	}
	if revoked, err := isRevoked(b, key); err != nil || revoked {
		return err
	}
	if bytes.HasPrefix(b, []byte(krlMagic)) {
		return message.Error(message.Say("key.error.krl", "file", revokedFile), nil)
	}
	on := now.UTC().Format(time.DateOnly)
	if !since.IsZero() {
		on += ", not trusted since " + since.Format(time.DateOnly)
	}
	return s.add(revokedFile, fmt.Sprintf("# revoked %s: %s\n%s\n", on, printable.Text(reason), AuthorizedKey(key)))
}

// add appends lines to a list. A crash leaves the whole list with the lines, or without.
func (s Store) add(name, lines string) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	b, err := s.read(name)
	if err != nil {
		return err
	}
	if len(b) > 0 && b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	return safefile.Write(root, name, append(b, lines...))
}

// List returns every key of the store once, at its highest level.
func (s Store) List() ([]Key, error) {
	l, err := s.Lists()
	if err != nil {
		return nil, err
	}
	keys := []Key{}
	seen := map[string]bool{}
	for _, list := range []struct {
		trust Level
		file  []byte
	}{{Allowed, l.Trusted}, {Known, l.Known}} {
		signers, err := readAllowed(list.file)
		if err != nil {
			return nil, err
		}
		for _, signer := range signers {
			fingerprint := ssh.FingerprintSHA256(signer.key)
			if seen[fingerprint] {
				continue
			}
			seen[fingerprint] = true
			revoked, err := isRevoked(l.Revoked, signer.key)
			if err != nil {
				return nil, err
			}
			k := Key{Fingerprint: fingerprint, Name: printable.Text(signer.principals), Trust: list.trust, Revoked: revoked}
			if revoked {
				k.Trust = None
			}
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// Named returns the fingerprints of the other keys that are trusted under a name.
func (s Store) Named(name string, key ssh.PublicKey, now time.Time) ([]string, error) {
	l, err := s.Lists()
	if err != nil {
		return nil, err
	}
	l.At = now
	return l.others(name, key), nil
}

// Find returns a key of the store by its fingerprint.
func (s Store) Find(fingerprint string) (ssh.PublicKey, bool, error) {
	l, err := s.Lists()
	if err != nil {
		return nil, false, err
	}
	key, ok := l.KeyNamed(strings.TrimSpace(fingerprint))
	return key, ok, nil
}
