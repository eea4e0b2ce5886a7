// Package seal signs a case as one package and checks such packages.
//
// [Seal] writes the report, its pages and the attestation into the case folder and signs
// the list of their digests with an Ed25519 key. [Verify] checks a folder or a ZIP file:
// every byte that was signed, nothing beside it, and whose key it was. [VerifyToken]
// checks the code on paper alone. A desk that received a package signs beside the first
// signer with [Countersign]. Every format is one that other programs read: SSHSIG,
// SHA256SUMS, an in-toto statement in a Sigstore bundle, JWS.
//
// The package refuses to sign evidence that is not what the case recorded, and to call a
// package good of which a byte is missing, extra or changed. Files with personal data
// may be withheld; they are named. It trusts no key that the package itself brings.
//
// It imports casedir and report for the case, trust for keys, and policy to judge a package
// that verifies. The caller passes the pages in. It uses no handset, network or terminal.
package seal
