package agefile_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"preship/backup/agefile"
)

// protected encrypts an identity file with the passphrase "p", as `age -p` does.
// A passphrase costs as little to try as age allows.
func protected(t testing.TB, identity string) []byte {
	t.Helper()
	to, err := age.NewScryptRecipient("p")
	if err != nil {
		t.Fatal(err)
	}
	to.SetWorkFactor(1)
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, identity); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func passphraseP() ([]byte, error) { return []byte("p"), nil }

// TestParseKeyEveryLastByte: an encrypted key file ends with any byte, white
// space too. Files are made until each byte of white space was the last of one,
// and 1,000 in any case.
func TestParseKeyEveryLastByte(t *testing.T) {
	t.Parallel()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	text := "# public key: " + id.Recipient().String() + "\n" + id.String() + "\n"
	const space = "\t\n\v\f\r "
	seen := map[byte]bool{}
	for n := 0; n < 1000 || len(seen) < len(space); n++ {
		if n == 100_000 {
			t.Fatalf("of %d files none ends with some of %q: seen %v", n, space, seen)
		}
		file := protected(t, text)
		last := file[len(file)-1]
		if strings.IndexByte(space, last) >= 0 {
			seen[last] = true
		}
		if _, err := agefile.ParseKey(bytes.NewReader(file), passphraseP); err != nil {
			t.Fatalf("file %d, which ends with 0x%02x: %v", n, last, err)
		}
	}
}

// TestParseKeyTextForms: white space around a text form means nothing.
func TestParseKeyTextForms(t *testing.T) {
	t.Parallel()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var armored bytes.Buffer
	w := armor.NewWriter(&armored)
	if _, err := w.Write(protected(t, id.String()+"\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{id.String(), armored.String()} {
		for _, form := range []string{text, "\n \t\r\n" + text, text + "\r\n\n \n", strings.ReplaceAll(strings.TrimSpace(text), "\n", "\r\n") + "\r\n"} {
			if _, err := agefile.ParseKey(strings.NewReader(form), passphraseP); err != nil {
				t.Errorf("%.60q: %v", form, err)
			}
		}
	}
}
