package trust

import (
	"testing"

	"preship/report/casetest"
)

// testSigner returns a signer with a fixed key, one for each seed.
func testSigner(t testing.TB, seed byte) Signer {
	t.Helper()
	s, err := NewSigner(casetest.Key(seed))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
