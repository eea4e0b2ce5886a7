package trust

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/message"
)

// allowedLine returns a line of an allowed_signers file.
func allowedLine(t *testing.T, seed byte, options string) []byte {
	t.Helper()
	return fmt.Appendf(nil, "desk@shop %s%s\n", options, AuthorizedKey(testSigner(t, seed).PublicKey()))
}

// A key counts as far as the lists go at the time of the signature, and no further.
func TestJudge(t *testing.T) {
	t.Parallel()
	key := testSigner(t, 1).PublicKey()
	mine, theirs := allowedLine(t, 1, ""), allowedLine(t, 2, "")
	lapsed := allowedLine(t, 1, `valid-after="20260101Z",valid-before="20260201Z" `)
	revoked := func(comment string) []byte { return fmt.Appendf(nil, "%s\n%s\n", comment, AuthorizedKey(key)) }
	lost := revoked("# revoked 2026-11-10: lost")
	since := revoked("# revoked 2026-11-10, not trusted since 2026-11-01: lost")
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 12, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		name     string
		lists    Lists
		stamped  time.Time
		level    Level
		standing Standing
		problem  message.ID
	}{
		{"no list", Lists{}, time.Time{}, Integrity, KeyUnknown, ""},
		{"own", Lists{Own: key, Known: lapsed}, time.Time{}, Own, KeyOwn, ""},
		{"another's own", Lists{Own: testSigner(t, 2).PublicKey()}, time.Time{}, Integrity, KeyUnknown, ""},
		{"seen", Lists{Known: mine}, time.Time{}, Known, KeySeen, ""},
		{"trusted", Lists{Trusted: mine, Known: mine, Own: key}, time.Time{}, Allowed, KeyTrusted, ""},
		{"trusted, with a stamp", Lists{Trusted: mine}, day(1, 10), Allowed, KeyTrusted, ""},
		{"another is trusted", Lists{Trusted: theirs}, time.Time{}, Integrity, KeyUnknown, ""},
		{"allowed", Lists{AllowedSigners: mine}, time.Time{}, Allowed, KeyTrusted, ""},
		{"not allowed", Lists{AllowedSigners: theirs, Trusted: mine}, time.Time{}, Allowed, KeyNotListed, "seal.trust.problem.not-allowed"},
		{"the list is empty", Lists{AllowedSigners: []byte{}}, day(1, 10), Integrity, KeyNotListed, "seal.trust.problem.not-allowed"},
		{"a list is damaged", Lists{AllowedSigners: []byte("desk@shop\n"), Trusted: mine}, time.Time{}, Allowed, "", "seal.trust.problem.allowed-list"},

		{"lapsed", Lists{Trusted: lapsed}, time.Time{}, Integrity, KeyExpired, ""},
		{"lapsed, signed before", Lists{Trusted: lapsed}, day(1, 10), Allowed, KeyExpiredLater, ""},
		{"lapsed, signed after", Lists{Trusted: lapsed}, day(3, 1), Integrity, KeyExpired, ""},
		{"lapsed, signed earlier than allowed", Lists{Trusted: lapsed}, day(1, 1).AddDate(0, 0, -1), Integrity, KeyExpired, ""},
		{"lapsed among the allowed", Lists{AllowedSigners: lapsed}, time.Time{}, Integrity, KeyExpired, "seal.trust.problem.expired"},
		{"lapsed among the allowed, signed before", Lists{AllowedSigners: lapsed}, day(1, 10), Allowed, KeyExpiredLater, ""},

		{"revoked", Lists{Trusted: mine, Revoked: lost}, time.Time{}, Integrity, KeyRevoked, "seal.trust.problem.revoked"},
		{"revoked, signed before", Lists{Trusted: mine, Revoked: lost}, day(11, 9), Integrity, KeyRevokedLater, "seal.trust.problem.revoked-later"},
		{"revoked, signed after", Lists{Trusted: mine, AlsoRevoked: lost}, day(11, 11), Integrity, KeyRevoked, "seal.trust.problem.revoked"},
		{"revoked on no day", Lists{Trusted: mine, Revoked: revoked("# lost")}, day(11, 9), Integrity, KeyRevoked, "seal.trust.problem.revoked"},
		{"not trusted since, signed before", Lists{Trusted: mine, Revoked: since}, day(10, 31), Allowed, KeyRevokedLater, ""},
		{"not trusted since, signed between", Lists{Trusted: mine, Revoked: since}, day(11, 5), Integrity, KeyRevokedLater, "seal.trust.problem.revoked-later"},
		{"not trusted since, no stamp", Lists{Trusted: mine, Revoked: since}, time.Time{}, Integrity, KeyRevoked, "seal.trust.problem.revoked"},
		{"two lists, the stricter counts", Lists{Trusted: mine, Revoked: since, AlsoRevoked: lost}, day(10, 31), Integrity, KeyRevokedLater, "seal.trust.problem.revoked-later"},
		{"the revoked are damaged", Lists{Trusted: mine, AlsoRevoked: []byte("what\n")}, time.Time{}, Integrity, "", "seal.trust.problem.revoked-list"},
	} {
		tt.lists.At = testTime
		got := tt.lists.Judge(key, tt.stamped)
		if got.Level != tt.level || got.Standing != tt.standing || got.Problem.ID() != tt.problem {
			t.Errorf("%s: %q, %q, problem %q; want %q, %q, %q", tt.name, got.Level, got.Standing, got.Problem.ID(), tt.level, tt.standing, tt.problem)
		}
		if named := got.Principal != ""; named != (got.Level == Allowed || got.Level == Known) {
			t.Errorf("%s: principal %q at level %q", tt.name, got.Principal, got.Level)
		}
	}
}

func TestAllows(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]bool{
		"": true, `namespaces="report@preship" `: true, `namespaces="git,report@*" `: true, `namespaces="git" `: false,
		`namespaces="report@*,!report@preship" `: false, `namespaces="[" `: false, "cert-authority ": false,
		`valid-after="20261122Z" `: true, `valid-after="20261123Z" `: false, `valid-before="20261122Z" `: false, `valid-before="20261123Z" `: true,
		`valid-after="20261122140305Z" `: true, `valid-before="20261122140305Z" `: true, `valid-after="20261101Z",valid-before="20261201Z" `: true,
	} {
		_, ok, err := findSigner(allowedLine(t, 1, options), testSigner(t, 1).PublicKey(), testTime)
		if ok != want || err != nil {
			t.Errorf("%q: allowed %t, %v; want %t", options, ok, err, want)
		}
	}
}

// The error of a list names the line.
func TestListErrorsNameTheLine(t *testing.T) {
	t.Parallel()
	list := append(allowedLine(t, 1, ""), "\n# note\ndesk@shop\n"...)
	if _, _, err := findSigner(list, testSigner(t, 1).PublicKey(), testTime); err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("allowed: %v", err)
	}
	list = fmt.Appendf(nil, "%s\n\nwhat\n", AuthorizedKey(testSigner(t, 1).PublicKey()))
	if _, err := isRevoked(list, testSigner(t, 1).PublicKey()); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("revoked: %v", err)
	}
	krl := binary.BigEndian.AppendUint32([]byte(krlMagic), 2)
	if _, err := isRevoked(append(krl, make([]byte, 32)...), testSigner(t, 1).PublicKey()); !errors.Is(err, errRevoked) {
		t.Errorf("a list of format 2: %v", err)
	}
}

// The store adds a key once, keeps the lines that are there, and adds nothing to a list
// that it cannot read.
func TestStoreAddsOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := NewStore(dir)
	one, two, three := testSigner(t, 1).PublicKey(), testSigner(t, 2).PublicKey(), testSigner(t, 3).PublicKey()
	write := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(allowedFile, bytes.TrimSuffix(allowedLine(t, 1, ""), []byte("\n")))
	for _, err := range []error{
		s.Allow("desk@shop", one, testTime), s.Allow("desk2@shop", two, testTime), s.Allow("desk2@shop", two, testTime),
		s.Know(one, testTime), s.Know(one, testTime), s.Know(three, testTime),
		s.Revoke(two, "lost", time.Time{}, testTime), s.Revoke(two, "lost", time.Time{}, testTime),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]int{allowedFile: 2, knownFile: 2, revokedFile: 1} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if n := bytes.Count(b, []byte("ssh-ed25519 ")); err != nil || n != want {
			t.Errorf("%s has %d keys, want %d: %v\n%s", name, n, want, err, b)
		}
	}
	keys, err := s.List()
	if err != nil || len(keys) != 3 || keys[0].Trust != Allowed || keys[1].Trust != None || !keys[1].Revoked || keys[2].Trust != Known {
		t.Errorf("%+v, %v", keys, err)
	}
	for _, name := range []string{allowedFile, revokedFile} {
		write(name, []byte("what\n"))
		if err := errors.Join(s.Allow("desk4@shop", testSigner(t, 4).PublicKey(), testTime), s.Revoke(testSigner(t, 4).PublicKey(), "", time.Time{}, testTime)); err == nil {
			t.Errorf("%s cannot be read, and both were added", name)
		}
		if b, _ := os.ReadFile(filepath.Join(dir, name)); string(b) != "what\n" {
			t.Errorf("%s is now %q", name, b)
		}
	}
}

// wireKey is a key as an agent lists it: its bytes, and no type that Go knows.
type wireKey struct{ ssh.PublicKey }

func TestCheckKeyOfAnAgent(t *testing.T) {
	t.Parallel()
	if err := CheckKey(wireKey{testSigner(t, 1).PublicKey()}); err != nil {
		t.Error(err)
	}
}
