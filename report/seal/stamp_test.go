package seal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/timestamp/authority"
	"preship/report/timestamp/timestamptest"
	"preship/report/trust"
)

func startAuthority(t *testing.T, at time.Time) *timestamptest.Authority {
	t.Helper()
	a, err := timestamptest.New("TSA of a test", func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

// stampedCase is a sealed case with a time stamp of that time.
func stampedCase(t *testing.T, at time.Time) (c *casedir.Case, roots []byte) {
	t.Helper()
	a := startAuthority(t, at)
	c = sealed(t, nil)
	sealStamped(t, c, func(sig []byte) ([]byte, error) { return authority.Get(t.Context(), a.URL, sig) })
	return c, a.Roots
}

func sealStamped(t *testing.T, c *casedir.Case, stamp Stamper) {
	t.Helper()
	p := testPages
	p.Stamp = stamp
	sealWith(t, c, p)
}

func TestStamp(t *testing.T) {
	t.Parallel()
	finished := mustVerify(t, smallPackage(t), VerifyOptions{}).Finished
	c, roots := stampedCase(t, finished.Add(time.Hour))
	with := VerifyOptions{Lists: trust.Lists{TimeRoots: roots}}
	got := mustVerify(t, c.Dir(), with)
	if !got.OK || got.Time == nil || !got.Time.Trusted || got.DatedBy != ByStamp || !got.Time.At.Equal(finished.Add(time.Hour)) {
		t.Errorf("%+v, %+v", got, got.Time)
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK || got.Time.Trusted || got.DatedBy != OwnClock {
		t.Errorf("without roots: %+v, %+v", got, got.Time)
	}
	before, err := os.ReadFile(filepath.Join(c.Dir(), attestationName))
	if err != nil {
		t.Fatal(err)
	}
	sealStamped(t, c, func([]byte) ([]byte, error) { return nil, errors.New("asked again") })
	if after := readFile(t, c, attestationName); after != string(before) {
		t.Error("sealed again, and the attestation is another")
	}
	for _, late := range []time.Duration{-time.Hour, 48 * time.Hour} {
		c, roots := stampedCase(t, finished.Add(late))
		if got := mustVerify(t, c.Dir(), VerifyOptions{Lists: trust.Lists{TimeRoots: roots}}); !got.OK || got.DatedBy != OwnClock || !got.Time.Trusted {
			t.Errorf("%v later: %+v", late, got)
		}
	}
}

// A stamp of another signature is a defect, and not a date.
func TestStampOfAnother(t *testing.T) {
	t.Parallel()
	a := startAuthority(t, casetest.Time)
	c := sealed(t, nil)
	sealStamped(t, c, func([]byte) ([]byte, error) { return authority.Get(t.Context(), a.URL, []byte("another")) })
	got := mustVerify(t, c.Dir(), VerifyOptions{Lists: trust.Lists{TimeRoots: a.Roots}})
	if got.OK || !got.names(attestationName) || got.DatedBy == ByStamp {
		t.Errorf("%+v", got)
	}
}

// A time stamp settles what a key could do when it signed.
func TestStandingWithStamp(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c, roots := stampedCase(t, at)
	key := testSigner(t, 1).PublicKey()
	name, pub := "desk@shop", trust.AuthorizedKey(key)
	trusted := fmt.Sprintf("%s %s\n", name, pub)
	lapsed := fmt.Sprintf("%s valid-before=\"20261123Z\" %s\n", name, pub)
	revoked := func(said string) []byte { return fmt.Appendf(nil, "# revoked %s: lost\n%s\n", said, pub) }
	late := at.AddDate(0, 1, 0)
	for _, tt := range []struct {
		name    string
		trusted string
		revoked []byte
		roots   []byte
		want    trust.Standing
		ok      bool
	}{
		{"valid", trusted, nil, roots, trust.KeyTrusted, true},
		{"expired since", lapsed, nil, roots, trust.KeyExpiredLater, true},
		{"expired, authority unknown", lapsed, nil, nil, trust.KeyExpired, false},
		{"revoked since", trusted, revoked("2026-11-25"), roots, trust.KeyRevokedLater, false},
		{"revoked since, day of the loss known", trusted, revoked("2026-11-25, not trusted since 2026-11-23"), roots, trust.KeyRevokedLater, true},
		{"lost before", trusted, revoked("2026-11-25, not trusted since 2026-11-22"), roots, trust.KeyRevokedLater, false},
		{"revoked before", trusted, revoked("2026-11-20"), roots, trust.KeyRevoked, false},
		{"revoked, day not known", trusted, []byte(pub + "\n"), roots, trust.KeyRevoked, false},
		{"revoked since, authority unknown", trusted, revoked("2026-11-25, not trusted since 2026-11-23"), nil, trust.KeyRevoked, false},
		{"also on another list", trusted, revoked("2026-11-25, not trusted since 2026-11-23"), roots, trust.KeyRevoked, false},
		{"two lines", trusted, append(revoked("2026-11-25, not trusted since 2026-11-23"), pub...), roots, trust.KeyRevoked, false},
	} {
		var also []byte
		if tt.name == "also on another list" {
			also = []byte(pub + "\n")
		}
		o := VerifyOptions{Lists: trust.Lists{Trusted: []byte(tt.trusted), Revoked: tt.revoked, AlsoRevoked: also, TimeRoots: tt.roots, At: late}, RequireTrust: tt.want != trust.KeyRevokedLater}
		if got := mustVerify(t, c.Dir(), o); got.Key != tt.want || got.OK != tt.ok {
			t.Errorf("%s: %s, ok %t, %+v; want %s, %t", tt.name, got.Key, got.OK, got.Problems, tt.want, tt.ok)
		}
	}
}

// Receipts form a chain: a receipt in it cannot be taken away, moved or replaced.
func TestReceiptChain(t *testing.T) {
	t.Parallel()
	chain := func() string {
		dir := smallPackage(t)
		for i, seed := range []byte{2, 3, 2, 1} { // desk, lab, desk, and the owner again
			if _, err := Countersign(dir, testSigner(t, seed), VerifyOptions{}, testTime.Add(time.Duration(i)*time.Hour), nil); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	dir := chain()
	got := mustVerify(t, dir, allow(1, 2, 3))
	if !got.OK || len(got.Receipts) != 4 || got.Trust != trust.Received || got.Countersigned.Signer != ssh.FingerprintSHA256(testSigner(t, 1).PublicKey()) {
		t.Fatalf("%+v", got)
	}
	read := func(n int) []byte {
		b, err := os.ReadFile(filepath.Join(dir, receiptName(n)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	single := smallPackage(t)
	if _, err := Countersign(single, testSigner(t, 3), VerifyOptions{}, testTime, nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		put  map[int][]byte // nil removes
		want int            // the receipt with the problem; -1 is none
	}{
		{"the middle one taken away", map[int][]byte{1: nil}, 1},
		{"the first taken away", map[int][]byte{0: nil}, 0},
		{"moved up over a gap", map[int][]byte{1: read(2), 2: read(3), 3: nil}, 1},
		{"two exchanged", map[int][]byte{1: read(2), 2: read(1)}, 1},
		{"a later one put first", map[int][]byte{0: read(3), 1: nil, 2: nil, 3: nil}, 0},
		{"the first replaced by another of its own", map[int][]byte{0: mustRead(t, filepath.Join(single, receiptName(0)))}, 1},
		{"the last taken away", map[int][]byte{3: nil}, -1}, // as if it was not given yet
	} {
		dir := chain()
		for n, b := range tt.put {
			path := filepath.Join(dir, receiptName(n))
			var err error
			if b == nil {
				err = os.Remove(path)
			} else {
				err = os.WriteFile(path, b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		got := mustVerify(t, dir, VerifyOptions{})
		if got.OK != (tt.want < 0) || tt.want >= 0 && !got.names(receiptName(tt.want)) {
			t.Errorf("%s: ok %t, %+v", tt.name, got.OK, got.Problems)
		}
	}
}

func TestStampedReceipt(t *testing.T) {
	t.Parallel()
	a := startAuthority(t, testTime)
	dir := smallPackage(t)
	stamp := func(sig []byte) ([]byte, error) { return authority.Get(t.Context(), a.URL, sig) }
	if _, err := Countersign(dir, testSigner(t, 2), VerifyOptions{}, testTime, stamp); err != nil {
		t.Fatal(err)
	}
	got := mustVerify(t, dir, VerifyOptions{Lists: trust.Lists{TimeRoots: a.Roots}})
	if !got.OK || got.Countersigned.Time == nil || !got.Countersigned.Time.Trusted || got.Time != nil {
		t.Errorf("%+v", got.Countersigned)
	}
	path := filepath.Join(dir, countersignName)
	b := mustRead(t, path)
	b = bytes.Replace(b, []byte(`"signedTimestamp": "MII`), []byte(`"signedTimestamp": "MIJ`), 1)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, dir, VerifyOptions{}); got.OK || !got.names(countersignName) {
		t.Errorf("a changed stamp: %+v", got)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
