package signing

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing/agenttest"
	"preship/report/message"
	"preship/report/trust"
)

// testKeys returns keys with their own folder and these variables. Nobody can be
// asked for a passphrase.
func testKeys(t *testing.T, vars map[string]string) *Keys {
	t.Helper()
	home := t.TempDir()
	return &Keys{
		Named:     filepath.Join(home, "k"),
		ConfigDir: func() (string, error) { return home, nil },
		Getenv:    func(name string) string { return vars[name] },
		AskSecret: func(_ context.Context, flag string, _ message.Sentence) (string, error) {
			return "", job.Usage(message.AsIs("give it with " + flag))
		},
	}
}

// Not in parallel: the keyring of the tests is one for the whole program.
func TestKeyringOpensTheKey(t *testing.T) {
	keyring.MockInit()
	k := testKeys(t, nil)
	if _, err := Create(k.Named, []byte("correct horse"), true); err != nil {
		t.Fatal(err)
	}
	locked := (*ssh.PassphraseMissingError)(nil)
	if _, err := trust.LoadKey(k.Named); !errors.As(err, &locked) {
		t.Fatalf("the file opens without a passphrase: %v", err)
	}
	key, err := k.Load(t.Context())
	if err != nil || key.Made || key.Fingerprint() != ssh.FingerprintSHA256(locked.PublicKey) {
		t.Errorf("%v, made %t", err, key.Made)
	}
	own, err := k.Own(t.Context())
	if err != nil || ssh.FingerprintSHA256(own) != key.Fingerprint() {
		t.Errorf("own key %v", err)
	}
	keyring.MockInitWithError(errors.New("no keyring on this computer"))
	var usage *job.UsageError
	if _, err := k.Load(t.Context()); !errors.As(err, &usage) || !strings.Contains(err.Error(), PassphraseVar) {
		t.Errorf("without a keyring: error %v", err)
	}
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
		k := testKeys(t, map[string]string{"SSH_AUTH_SOCK": agenttest.Serve(t, tt.keys...)})
		k.Named = tt.key
		key, err := k.Load(t.Context())
		switch {
		case tt.want == "" && (err != nil || key.Fingerprint() != fingerprint):
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

// A key with a passphrase that the agent has open is not asked about.
func TestAgentOpensAProtectedKey(t *testing.T) {
	t.Parallel()
	k := testKeys(t, map[string]string{PassphraseVar: "correct horse"})
	if _, err := Create(k.Named, []byte("correct horse"), false); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(k.Named)
	if err != nil {
		t.Fatal(err)
	}
	private, err := ssh.ParseRawPrivateKeyWithPassphrase(b, []byte("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	socket := agenttest.Serve(t, private)
	k.Getenv = func(name string) string { return map[string]string{"SSH_AUTH_SOCK": socket}[name] }
	if _, err := k.Load(t.Context()); err != nil {
		t.Error(err)
	}
}
