package trust

import (
	"bytes"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/message"
)

// Level is how much is known about a signer.
type Level string

const (
	None      Level = "none"            // no good signature
	Integrity Level = "integrity"       // unchanged since some key signed it
	Known     Level = "known-key"       // that key was accepted here before, unchecked
	Own       Level = "own-key"         // signed here
	Allowed   Level = "allowed-signers" // a person added the key, with a name, to the allowed signers
	Received  Level = "countersigned"   // another allowed signer also received and checked it
)

// trusts are the levels, lowest first, each with its explanation.
var trusts = []struct {
	trust Level
	words message.ID
}{
	{None, "seal.trust.none"},
	{Integrity, "seal.trust.integrity"},
	{Known, "seal.trust.known"},
	{Own, "seal.trust.own"},
	{Allowed, "seal.trust.allowed"},
	{Received, "seal.trust.received"},
}

// Words returns the sentence that explains the level.
func (l Level) Words() message.Sentence { return message.Say(trusts[l.rank()].words) }

// rank returns the index among the levels, 0 for [None].
func (l Level) rank() int {
	for i, row := range trusts {
		if row.trust == l {
			return i
		}
	}
	return 0
}

// Lists says whose signature counts for what. The zero value trusts no key. The files
// are in the formats ssh-keygen reads.
type Lists struct {
	// AllowedSigners is the content of an allowed_signers file. When given, a
	// package signed by any other key has a problem.
	AllowedSigners []byte
	Trusted        []byte        // allowed signers of this installation; others are no problem
	Known          []byte        // allowed_signers format: keys accepted once, unchecked
	Revoked        []byte        // a KRL, or public keys one a line; see REVOCATION in ssh-keygen(1)
	Own            ssh.PublicKey // this installation's key; may be nil
	At             time.Time     // when keys must have been valid; zero: now
}

// Standing is what is known of the key of a good signature.
type Standing string

const (
	KeyOwn       Standing = "own"        // this installation's
	KeyTrusted   Standing = "trusted"    // an allowed signer's
	KeySeen      Standing = "seen"       // accepted here before, unchecked
	KeyUnknown   Standing = "unknown"    // on no list
	KeyNotListed Standing = "not-listed" // not on the list of allowed signers that was given
	KeyExpired   Standing = "expired"    // a list has it for another time
	KeyRevoked   Standing = "revoked"
)

// Trusted reports whether a person has vouched for the key.
func (s Standing) Trusted() bool { return s == KeyOwn || s == KeyTrusted }

// Judgement is how far the lists trust the key of a good signature.
type Judgement struct {
	Level     Level
	Standing  Standing // empty if a list cannot be read
	Principal string
	Problem   message.Sentence // why the signature does not count; empty if it counts
}

// Judge returns how far the lists trust a key whose signature is good.
func (l Lists) Judge(key ssh.PublicKey) Judgement {
	j := Judgement{Level: Integrity}
	if l.At.IsZero() {
		l.At = time.Now()
	}
	if revoked, err := isRevoked(l.Revoked, key); err != nil {
		j.Problem = message.Say("seal.trust.problem.revoked-list", "error", message.Of(err))
		return j
	} else if revoked {
		j.Problem, j.Standing = message.Say("seal.trust.problem.revoked", "key", ssh.FingerprintSHA256(key)), KeyRevoked
		return j
	}
	expired := false
	for _, list := range []struct {
		trust Level
		file  []byte
		must  bool
	}{{Known, l.Known, false}, {Allowed, l.Trusted, false}, {Allowed, l.AllowedSigners, l.AllowedSigners != nil}} {
		principals, ok, err := findSigner(list.file, key, l.At)
		lapsed := err == nil && !ok && hasLapsed(list.file, key, l.At)
		expired = expired || lapsed
		switch {
		case err != nil:
			j.Problem = message.Say("seal.trust.problem.allowed-list", "error", message.Of(err))
			return j
		case ok:
			j.raise(list.trust)
			j.Principal = principals
		case list.must && lapsed:
			j.Problem = message.Say("seal.trust.problem.expired", "key", ssh.FingerprintSHA256(key))
		case list.must:
			j.Standing = KeyNotListed
			j.Problem = message.Say("seal.trust.problem.not-allowed", "key", ssh.FingerprintSHA256(key))
		}
	}
	if l.Own != nil && bytes.Equal(l.Own.Marshal(), key.Marshal()) {
		j.raise(Own)
	}
	j.stand(expired)
	return j
}

// stand names the standing of a key that is not revoked.
func (j *Judgement) stand(expired bool) {
	switch {
	case j.Standing == KeyNotListed:
	case expired && (j.Level == Integrity || j.Level == Known || !j.Problem.Empty()):
		j.Standing = KeyExpired
	case j.Level == Own:
		j.Standing = KeyOwn
	case j.Level == Allowed:
		j.Standing = KeyTrusted
	case j.Level == Known:
		j.Standing = KeySeen
	default:
		j.Standing = KeyUnknown
	}
}

func (j *Judgement) raise(l Level) {
	if l.rank() > j.Level.rank() {
		j.Level = l
	}
}

// KeyNamed returns the key with that fingerprint, if the lists have it.
func (l Lists) KeyNamed(fingerprint string) (ssh.PublicKey, bool) {
	if l.Own != nil && ssh.FingerprintSHA256(l.Own) == fingerprint {
		return l.Own, true
	}
	for _, file := range [][]byte{l.AllowedSigners, l.Trusted, l.Known} {
		signers, err := readAllowed(file)
		if err != nil {
			continue // Judge reports it
		}
		for _, s := range signers {
			if ssh.FingerprintSHA256(s.key) == fingerprint {
				return s.key, true
			}
		}
	}
	return nil, false
}
