package agefile

import (
	"bytes"
	"io"
	"os"

	"filippo.io/age"

	"preship/report/message"
)

// newIdentity makes a key, writes it encrypted with the passphrase, and checks that
// the written file opens.
func (v *Envelope) newIdentity(root *os.Root, want Encryption) error {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	to, err := age.NewScryptRecipient(string(want.Passphrase))
	if err != nil {
		return err
	}
	if want.Work > 0 {
		to.SetWorkFactor(want.Work)
	}
	var encrypted bytes.Buffer
	w, err := age.Encrypt(&encrypted, to)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, id.String()+"\n"); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := writeSmall(root, identityName, encrypted.Bytes()); err != nil {
		return err
	}
	k, err := PassphraseKey(root, want.Passphrase)
	if err != nil {
		return message.Error(message.Say("backup.key.not-open", "file", identityName), err)
	}
	v.list.Recipients, v.tried = k.recipients, true
	if err := v.same([]string{id.Recipient().String()}); err != nil {
		return err
	}
	item := itemOf(identityName, encrypted.Bytes())
	v.list.Identity, v.files = &item, append(v.files, item)
	return nil
}

// ErrNotEncrypted means that a key was given for a backup that is not encrypted.
var ErrNotEncrypted = message.Error(message.Say("backup.not-encrypted"), nil)

// Check checks that k opens the backup of a case. The error is [ErrKeyNeeded] if k is
// nil, [ErrWrongKey], [ErrKeyList], or [ErrNotEncrypted].
func (k *Key) Check(root *os.Root) error {
	if k == nil {
		return ErrKeyNeeded
	}
	v, err := findEnvelope(root)
	if err == nil && v == nil {
		err = ErrNotEncrypted
	}
	if err != nil {
		return err
	}
	return v.try(k)
}

// try checks that key opens a file that is encrypted now. A nil key is not tried.
func (v *Envelope) try(key *Key) error {
	if key == nil {
		return nil
	}
	var encrypted bytes.Buffer
	w, err := age.Encrypt(&encrypted, v.to...)
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	plain, err := key.Decrypt(&encrypted)
	if err == nil {
		_, err = io.Copy(io.Discard, plain)
	}
	v.tried = v.tried || err == nil
	return err
}
