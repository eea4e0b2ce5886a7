package report

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"
)

func TestOpenFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := OpenFile(dir); !errors.As(err, new(NotFileError)) || !errors.Is(err, errNotRegular) {
		t.Errorf("a folder: error %v", err)
	}
	if _, err := OpenFile(filepath.Join(dir, "gone")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing there: error %v", err)
	}
	file := filepath.Join(dir, "f")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(f); string(b) != "x" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
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

// Trying a case folder leaves its seal and its files as they are.
func TestTryWrite(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	before, err := os.ReadDir(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Dir(), trialName), []byte("of a run that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if res := mustVerify(t, c.Dir(), VerifyOptions{}); !res.OK {
		t.Errorf("a run that was killed as it tried the folder broke the seal: %v", res.Problems)
	}
	if err := c.TryWrite(4096); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadDir(c.Dir())
	if err != nil || len(after) != len(before) {
		t.Errorf("%d files before, %d after, %v", len(before), len(after), err)
	}
	if res := mustVerify(t, c.Dir(), VerifyOptions{}); !res.OK {
		t.Errorf("the seal is broken: %v", res.Problems)
	}
}
