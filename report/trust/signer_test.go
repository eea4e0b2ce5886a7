package trust

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"

	"preship/testdata/program"
)

func TestLoadOrCreateKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "id")
	first, created, err := LoadOrCreateKey(path)
	if err != nil || !created {
		t.Fatalf("created %t, error %v", created, err)
	}
	again, created, err := LoadOrCreateKey(path)
	if err != nil || created || again.Fingerprint() != first.Fingerprint() {
		t.Errorf("the second time: created %t, error %v, %s instead of %s", created, err, again.Fingerprint(), first.Fingerprint())
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the key there is %v (%v)", entries, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, _, err := LoadOrCreateKey(path); !errors.Is(err, ErrKeyExposed) {
			t.Errorf("mode %o: error %v, want %v", mode, err, ErrKeyExposed)
		}
	}
}

func TestLoadOrCreateKeyRace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "id")
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		created int
		keys    = map[string]bool{}
	)
	for range 8 {
		wg.Go(func() {
			s, made, err := LoadOrCreateKey(path)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			keys[s.Fingerprint()] = true
			if made {
				created++
			}
		})
	}
	wg.Wait()
	if created != 1 || len(keys) != 1 {
		t.Errorf("%d made a key and %d keys are in use, want one", created, len(keys))
	}
}

// Whatever another person's key file holds, it is not changed.
func TestLoadOrCreateKeyKeepsOtherFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "id")
	for _, content := range []string{"", "not a key", strings.Repeat("x", maxKeyFile+1)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, created, err := LoadOrCreateKey(path); err == nil || created {
			t.Errorf("%.10q: created %t, error %v", content, created, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("%.10q became %.10q (%v)", content, got, err)
		}
	}
}

func TestKeysOfSSHKeygen(t *testing.T) {
	t.Parallel()
	keygen := program.Path(t, "ssh-keygen")
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.Command(keygen, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("ssh-keygen %q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	theirs, rsa := filepath.Join(dir, "theirs"), filepath.Join(dir, "rsa")
	run("-q", "-t", "ed25519", "-N", "", "-f", theirs)
	s, err := LoadKey(theirs)
	if err != nil {
		t.Fatal(err)
	}
	if out := run("-l", "-f", theirs); !strings.Contains(out, s.Fingerprint()) {
		t.Errorf("fingerprint %s, ssh-keygen says %s", s.Fingerprint(), out)
	}
	run("-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa)
	if _, err := LoadKey(rsa); !errors.Is(err, ErrKeyType) {
		t.Errorf("an RSA key: error %v, want %v", err, ErrKeyType)
	}
	ours := filepath.Join(dir, "ours")
	made, _, err := LoadOrCreateKey(ours)
	if err != nil {
		t.Fatal(err)
	}
	if out := run("-y", "-f", ours); !strings.HasPrefix(out, AuthorizedKey(made.PublicKey())) {
		t.Errorf("ssh-keygen reads our key as %s", out)
	}
}

// wrongSigner claims one key and signs with another, or not at all.
type wrongSigner struct {
	ssh.Signer
	claims ssh.PublicKey
	err    error
}

func (w wrongSigner) PublicKey() ssh.PublicKey { return w.claims }

func (w wrongSigner) Sign(r io.Reader, data []byte) (*ssh.Signature, error) {
	if w.err != nil {
		return nil, w.err
	}
	return w.Signer.Sign(r, data)
}

func TestSignerTry(t *testing.T) {
	t.Parallel()
	key := func() ssh.Signer {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ssh.NewSignerFromKey(private)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	one, two := key(), key()
	locked := errors.New("agent is locked")
	for _, tt := range []struct {
		name string
		key  ssh.Signer
		ok   bool
	}{
		{"signs", one, true},
		{"signs with another key", wrongSigner{one, two.PublicKey(), nil}, false},
		{"does not sign", wrongSigner{one, one.PublicKey(), locked}, false},
	} {
		s, err := NewSigner(tt.key)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Try(); (err == nil) != tt.ok {
			t.Errorf("%s: error %v", tt.name, err)
		}
	}
	if err := (Signer{}).Try(); !errors.Is(err, ErrNoSigner) {
		t.Errorf("no key: error %v", err)
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
	if _, err := LoadKey(path); !errors.As(err, &missing) || missing.PublicKey == nil || errors.Is(err, ErrNoKey) {
		t.Fatalf("without its passphrase: error %v", err)
	}
	if _, err := LoadProtectedKey(path, []byte("battery staple")); !errors.Is(err, x509.IncorrectPasswordError) || errors.Is(err, ErrNoKey) {
		t.Errorf("with a wrong one: error %v", err)
	}
	s, err := LoadProtectedKey(path, []byte("correct horse"))
	if err != nil || s.Fingerprint() != ssh.FingerprintSHA256(missing.PublicKey) {
		t.Errorf("%v; key %v", err, s)
	}
	keygen := program.Path(t, "ssh-keygen")
	if out, err := exec.CommandContext(t.Context(), keygen, "-y", "-P", "correct horse", "-f", path).CombinedOutput(); err != nil {
		t.Errorf("ssh-keygen does not open it: %v: %s", err, out)
	}
}
