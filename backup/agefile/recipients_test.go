package agefile_test

import (
	"strings"
	"testing"

	"filippo.io/age"

	"preship/backup/agefile"
)

// publicKey makes a key of age and returns its public half.
func publicKey(t testing.TB) string {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.Recipient().String()
}

func TestReadRecipients(t *testing.T) {
	t.Parallel()
	to := publicKey(t)
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	got, err := agefile.ReadRecipients(strings.NewReader("# mine\n\n " + to + " \n" + to + "\n"))
	if err != nil || len(got) != 1 || got[0] != to {
		t.Errorf("got %v, error %v", got, err)
	}
	for _, text := range []string{"", "# nothing\n", "age1", "age1yubikey1xxx", "ssh-ed25519", "ssh-dss AAAA", id.String(), "-----BEGIN OPENSSH PRIVATE KEY-----", strings.Repeat("x", 1<<20)} {
		_, err := agefile.ReadRecipients(strings.NewReader(text))
		if err == nil || strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
}

func TestParseKeyRefuses(t *testing.T) {
	t.Parallel()
	to := publicKey(t)
	for _, text := range []string{"", to, "-----BEGIN OPENSSH PRIVATE KEY-----\nxx", "age-encryption.org/v1\n", "-----BEGIN AGE ENCRYPTED FILE-----", strings.Repeat("#", 2<<20)} {
		if _, err := agefile.ParseKey(strings.NewReader(text), nil); err == nil {
			t.Errorf("%.20q is taken for a key", text)
		}
	}
}

func FuzzReadRecipients(f *testing.F) {
	to := publicKey(f)
	f.Add(to + "\n# x\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN a comment\n")
	f.Add("AGE-SECRET-KEY-1XXX")
	f.Fuzz(func(t *testing.T, text string) {
		names, err := agefile.ReadRecipients(strings.NewReader(text))
		if (err == nil) != (len(names) > 0) {
			t.Fatalf("%v, error %v", names, err)
		}
		again, err := agefile.ReadRecipients(strings.NewReader(strings.Join(names, "\n")))
		if len(names) > 0 && (err != nil || strings.Join(again, "\n") != strings.Join(names, "\n")) {
			t.Fatalf("%q comes back as %q, error %v", names, again, err)
		}
	})
}
