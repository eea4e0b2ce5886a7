package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"preship/backup/manifest"

	"filippo.io/age"
)

var (
	// ErrOtherKey: the backup is encrypted already, and not to what was asked for.
	ErrOtherKey = errors.New("the backup of this case is encrypted to another key")
	// ErrPlainBackup: encryption was asked for where files lie as they are.
	ErrPlainBackup = errors.New("the backup of this case was begun without encryption")
	// ErrKeyList: files are encrypted, and the list of whom they are encrypted to
	// is gone or is another than it was.
	ErrKeyList = errors.New("the list of keys this backup is encrypted to is not as it was")
)

// Encryption says to whom the files of a new backup are encrypted. The zero value
// means to nobody; for a backup that is encrypted already it means to the same
// as before, which takes no secret.
type Encryption struct {
	// To are public keys, as [ReadRecipients] gives them. Whoever has one of the
	// secret keys can open the backup.
	To []string
	// Passphrase opens a key that is made for this backup and lies in it. Either
	// To or Passphrase is given.
	Passphrase []byte

	work int // what a passphrase costs to try, as a power of two; 0 means age's own
}

func (e Encryption) none() bool { return len(e.To) == 0 && len(e.Passphrase) == 0 }

const (
	// keysName lists whom a backup is encrypted to.
	keysName = "backup/encryption.json"
	// identityName is the key of a backup made with a passphrase, encrypted to it.
	// It is an age identity file as `age --passphrase` makes them.
	identityName = "backup/identity.age"
	// sealedFormat names the format of encrypted files.
	sealedFormat = "age-encryption.org/v1"
)

// keyList is backup/encryption.json. It is written before the first file is and
// not changed after. It holds public keys only.
type keyList struct {
	Format     string         `json:"format"`
	Recipients []string       `json:"recipients"`
	Identity   *manifest.Item `json:"identity,omitempty"` // identity.age, which was seen to open
}

// envelope is how the files of a case are encrypted. A nil envelope leaves them
// as they are.
type envelope struct {
	list  keyList
	to    []age.Recipient
	files []manifest.Item // encryption.json and identity.age
	tried bool            // a secret key was seen to open what is encrypted to these
}

// openEnvelope finds out how the files of a case are encrypted, and begins it in
// one that has no files yet.
func openEnvelope(root *os.Root, want Encryption, key *Key) (*envelope, error) {
	if len(want.To) > 0 && len(want.Passphrase) > 0 {
		return nil, errors.New("encrypt to keys or with a passphrase, not both")
	}
	v, err := readEnvelope(root)
	switch {
	case err != nil:
		return nil, err
	case v != nil:
		if err := v.agrees(root, want); err != nil {
			return nil, err
		}
	default:
		begun, err := begun(root)
		if err != nil || want.none() {
			return nil, err
		}
		if begun {
			return nil, ErrPlainBackup
		}
		if v, err = newEnvelope(root, want); err != nil {
			return nil, err
		}
	}
	return v, v.try(key)
}

// begun reports whether a case holds anything saved, or says that it did.
func begun(root *os.Root) (bool, error) {
	for _, name := range []string{manifest.Name, journalName, manifest.Dir + "/storage", manifest.Dir + "/data", manifest.Dir + "/mnt", manifest.ItemsDir} {
		_, err := root.Lstat(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return true, err
		}
	}
	return false, nil
}

// readEnvelope returns nil for a case that is not encrypted.
func readEnvelope(root *os.Root) (*envelope, error) {
	data, err := readSmall(root, keysName)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := root.Lstat(identityName); err == nil {
			if begun, err := begun(root); err != nil || begun {
				return nil, errors.Join(fmt.Errorf("%w: %s is missing", ErrKeyList, keysName), err)
			}
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &envelope{}
	if err := json.Unmarshal(data, &v.list); err != nil || v.list.Format != sealedFormat {
		return nil, fmt.Errorf("%w: %s is damaged", ErrKeyList, keysName)
	}
	if v.to, err = recipientsOf(v.list.Recipients); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyList, err)
	}
	v.files = []manifest.Item{itemOf(keysName, data)}
	if want := v.list.Identity; want != nil {
		data, err := readSmall(root, identityName)
		if err != nil || itemOf(identityName, data) != *want {
			return nil, errors.Join(fmt.Errorf("%w: %s, which the passphrase opens, is gone or another", ErrKeyList, identityName), err)
		}
		v.files, v.tried = append(v.files, *want), true
	}
	return v, nil
}

// agrees compares what the case is encrypted to with what is asked for now.
func (v *envelope) agrees(root *os.Root, want Encryption) error {
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

func (v *envelope) same(recipients []string) error {
	a, b := slices.Sorted(slices.Values(v.list.Recipients)), slices.Sorted(slices.Values(recipients))
	if !slices.Equal(a, b) {
		return ErrOtherKey
	}
	return nil
}

// newEnvelope decides for a new case, and writes down what it decided.
func newEnvelope(root *os.Root, want Encryption) (*envelope, error) {
	v := &envelope{list: keyList{Format: sealedFormat, Recipients: want.To}}
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
	v.files = append(v.files, itemOf(keysName, data))
	return v, writeSmall(root, keysName, data)
}

func itemOf(name string, data []byte) manifest.Item {
	sum := sha256.Sum256(data)
	return manifest.Item{File: name, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
}
