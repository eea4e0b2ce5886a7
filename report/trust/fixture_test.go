package trust

import (
	"crypto/ed25519"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// testTime is a time at which the keys of tests are trusted.
var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

// testSigner returns a signer with a fixed key, one for each seed. Package casetest makes
// the same keys, and its cases depend on this package.
func testSigner(t testing.TB, seed byte) Signer {
	t.Helper()
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
