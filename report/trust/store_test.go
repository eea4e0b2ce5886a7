package trust

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"preship/testdata/program"
)

func TestTrustStore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "store")
	s := NewStore(dir)
	if keys, err := s.List(); err != nil || len(keys) != 0 {
		t.Fatalf("an empty store: %v, %v", keys, err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("looking made the folder")
	}
	one, two, three := testSigner(t, 1).PublicKey(), testSigner(t, 2).PublicKey(), testSigner(t, 3).PublicKey()
	for _, err := range []error{
		s.Allow("desk1@shop", one, testTime), s.Allow("desk1@shop", one, testTime), s.Know(two, testTime), s.Know(one, testTime),
		s.Revoke(three, "lost\nssh-ed25519 AAAA", time.Time{}, testTime), s.Revoke(three, "again", time.Time{}, testTime),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	keys, err := s.List()
	if err != nil || len(keys) != 2 || keys[0].Trust != Allowed || keys[0].Name != "desk1@shop" || keys[1].Trust != Known {
		t.Errorf("%v; keys = %+v", err, keys)
	}
	lists, err := s.Lists()
	if err != nil {
		t.Fatal(err)
	}
	if got := lists.Judge(one, time.Time{}); !reflect.DeepEqual(got, Judgement{Level: Allowed, Standing: KeyTrusted, Principal: "desk1@shop"}) {
		t.Errorf("judgement = %+v", got)
	}
	if err := s.Allow("desk1@shop", testSigner(t, 9).PublicKey(), testTime); err != nil {
		t.Fatal(err)
	}
	second, err := s.Named("desk1@shop", one, testTime)
	if err != nil || len(second) != 1 || second[0] != testSigner(t, 9).Fingerprint() {
		t.Errorf("other keys of desk1@shop: %v, %v", second, err)
	}
	if lists, err = s.Lists(); err != nil {
		t.Fatal(err)
	}
	if got := lists.Judge(one, time.Time{}); !reflect.DeepEqual(got.Others, second) {
		t.Errorf("judgement = %+v", got)
	}
	if err := s.Revoke(testSigner(t, 9).PublicKey(), "replaced", time.Time{}, testTime); err != nil {
		t.Fatal(err)
	}
	if second, err := s.Named("desk1@shop", one, testTime); err != nil || len(second) > 0 {
		t.Errorf("other keys of desk1@shop, after one was revoked: %v, %v", second, err)
	}
	if err := s.Allow("desk3@shop", three, testTime); !errors.Is(err, ErrRevokedKey) {
		t.Errorf("a revoked key: error %v", err)
	}
	if err := s.Revoke(one, "stolen", time.Time{}, testTime); err != nil {
		t.Fatal(err)
	}
	if lists, err = s.Lists(); err != nil {
		t.Fatal(err)
	}
	if got := lists.Judge(one, time.Time{}); got.Problem.Empty() || got.Level != Integrity {
		t.Errorf("a revoked key: %+v", got)
	}
}

func TestTrustStoreNames(t *testing.T) {
	t.Parallel()
	s := NewStore(t.TempDir())
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
	keygen := program.Path(t, "ssh-keygen")
	dir := t.TempDir()
	s := NewStore(dir)
	if err := s.Allow("desk1@shop", testSigner(t, 1).PublicKey(), testTime); err != nil {
		t.Fatal(err)
	}
	const text = "a signed text\n"
	sig, err := testSigner(t, 1).SignFile([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	sigFile := filepath.Join(t.TempDir(), "text.sig")
	if err := os.WriteFile(sigFile, sig, 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), keygen, append([]string{
			"-Y", "verify", "-f", filepath.Join(dir, allowedFile), "-I", "desk1@shop", "-n", Namespace, "-s", sigFile,
		}, args...)...)
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := verify(); err != nil || !strings.Contains(out, "Good") {
		t.Errorf("%v: %s", err, out)
	}
	revoked := filepath.Join(dir, revokedFile)
	if err := s.Revoke(testSigner(t, 2).PublicKey(), "somebody else", time.Time{}, testTime); err != nil {
		t.Fatal(err)
	}
	if out, err := verify("-r", revoked); err != nil {
		t.Errorf("another key is revoked: %v: %s", err, out)
	}
	if err := s.Revoke(testSigner(t, 1).PublicKey(), "lost", time.Time{}, testTime); err != nil {
		t.Fatal(err)
	}
	if out, err := verify("-r", revoked); err == nil {
		t.Errorf("revoked, and ssh-keygen accepts it: %s", out)
	}
}
