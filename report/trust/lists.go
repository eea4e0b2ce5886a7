package trust

import (
	"bytes"
	"slices"
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
	AlsoRevoked    []byte        // a second such list
	Own            ssh.PublicKey // this installation's key; may be nil
	At             time.Time     // when keys must have been valid; zero: now
	TimeRoots      []byte        // certificates of the authorities whose time stamps count, in PEM
}

// Standing describes the key of a good signature.
type Standing string

const (
	KeyOwn       Standing = "own"        // this installation's
	KeyTrusted   Standing = "trusted"    // an allowed signer's
	KeySeen      Standing = "seen"       // accepted here before, unchecked
	KeyUnknown   Standing = "unknown"    // on no list
	KeyNotListed Standing = "not-listed" // not on the list of allowed signers that was given
	KeyExpired   Standing = "expired"    // a list has it for another time
	KeyRevoked   Standing = "revoked"

	// An authority confirms that the key signed while it was valid.
	KeyExpiredLater Standing = "expired-later"
	// An authority confirms that the key signed before it was revoked. It counts only if the
	// revocation says since when the key is not trusted.
	KeyRevokedLater Standing = "revoked-later"
)

// Trusted reports whether a person has vouched for the key.
func (s Standing) Trusted() bool {
	return s == KeyOwn || s == KeyTrusted || s == KeyExpiredLater
}

// Judgement is how far the lists trust the key of a good signature.
type Judgement struct {
	Level     Level
	Standing  Standing // empty if a list cannot be read
	Principal string
	Problem   message.Sentence // why the signature does not count; empty if it counts
	// Others are fingerprints of further keys that the lists allow under the same name.
	Others []string
}

// Judge returns how far the lists trust a key whose signature is good. Stamped is the time
// at which an authority that counts saw the signature; zero if no authority did.
func (l Lists) Judge(key ssh.PublicKey, stamped time.Time) Judgement {
	if l.At.IsZero() {
		l.At = time.Now()
	}
	r, err := l.revocation(key)
	switch {
	case err != nil:
		return Judgement{Level: Integrity, Problem: message.Say("seal.trust.problem.revoked-list", "error", message.Of(err))}
	case r == nil:
		j := l.judge(key)
		if j.Standing == KeyExpired && !stamped.IsZero() {
			l.At = stamped
			if then := l.judge(key); then.Standing == KeyTrusted {
				then.Standing = KeyExpiredLater
				return then
			}
		}
		return j
	}
	before := func(day time.Time) bool { return !stamped.IsZero() && !day.IsZero() && stamped.Before(day) }
	switch name := ssh.FingerprintSHA256(key); {
	case before(r.since):
		l.At = stamped
		j := l.judge(key)
		j.Standing = KeyRevokedLater
		return j
	case before(r.on):
		return Judgement{
			Level: Integrity, Standing: KeyRevokedLater,
			Problem: message.Say("seal.trust.problem.revoked-later", "key", name, "date", r.on.Format(time.DateOnly)),
		}
	default:
		return Judgement{Level: Integrity, Standing: KeyRevoked, Problem: message.Say("seal.trust.problem.revoked", "key", name)}
	}
}

// revocation returns what the two lists say of a key, nil if neither has it.
func (l Lists) revocation(key ssh.PublicKey) (*revocation, error) {
	r, err := revocationOf(l.Revoked, key)
	if err != nil {
		return nil, err
	}
	also, err := revocationOf(l.AlsoRevoked, key)
	switch {
	case err != nil || r == nil:
		return also, err
	case also != nil:
		r.strictest(*also)
	}
	return r, nil
}

// judge is Judge for a key that is not revoked.
func (l Lists) judge(key ssh.PublicKey) Judgement {
	j := Judgement{Level: Integrity}
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
	if j.Principal != "" {
		j.Others = l.others(j.Principal, key)
	}
	return j
}

// others names the further keys of a principal that count now.
func (l Lists) others(principal string, key ssh.PublicKey) (names []string) {
	for _, file := range [][]byte{l.Trusted, l.AllowedSigners} {
		signers, err := readAllowed(file)
		if err != nil {
			return nil // judge reports it
		}
		for _, s := range signers {
			name := ssh.FingerprintSHA256(s.key)
			if s.principals != principal || bytes.Equal(s.key.Marshal(), key.Marshal()) || !s.allows(s.key, l.At) || slices.Contains(names, name) {
				continue
			}
			if r, err := l.revocation(s.key); err == nil && r == nil {
				names = append(names, name)
			}
		}
	}
	return names
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
