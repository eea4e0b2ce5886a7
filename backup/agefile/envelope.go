package agefile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"unicode/utf8"

	"filippo.io/age"

	"preship/backup/manifest"
	"preship/report/message"
	"preship/report/safefile"
)

var (
	// ErrOtherKey means that the backup is already encrypted, to other keys than asked for.
	ErrOtherKey = message.Error(message.Say("backup.key.other"), nil)
	// ErrPlainBackup means that encryption was asked for a backup that is not encrypted.
	ErrPlainBackup = message.Error(message.Say("backup.key.plain"), nil)
	// ErrKeyList means that the list of keys of an encrypted backup is missing or changed.
	ErrKeyList = message.Error(message.Say("backup.key.list"), nil)
)

// minPassphrase is the least number of characters of a new passphrase. A shorter one is
// found by trying.
const minPassphrase = 8

// ShortPassphrase reports whether a passphrase is too short for a new backup or key.
func ShortPassphrase(p []byte) bool { return utf8.RuneCount(p) < minPassphrase }

// Encryption holds the keys that the files of a new backup are encrypted to. The zero
// value means no encryption, or the same keys as before if the backup is encrypted.
type Encryption struct {
	// To holds public keys as [ReadRecipients] returns them. Any one of the secret keys
	// opens the backup.
	To []string
	// Passphrase encrypts a key that is made for this backup and stored in it. To and
	// Passphrase exclude each other.
	Passphrase []byte

	// Work is the cost of trying a passphrase, as a power of two; 0 means age's own.
	Work int
}

func (e Encryption) empty() bool { return len(e.To) == 0 && len(e.Passphrase) == 0 }

const (
	// KeysName lists the keys of a backup.
	KeysName = "backup/encryption.json"
	// identityName is the key of a backup with a passphrase, encrypted with it: an age
	// identity file as `age --passphrase` makes them.
	identityName = "backup/identity.age"
	// format names the format of encrypted files.
	format = "age-encryption.org/v1"
)

// keyList is backup/encryption.json. It is written before the first file and never
// changed. It holds public keys only.
type keyList struct {
	Format     string         `json:"format"`
	Recipients []string       `json:"recipients"`
	Identity   *manifest.Item `json:"identity,omitempty"` // identity.age, which opened with the passphrase
}

// Envelope is the encryption of the files of one case. A nil Envelope encrypts
// nothing. It is safe for concurrent use.
type Envelope struct {
	list  keyList
	to    []age.Recipient
	files []manifest.Item // encryption.json and identity.age
	tried bool            // a secret key opened a file that is encrypted to these
	spare sync.Pool       // of *Encrypter
}

// OpenEnvelope returns the envelope of a case, nil if its files are not encrypted. In
// a case without saved files it makes a new one, as want says. It tries key, if that
// is not nil. The error is [ErrOtherKey], [ErrPlainBackup], [ErrKeyList],
// [ErrWrongKey], or one of the disk.
func OpenEnvelope(root *os.Root, want Encryption, key *Key) (*Envelope, error) {
	if len(want.To) > 0 && len(want.Passphrase) > 0 {
		return nil, message.Error(message.Say("backup.key.both"), nil)
	}
	v, err := findEnvelope(root)
	switch {
	case err != nil:
		return nil, err
	case v != nil:
		if err := v.agrees(root, want); err != nil {
			return nil, err
		}
	default:
		saved, err := hasFiles(root)
		if err != nil || want.empty() {
			return nil, err
		}
		if saved {
			return nil, ErrPlainBackup
		}
		if v, err = newEnvelope(root, want); err != nil {
			return nil, err
		}
	}
	return v, v.try(key)
}

// hasFiles reports whether a case holds saved files, or a record of them.
func hasFiles(root *os.Root) (bool, error) {
	for _, name := range []string{manifest.Name, manifest.JournalName, manifest.Dir + "/storage", manifest.Dir + "/data", manifest.Dir + "/mnt", manifest.ItemsDir} {
		_, err := root.Lstat(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return true, err
		}
	}
	return false, nil
}

// findEnvelope returns nil for a case that is not encrypted.
func findEnvelope(root *os.Root) (*Envelope, error) {
	data, err := safefile.Read(safefile.In(root), KeysName, maxKeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := root.Lstat(identityName); err == nil {
			if saved, err := hasFiles(root); err != nil || saved {
				return nil, errors.Join(fmt.Errorf("%w: %w", ErrKeyList, message.Error(message.Say("backup.key.list.missing", "file", KeysName), nil)), err)
			}
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &Envelope{}
	if err := json.Unmarshal(data, &v.list); err != nil || v.list.Format != format {
		return nil, fmt.Errorf("%w: %w", ErrKeyList, message.Error(message.Say("backup.key.list.damaged", "file", KeysName), nil))
	}
	if v.to, err = recipientsOf(v.list.Recipients); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyList, err)
	}
	v.files = []manifest.Item{itemOf(KeysName, data)}
	if want := v.list.Identity; want != nil {
		data, err := safefile.Read(safefile.In(root), identityName, maxKeyFile)
		if err != nil || itemOf(identityName, data) != *want {
			return nil, errors.Join(fmt.Errorf("%w: %w", ErrKeyList, message.Error(message.Say("backup.key.list.changed", "file", identityName), nil)), err)
		}
		v.files, v.tried = append(v.files, *want), true
	}
	return v, nil
}

// agrees compares the keys of the case with those asked for now.
func (v *Envelope) agrees(root *os.Root, want Encryption) error {
	switch {
	case len(want.Passphrase) > 0:
		k, err := PassphraseKey(root, want.Passphrase)
		if errors.Is(err, ErrWrongKey) {
			return fmt.Errorf("%w: %w", ErrOtherKey, err)
		}
		if err != nil {
			return err
		}
		return v.same(k.recipients)
	case len(want.To) > 0:
		return v.same(want.To)
	}
	return nil
}

func (v *Envelope) same(recipients []string) error {
	a, b := slices.Sorted(slices.Values(v.list.Recipients)), slices.Sorted(slices.Values(recipients))
	if !slices.Equal(a, b) {
		return ErrOtherKey
	}
	return nil
}

// newEnvelope makes the envelope of a new case and writes its list of keys.
func newEnvelope(root *os.Root, want Encryption) (*Envelope, error) {
	v := &Envelope{list: keyList{Format: format, Recipients: want.To}}
	if len(want.Passphrase) > 0 {
		if err := v.newIdentity(root, want); err != nil {
			return nil, err
		}
	}
	var err error
	if v.to, err = recipientsOf(v.list.Recipients); err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(v.list, "", "  ")
	if err != nil {
		return nil, err
	}
	data = append(data, '\n')
	v.files = append(v.files, itemOf(KeysName, data))
	return v, writeSmall(root, KeysName, data)
}

func itemOf(name string, data []byte) manifest.Item {
	sum := sha256.Sum256(data)
	return manifest.Item{File: name, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
}

// Describe returns the description of the encryption for the manifest.
func (v *Envelope) Describe() *manifest.Encryption {
	return &manifest.Encryption{
		Format: v.list.Format, Keys: len(v.list.Recipients), Passphrase: v.list.Identity != nil, Files: v.files,
	}
}

// Tried reports whether a secret key opened a file that is encrypted to these keys.
func (v *Envelope) Tried() bool { return v.tried }

// IsKeyFile reports whether name, in the case folder, is a file that an encrypted
// backup needs to be continued or opened.
func IsKeyFile(name string) bool { return name == KeysName || name == identityName }

// writeSmall replaces a file, and creates the folder of the backup for it.
func writeSmall(root *os.Root, name string, data []byte) error {
	if err := root.MkdirAll(manifest.Dir, 0o700); err != nil {
		return err
	}
	return safefile.Write(root, name, data)
}
