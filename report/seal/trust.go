package seal

import (
	"bytes"
	"fmt"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/message"
	"preship/report/policy"
)

// Trust says how much is known about who signed.
type Trust string

const (
	TrustNone      Trust = "none"            // no good signature
	TrustIntegrity Trust = "integrity"       // unchanged since some key signed it
	TrustKnown     Trust = "known-key"       // that key was accepted here before, on its own word
	TrustOwn       Trust = "own-key"         // signed here
	TrustAllowed   Trust = "allowed-signers" // somebody put the key, with a name, among the allowed signers
	TrustReceived  Trust = "countersigned"   // and another allowed signer received and checked it
)

// trusts are the levels, lowest first, each with its meaning and what it leaves open.
var trusts = []struct {
	trust Trust
	words message.ID
}{
	{TrustNone, "seal.trust.none"},
	{TrustIntegrity, "seal.trust.integrity"},
	{TrustKnown, "seal.trust.known"},
	{TrustOwn, "seal.trust.own"},
	{TrustAllowed, "seal.trust.allowed"},
	{TrustReceived, "seal.trust.received"},
}

// Words says what the level means.
func (t Trust) Words() message.Sentence { return message.Say(trusts[t.Level()].words) }

// Level is the place among the levels, 0 for [TrustNone].
func (t Trust) Level() int {
	for i, row := range trusts {
		if row.trust == t {
			return i
		}
	}
	return 0
}

// VerifyOptions says whose signature counts for what. The zero value checks
// integrity only. The files are in the formats ssh-keygen reads.
type VerifyOptions struct {
	// AllowedSigners is the content of an allowed_signers file. When given, a
	// package signed by any other key has a problem.
	AllowedSigners []byte
	Trusted        []byte         // allowed signers of this installation; others are no problem
	Known          []byte         // allowed_signers format: keys accepted once on their own word
	Revoked        []byte         // a KRL, or public keys one a line; see REVOCATION in ssh-keygen(1)
	Own            ssh.PublicKey  // this installation's key; may be nil
	At             time.Time      // when keys must have been valid; zero: now
	Policy         *policy.Policy // applied to every report that verifies; may be nil
	IMEI           string         // 15 digits, of the handset the package has to be about; "" is any
}

// judgement is what the options say about a key whose signature is good.
type judgement struct {
	trust     Trust
	principal string
	problem   string // why it does not count; "" when it does
}

func (o VerifyOptions) trustOf(key ssh.PublicKey) judgement {
	j := judgement{trust: TrustIntegrity}
	if revoked, err := isRevoked(o.Revoked, key); err != nil {
		j.problem = fmt.Sprintf("nobody can be trusted: revoked keys: %v", err)
		return j
	} else if revoked {
		j.problem = fmt.Sprintf("signed by %s, which was revoked", ssh.FingerprintSHA256(key))
		return j
	}
	for _, list := range []struct {
		trust Trust
		file  []byte
		must  bool
	}{{TrustKnown, o.Known, false}, {TrustAllowed, o.Trusted, false}, {TrustAllowed, o.AllowedSigners, o.AllowedSigners != nil}} {
		principals, ok, err := findSigner(list.file, key, o.At)
		switch {
		case err != nil:
			j.problem = fmt.Sprintf("nobody can be trusted: allowed signers: %v", err)
			return j
		case ok:
			j.raise(list.trust)
			j.principal = principals
		case list.must:
			j.problem = fmt.Sprintf("signed by %s, which is not among the allowed signers", ssh.FingerprintSHA256(key))
		}
	}
	if o.Own != nil && bytes.Equal(o.Own.Marshal(), key.Marshal()) {
		j.raise(TrustOwn)
	}
	return j
}

func (j *judgement) raise(t Trust) {
	if t.Level() > j.trust.Level() {
		j.trust = t
	}
}

// keyNamed finds the key of a fingerprint among all the options know.
func (o VerifyOptions) keyNamed(fingerprint string) (ssh.PublicKey, bool) {
	if o.Own != nil && ssh.FingerprintSHA256(o.Own) == fingerprint {
		return o.Own, true
	}
	for _, file := range [][]byte{o.AllowedSigners, o.Trusted, o.Known} {
		signers, err := readAllowed(file)
		if err != nil {
			continue // trustOf says so
		}
		for _, s := range signers {
			if ssh.FingerprintSHA256(s.key) == fingerprint {
				return s.key, true
			}
		}
	}
	return nil, false
}
