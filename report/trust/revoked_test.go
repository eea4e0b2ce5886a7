package trust

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh"

	"preship/testdata/program"
)

// The lists are made by ssh-keygen, in both formats it reads.
func TestRevoked(t *testing.T) {
	t.Parallel()
	keygen := program.Path(t, "ssh-keygen")
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one, two, three := testSigner(t, 1).PublicKey(), testSigner(t, 2).PublicKey(), testSigner(t, 3).PublicKey()
	plain := append([]byte("# gone\n\n"), ssh.MarshalAuthorizedKey(one)...)
	lists := map[string][]byte{"plain list": append(plain, ssh.MarshalAuthorizedKey(three)...)}
	for name, spec := range map[string]string{
		"keys":   string(ssh.MarshalAuthorizedKey(one)) + string(ssh.MarshalAuthorizedKey(three)),
		"sha1":   "sha1: " + string(ssh.MarshalAuthorizedKey(one)) + "sha1: " + string(ssh.MarshalAuthorizedKey(three)),
		"sha256": "hash: " + ssh.FingerprintSHA256(one) + "\nhash: " + ssh.FingerprintSHA256(three) + "\n",
	} {
		krl := filepath.Join(dir, name+".krl")
		if out, err := exec.CommandContext(t.Context(), keygen, "-k", "-f", krl, write(name, []byte(spec))).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		b, err := os.ReadFile(krl)
		if err != nil {
			t.Fatal(err)
		}
		lists[name] = b
	}
	for name, list := range lists {
		for _, tt := range []struct {
			key  ssh.PublicKey
			want bool
		}{{one, true}, {two, false}, {three, true}} {
			got, err := isRevoked(list, tt.key)
			if err != nil || got != tt.want {
				t.Errorf("%s, %s: revoked %t, %v; want %t", name, ssh.FingerprintSHA256(tt.key), got, err, tt.want)
			}
		}
		if name == "plain list" {
			continue
		}
		for n := len(krlMagic); n < len(list); n++ {
			if got, err := isRevoked(list[:n], three); got && err != nil || !got && err == nil && n > 44 {
				t.Fatalf("%s cut to %d of %d bytes: revoked %t, %v", name, n, len(list), got, err)
			}
		}
	}
	if _, err := isRevoked([]byte("what is this\n"), one); err == nil {
		t.Error("a list that cannot be read counts as empty")
	}
	if got, err := isRevoked(nil, one); got || err != nil {
		t.Errorf("no list: %t, %v", got, err)
	}
}

func FuzzRevoked(f *testing.F) {
	key := testSigner(f, 1).PublicKey()
	f.Add(ssh.MarshalAuthorizedKey(key))
	f.Add([]byte(krlMagic + "\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, list []byte) {
		if got, err := isRevoked(list, key); got && err != nil {
			t.Errorf("both an answer and an error: %v", err)
		}
	})
}
