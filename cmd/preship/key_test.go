package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"preship/report/seal"
)

// keyEnv is an env with a home of its own and these variables.
func keyEnv(t *testing.T, vars map[string]string) (*env, *globals) {
	t.Helper()
	e, _, _ := testEnv()
	home := t.TempDir()
	e.ConfigDir = func() (string, error) { return home, nil }
	e.Getenv = func(name string) string { return vars[name] }
	return e, &globals{keyFile: filepath.Join(home, "k")}
}

// Not in parallel: the keyring of the tests is one for the whole program.
func TestKeyringOpensTheKey(t *testing.T) {
	keyring.MockInit()
	e, g := keyEnv(t, nil)
	if err := runKeyNew(t.Context(), e, g, defaultIdentity, keyNewOptions{keyring: true}); err != nil {
		t.Fatal(err)
	}
	locked := (*ssh.PassphraseMissingError)(nil)
	if _, err := seal.LoadKey(g.keyFile); !errors.As(err, &locked) {
		t.Fatalf("the file opens without a passphrase: %v", err)
	}
	s, _, created, err := signerOf(t.Context(), e, g)
	if err != nil || created || s.Fingerprint() != ssh.FingerprintSHA256(locked.PublicKey) {
		t.Errorf("%v, created %t", err, created)
	}
	own, err := ownKey(t.Context(), e, g)
	if err != nil || ssh.FingerprintSHA256(own) != s.Fingerprint() {
		t.Errorf("own key %v", err)
	}
	keyring.MockInitWithError(errors.New("no keyring on this computer"))
	var usage *usageError
	if _, _, _, err := signerOf(t.Context(), e, g); !errors.As(err, &usage) || !strings.Contains(err.Error(), passphraseVar) {
		t.Errorf("without a keyring: error %v", err)
	}
}

// serveAgent is an ssh-agent with these keys.
func serveAgent(t *testing.T, keys ...any) (socket string) {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	socket = filepath.Join(t.TempDir(), "s")
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "unix", socket)
	if err != nil {
		t.Skipf("no unix sockets here: %v", err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, conn) }() // ends with its connection
		}
	}()
	return socket
}

func TestAgentHoldsTheKey(t *testing.T) {
	t.Parallel()
	_, one, err1 := ed25519.GenerateKey(rand.Reader)
	_, two, err2 := ed25519.GenerateKey(rand.Reader)
	other, err3 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(one.Public())
	if err != nil {
		t.Fatal(err)
	}
	fingerprint := ssh.FingerprintSHA256(public)
	for _, tt := range []struct {
		name string
		keys []any
		key  string
		want string // part of the error; "" when the first key signs
	}{
		{"the only one that fits", []any{&one, other}, "agent", ""},
		{"several", []any{&one, &two}, "agent", "choose one"},
		{"one of several", []any{&two, &one}, "agent:" + fingerprint, ""},
		{"not there", []any{&two}, "agent:" + fingerprint, "does not hold"},
		{"another kind", []any{other}, "agent", "no Ed25519 key"},
		{"none", nil, "agent", "no Ed25519 key"},
	} {
		e, g := keyEnv(t, map[string]string{"SSH_AUTH_SOCK": serveAgent(t, tt.keys...)})
		g.keyFile = tt.key
		s, _, _, err := signerOf(t.Context(), e, g)
		switch {
		case tt.want == "" && (err != nil || s.Fingerprint() != fingerprint):
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

// A key with a passphrase that the agent has open is not asked about.
func TestAgentOpensAProtectedKey(t *testing.T) {
	t.Parallel()
	e, g := keyEnv(t, map[string]string{passphraseVar: "correct horse"})
	if err := runKeyNew(t.Context(), e, g, defaultIdentity, keyNewOptions{passphrase: true}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(g.keyFile)
	if err != nil {
		t.Fatal(err)
	}
	private, err := ssh.ParseRawPrivateKeyWithPassphrase(b, []byte("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	socket := serveAgent(t, private)
	e.Getenv = func(name string) string { return map[string]string{"SSH_AUTH_SOCK": socket}[name] }
	if _, _, _, err := signerOf(t.Context(), e, g); err != nil {
		t.Error(err)
	}
}
