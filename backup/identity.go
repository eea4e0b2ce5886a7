package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"
)

// newIdentity makes a key, puts it on the disk encrypted with the passphrase, and
// sees that what lies there opens.
func (v *envelope) newIdentity(root *os.Root, want Encryption) error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	to, err := age.NewScryptRecipient(string(want.Passphrase))
	if err != nil {
		return err
	}
	if want.work > 0 {
		to.SetWorkFactor(want.work)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, id.String()+"\n"); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := writeSmall(root, identityName, sealed.Bytes()); err != nil {
		return err
	}
	k, err := PassphraseKey(root, want.Passphrase)
	if err != nil {
		return fmt.Errorf("%s was written and does not open: %w", identityName, err)
	}
	v.list.Recipients, v.tried = k.recipients, true
	if err := v.same([]string{id.Recipient().String()}); err != nil {
		return err
	}
	item := itemOf(identityName, sealed.Bytes())
	v.list.Identity, v.files = &item, append(v.files, item)
	return nil
}

// errNotSealed: a key was tried on what does not say that it is encrypted.
var errNotSealed = errors.New("the backup is not encrypted")

// opens sees that k opens the backup of a case, before it is tried on each file.
func (k *Key) opens(root *os.Root) error {
	if k == nil {
		return ErrKeyNeeded
	}
	v, err := readEnvelope(root)
	if err == nil && v == nil {
		err = errNotSealed
	}
	if err != nil {
		return err
	}
	return v.try(k)
}

// try sees that key opens what is encrypted now. A nil key tries nothing.
func (v *envelope) try(key *Key) error {
	if key == nil {
		return nil
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, v.to...)
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	plain, err := key.open(&sealed)
	if err == nil {
		_, err = io.Copy(io.Discard, plain)
	}
	v.tried = v.tried || err == nil
	return err
}
