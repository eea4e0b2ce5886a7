// Package trust keeps the keys: the one that signs here, and those of other signers.
//
// A [Signer] signs with an Ed25519 key from a file in OpenSSH's format or from an
// ssh-agent. [Lists] hold the allowed signers and the revoked keys, in the formats
// that ssh-keygen reads; [Lists.Judge] returns the [Level] of trust in a key. A [Store]
// is the folder with the lists of this installation.
//
// The package refuses a private key that other users can read, and any key that is not
// Ed25519. A list that it cannot read is an error, never an empty list. A
// revoked key has no trust, whatever another list says.
//
// It does not depend on reports and packages: [preship/report/seal] signs and checks them
// with it. It uses no network and no terminal.
package trust
