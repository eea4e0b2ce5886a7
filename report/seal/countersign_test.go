package seal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/schema/schematest"
	"preship/report/trust"
)

func receivedPackage(t *testing.T) string {
	t.Helper()
	dir := smallPackage(t)
	if _, err := Countersign(dir, testSigner(t, 2), allow(1), testTime.Add(48*time.Hour), nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCountersign(t *testing.T) {
	t.Parallel()
	dir := receivedPackage(t)
	revoked := allow(1, 2)
	revoked.Revoked = ssh.MarshalAuthorizedKey(testSigner(t, 2).PublicKey())
	for _, tt := range []struct {
		name    string
		options VerifyOptions
		ok      bool
		want    trust.Level
		desk    trust.Level
	}{
		{"both known", allow(1, 2), true, trust.Received, trust.Allowed},
		{"nobody known", VerifyOptions{}, true, trust.Integrity, trust.Integrity},
		{"owner known only", VerifyOptions{Lists: trust.Lists{Trusted: allow(1).AllowedSigners}}, true, trust.Allowed, trust.Integrity},
		{"desk known only", VerifyOptions{Lists: trust.Lists{Trusted: allow(2).AllowedSigners}}, true, trust.Integrity, trust.Allowed},
		{"desk not allowed", allow(1), false, trust.Allowed, trust.Integrity},
		{"desk revoked", revoked, false, trust.Allowed, trust.Integrity},
	} {
		got := mustVerify(t, dir, tt.options)
		if got.OK != tt.ok || got.Trust != tt.want || got.Countersigned == nil || got.Countersigned.Trust != tt.desk {
			t.Errorf("%s: %+v, countersigned %+v", tt.name, got, got.Countersigned)
		}
	}
	if err := schematest.Conforms(t, "verified", mustMarshal(t, mustVerify(t, dir, allow(1, 2)))); err != nil {
		t.Error(err)
	}
}

func TestCountersignRefuses(t *testing.T) {
	t.Parallel()
	changed, received := smallPackage(t), receivedPackage(t)
	flip(t, filepath.Join(changed, htmlName), 30)
	for _, tt := range []struct {
		name, dir string
		seed      byte
		want      error
	}{
		{"changed", changed, 2, ErrUnverified},
		{"own report", smallPackage(t), 1, ErrOwnReport},
		{"countersigned already", received, 2, fs.ErrExist},
	} {
		if _, err := Countersign(tt.dir, testSigner(t, tt.seed), VerifyOptions{}, testTime, nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestVerifyFindsEveryFlippedByteOfACountersignature(t *testing.T) {
	t.Parallel()
	dir := receivedPackage(t)
	path := filepath.Join(dir, countersignName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 3 {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got := mustVerify(t, dir, VerifyOptions{})
		if got.OK || !got.names(countersignName) || len(got.Problems) != 1 {
			t.Fatalf("byte %d (%q): %+v", at, whole[at], got.Problems)
		}
	}
}

func TestCountersignatureOfAnotherReport(t *testing.T) {
	t.Parallel()
	other := sealed(t, variants["failed"])
	if _, err := Countersign(other.Dir(), testSigner(t, 2), VerifyOptions{}, testTime, nil); err != nil {
		t.Fatal(err)
	}
	dir := smallPackage(t)
	if err := os.WriteFile(filepath.Join(dir, countersignName), []byte(readFile(t, other, countersignName)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, dir, allow(1, 2)); got.OK || !got.names(countersignName) || got.Trust == trust.Received {
		t.Errorf("result = %+v", got)
	}
	seal(t, other)
	if _, err := os.Stat(filepath.Join(other.Dir(), countersignName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("sealed again, and the countersignature is still there (%v)", err)
	}
}
