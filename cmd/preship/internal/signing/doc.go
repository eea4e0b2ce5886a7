// Package signing finds the key that signs the reports of this computer, and the keys of
// other signers that it trusts.
//
// [Keys] loads the signing key from a file or from ssh-agent, opens its passphrase,
// and checks that it signs before a job begins. A key that cannot be used is a usage
// error that names the file, the problem and the next thing to do.
//
// It never sends a key anywhere, never replaces a file, and waits for an agent or a
// keyring for a limited time. The format of keys and signatures is in report/seal.
package signing
