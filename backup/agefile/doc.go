// Package agefile encrypts the files of a backup with age (age-encryption.org/v1),
// and opens them again.
//
// Every file is an age file of its own, encrypted to the same keys: public keys that
// the owner gave ([ReadRecipients]), or a key that is made for the backup and stored
// in it, encrypted with a passphrase. An [Envelope] holds these keys for one case.
// The first run of a backup decides; later runs keep its keys and need no secret.
// [OpenEnvelope] refuses a request for other keys, or to encrypt a backup that is not
// encrypted.
//
// The list of keys in the case folder holds public keys only. No secret key is
// written to the disk, except the one that the passphrase encrypts. Errors never hold
// the text of a key.
//
// That a file decrypts does not prove that it is the right file: the caller compares
// its contents with the manifest.
package agefile
