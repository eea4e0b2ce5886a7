package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/signing"
	"preship/cmd/preship/internal/signing/agenttest"
	"preship/report/trust"
)

// badKey is a signing key that cannot seal a report. make puts it at path, and
// returns what --key takes and what the environment has besides.
type badKey struct {
	name string
	make func(t *testing.T, path string) (key string, env []string)
	want string // part of the output
}

var badKeys = []badKey{
	{"no such file", func(_ *testing.T, path string) (string, []string) { return path, nil }, "preship key new --key"},
	{"empty", keyOf(nil, 0o600), "no private key"},
	{"corrupt", func(t *testing.T, path string) (string, []string) {
		b := goodKey(t, nil)
		b[len(b)/2] ^= 1
		return keyOf(b, 0o600)(t, path)
	}, "no private key"},
	{"truncated", func(t *testing.T, path string) (string, []string) {
		b := goodKey(t, nil)
		return keyOf(b[:len(b)/2], 0o600)(t, path)
	}, "no private key"},
	{"others may read it", func(t *testing.T, path string) (string, []string) {
		if runtime.GOOS == "windows" {
			t.Skip("modes are not judged here")
		}
		return keyOf(goodKey(t, nil), 0o644)(t, path)
	}, "chmod 600"},
	{"nobody may read it", func(t *testing.T, path string) (string, []string) {
		if os.Geteuid() <= 0 {
			t.Skip("this user may read everything")
		}
		return keyOf(goodKey(t, nil), 0o000)(t, path)
	}, "does not let you read"},
	{"a folder", func(t *testing.T, path string) (string, []string) {
		mustDo(t, os.Mkdir(path, 0o700))
		return path, nil
	}, "is a folder"},
	{"a link to nothing", func(t *testing.T, path string) (string, []string) {
		if err := os.Symlink(path+"-gone", path); err != nil {
			t.Skip("no links here")
		}
		return path, nil
	}, "no such file"},
	{"RSA", func(t *testing.T, path string) (string, []string) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		mustDo(t, err)
		block, err := ssh.MarshalPrivateKey(key, "")
		mustDo(t, err)
		return keyOf(pem.EncodeToMemory(block), 0o600)(t, path)
	}, "not an Ed25519 key"},
	{"the public key", func(t *testing.T, path string) (string, []string) {
		public, _, err := ed25519.GenerateKey(rand.Reader)
		mustDo(t, err)
		key, err := ssh.NewPublicKey(public)
		mustDo(t, err)
		return keyOf(ssh.MarshalAuthorizedKey(key), 0o644)(t, path) // the mode that ssh-keygen gives it
	}, "public key"},
	{"a passphrase and nobody to ask", func(t *testing.T, path string) (string, []string) {
		return keyOf(goodKey(t, []byte("correct horse")), 0o600)(t, path)
	}, signing.PassphraseVar},
	{"a wrong passphrase", func(t *testing.T, path string) (string, []string) {
		key, _ := keyOf(goodKey(t, []byte("correct horse")), 0o600)(t, path)
		return key, []string{signing.PassphraseVar + "=wrong"}
	}, "passphrase does not open it"},
	{"no agent", func(*testing.T, string) (string, []string) { return "agent", nil }, "SSH_AUTH_SOCK"},
	{"an agent that has ended", func(_ *testing.T, path string) (string, []string) {
		return "agent", []string{"SSH_AUTH_SOCK=" + path}
	}, "ssh-agent"},
	{"a key that the agent does not hold", func(t *testing.T, _ string) (string, []string) {
		_, other, err := ed25519.GenerateKey(rand.Reader)
		mustDo(t, err)
		return "agent:SHA256:AAAA", []string{"SSH_AUTH_SOCK=" + agenttest.Serve(t, &other)}
	}, "does not hold"},
}

func keyOf(b []byte, mode os.FileMode) func(*testing.T, string) (string, []string) {
	return func(t *testing.T, path string) (string, []string) {
		mustDo(t, os.WriteFile(path, b, 0o600))
		mustDo(t, os.Chmod(path, mode))
		return path, nil
	}
}

// goodKey is the file of a key that signs. Trying its passphrase takes one round if
// ssh-keygen is installed, and else as long as of our own key.
func goodKey(t *testing.T, passphrase []byte) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "good")
	if keygen, err := exec.LookPath("ssh-keygen"); err == nil && passphrase != nil {
		mustDo(t, exec.CommandContext(t.Context(), keygen, "-q", "-t", "ed25519", "-a", "1", "-N", string(passphrase), "-f", file).Run())
	} else {
		mustDo(t, trust.CreateKey(file, passphrase))
	}
	b, err := os.ReadFile(file)
	mustDo(t, err)
	return b
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// atOnce is far more than a command takes that asks the handset nothing, and far
// less than one that waits for somebody.
const atOnce = 30 * time.Second

// refuses runs preship and wants exit code 2, at once, with words, and that the
// handset was sent nothing.
func (s *story) refuses(t *testing.T, env []string, want string, args ...string) {
	t.Helper()
	before := len(s.handset.Sent())
	ctx, cancel := context.WithTimeout(t.Context(), atOnce)
	defer cancel()
	var stderr bytes.Buffer
	cmd := s.command(ctx, args...)
	cmd.Env = append(append(cmd.Env, "SSH_AUTH_SOCK=", signing.PassphraseVar+"="), env...)
	cmd.Stderr, cmd.WaitDelay = &stderr, time.Second
	_ = cmd.Run() // its code is what counts
	if ctx.Err() != nil {
		t.Fatalf("preship %q did not end\n%s", args, stderr.String())
	}
	if code := cmd.ProcessState.ExitCode(); code != int(exitUsage) {
		t.Errorf("preship %q: exit code %d, want %d\n%s", args, code, exitUsage, stderr.String())
	}
	if !strings.Contains(stderr.String(), want) {
		t.Errorf("preship %q says %q, want %q", args, stderr.String(), want)
	}
	if sent := s.handset.Sent()[before:]; len(sent) > 0 {
		t.Errorf("preship %q: the handset was sent %v", args, sent)
	}
}

// does runs preship and wants an exit code.
func (s *story) does(t *testing.T, code exitCode, args ...string) {
	t.Helper()
	var stderr bytes.Buffer
	cmd := s.command(t.Context(), args...)
	cmd.Stderr = &stderr
	_ = cmd.Run() // its code is what counts
	if got := cmd.ProcessState.ExitCode(); got != int(code) {
		t.Fatalf("preship %q: exit code %d, want %d\n%s", args, got, code, stderr.String())
	}
}

// readyToErase is a handset whose copy is proved and that no lock is left on.
func readyToErase(t *testing.T) (s *story, dir string) {
	t.Helper()
	a := notConfirmed.resumed(t)
	return &story{t: t, handset: a.handset, home: a.home, wire: a.wire, serial: a.handset.Serial()}, a.dir()
}

// erasing are the ways to ask for a reset.
func (s *story) erasing(dir string) [][]string {
	sure := []string{"--confirm=emulated", "--no-input"}
	return [][]string{
		append([]string{"prepare", "--out", filepath.Join(s.home, "new")}, sure...),
		append([]string{"prepare", "--all", "--out", filepath.Join(s.home, "new")}, sure...),
		append([]string{"prepare", "--case", dir}, sure...),
		append([]string{"reset", "--case", dir}, sure...),
	}
}

// A key that cannot seal the report is refused before the handset is asked anything,
// whichever way it was to be erased.
func TestUnusableKeyErasesNothing(t *testing.T) {
	t.Parallel()
	s, dir := readyToErase(t)
	for _, bad := range append(badKeys, specialKeys...) {
		t.Run(bad.name, func(t *testing.T) {
			key, env := bad.make(t, filepath.Join(t.TempDir(), "k"))
			for _, args := range s.erasing(dir) {
				s.refuses(t, env, bad.want, append(args, "--key", key)...)
			}
			for _, args := range [][]string{{"report", "--case", dir}, {"key", "export"}, {"report", "countersign", dir}, {"demo"}} {
				s.refuses(t, env, bad.want, append(args, "--no-input", "--key", key)...)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(s.home, "new")); err == nil {
		t.Error("a folder was made for a job that did not begin")
	}
	if n := s.wipes(); n != 0 {
		t.Fatalf("the wipe was sent %d times", n)
	}
	good := filepath.Join(s.home, "good")
	s.does(t, exitReady, "key", "new", "--key", good)
	s.does(t, exitReady, "reset", "--case", dir, "--confirm=emulated", "--no-input", "--key", good)
	if n := s.wipes(); n != 1 {
		t.Errorf("with a good key the wipe was sent %d times, want once", n)
	}
}
