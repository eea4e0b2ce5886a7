package trust

import (
	"testing"
	"time"
)

func FuzzFindSigner(f *testing.F) {
	s := testSigner(f, 1)
	f.Add([]byte(s.AllowedSigners("a@b") + "\n"))
	f.Add([]byte("# x\n\na valid-before=\"20261122Z\" ssh-ed25519 AAAA\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		principals, ok, err := findSigner(b, s.PublicKey(), time.Unix(0, 0))
		if !ok && principals != "" {
			t.Errorf("%q has a name and is not known (%v)", principals, err)
		}
	})
}
