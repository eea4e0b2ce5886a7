package seal

import (
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"preship/report/casedir"
)

func TestTrustStore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "store")
	s := NewTrustStore(dir)
	if keys, err := s.List(); err != nil || len(keys) != 0 {
		t.Fatalf("an empty store: %v, %v", keys, err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("looking made the folder")
	}
	one, two, three := testSigner(t, 1).PublicKey(), testSigner(t, 2).PublicKey(), testSigner(t, 3).PublicKey()
	for _, err := range []error{
		s.Allow("desk1@shop", one, testTime), s.Allow("desk1@shop", one, testTime), s.Know(two, testTime), s.Know(one, testTime),
		s.Revoke(three, "lost\nssh-ed25519 AAAA", testTime), s.Revoke(three, "again", testTime),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	keys, err := s.List()
	if err != nil || len(keys) != 2 || keys[0].Trust != TrustAllowed || keys[0].Name != "desk1@shop" || keys[1].Trust != TrustKnown {
		t.Errorf("%v; keys = %+v", err, keys)
	}
	o, err := s.Options()
	if err != nil {
		t.Fatal(err)
	}
	pkg := smallPackage(t)
	if got := mustVerify(t, pkg, o); !got.OK || got.Trust != TrustAllowed || got.Principal != "desk1@shop" {
		t.Errorf("result = %+v", got)
	}
	if err := s.Allow("desk3@shop", three, testTime); !errors.Is(err, ErrRevokedKey) {
		t.Errorf("a revoked key: error %v", err)
	}
	if err := s.Revoke(one, "stolen", testTime); err != nil {
		t.Fatal(err)
	}
	if o, err = s.Options(); err != nil {
		t.Fatal(err)
	}
	if got := mustVerify(t, pkg, o); got.OK || !got.names(casedir.SigName) {
		t.Errorf("signed by a revoked key: %+v", got)
	}
}

func TestTrustStoreNames(t *testing.T) {
	t.Parallel()
	s := NewTrustStore(t.TempDir())
	for _, name := range []string{"", "a b", "*", "a,b", "!x", "x\ny", "#x", "a\"b", strings.Repeat("a", 200)} {
		if err := s.Allow(name, testSigner(t, 1).PublicKey(), testTime); !errors.Is(err, ErrKeyName) {
			t.Errorf("name %q: error %v", name, err)
		}
	}
}

// What the store writes, ssh-keygen reads: it accepts the allowed signer and
// refuses the revoked one.
func TestTrustStoreBySSHKeygen(t *testing.T) {
	t.Parallel()
	keygen := needTool(t, "ssh-keygen")
	dir := t.TempDir()
	s := NewTrustStore(dir)
	if err := s.Allow("desk1@shop", testSigner(t, 1).PublicKey(), testTime); err != nil {
		t.Fatal(err)
	}
	pkg := smallPackage(t)
	verify := func(args ...string) (string, error) {
		in, err := os.Open(filepath.Join(pkg, sumsName))
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		cmd := exec.CommandContext(t.Context(), keygen, append([]string{
			"-Y", "verify", "-f", filepath.Join(dir, allowedFile), "-I", "desk1@shop", "-n", Namespace, "-s", filepath.Join(pkg, casedir.SigName),
		}, args...)...)
		cmd.Stdin = in
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := verify(); err != nil || !strings.Contains(out, "Good") {
		t.Errorf("%v: %s", err, out)
	}
	revoked := filepath.Join(dir, revokedFile)
	if err := s.Revoke(testSigner(t, 2).PublicKey(), "somebody else", testTime); err != nil {
		t.Fatal(err)
	}
	if out, err := verify("-r", revoked); err != nil {
		t.Errorf("another key is revoked: %v: %s", err, out)
	}
	if err := s.Revoke(testSigner(t, 1).PublicKey(), "lost", testTime); err != nil {
		t.Fatal(err)
	}
	if out, err := verify("-r", revoked); err == nil {
		t.Errorf("revoked, and ssh-keygen accepts it: %s", out)
	}
}

func TestProtectedKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "signing.key")
	if err := CreateKey(path, []byte("correct horse")); err != nil {
		t.Fatal(err)
	}
	if err := CreateKey(path, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made over another key: error %v", err)
	}
	missing := (*ssh.PassphraseMissingError)(nil)
	if _, err := LoadKey(path); !errors.As(err, &missing) || missing.PublicKey == nil {
		t.Fatalf("without its passphrase: error %v", err)
	}
	if _, err := LoadProtectedKey(path, []byte("battery staple")); !errors.Is(err, x509.IncorrectPasswordError) {
		t.Errorf("with a wrong one: error %v", err)
	}
	s, err := LoadProtectedKey(path, []byte("correct horse"))
	if err != nil || s.Fingerprint() != ssh.FingerprintSHA256(missing.PublicKey) {
		t.Errorf("%v; key %v", err, s)
	}
	keygen := needTool(t, "ssh-keygen")
	if out, err := exec.CommandContext(t.Context(), keygen, "-y", "-P", "correct horse", "-f", path).CombinedOutput(); err != nil {
		t.Errorf("ssh-keygen does not open it: %v: %s", err, out)
	}
}
