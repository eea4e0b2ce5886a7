package adbtest

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestParsePublicKey(t *testing.T) {
	t.Parallel()
	key := &testKey().PublicKey
	good := publicKey(key)
	got, err := parsePublicKey(good)
	if err != nil || !got.Equal(key) {
		t.Errorf("parsed %v, %v", got, err)
	}
	blob, _ := base64.StdEncoding.DecodeString(strings.Fields(string(good))[0])
	bent := func(i int, b byte) string {
		c := append([]byte(nil), blob...)
		c[i] = b
		return base64.StdEncoding.EncodeToString(c) + " me"
	}
	for name, in := range map[string]string{
		"empty": "", "no base64": "!!!! me", "too short": base64.StdEncoding.EncodeToString(blob[:100]) + " me",
		"another size": bent(0, 32), "a small modulus": bent(8+keyBytes-1, 0), "an even exponent": bent(keyBlobSize-4, 4),
		"much too long": strings.Repeat("A", maxKeyText+1),
	} {
		if _, err := parsePublicKey([]byte(in)); !errors.Is(err, errPublicKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestParsePublicKeyOfADB reads what adb itself writes.
func TestParsePublicKeyOfADB(t *testing.T) {
	t.Parallel()
	bin := findADB(t)
	file := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command(bin, "keygen", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parsePublicKey(text); err != nil {
		t.Error(err)
	}
}

func FuzzParsePublicKey(f *testing.F) {
	// No real key: making one takes a fuzzing worker longer than its run.
	modulus := new(big.Int).SetBytes(bytes.Repeat([]byte{0xc5}, keyBytes))
	f.Add(publicKey(&rsa.PublicKey{N: modulus, E: 65537}))
	f.Add([]byte("QAAAAA== x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		key, err := parsePublicKey(in)
		if (key == nil) != (err != nil) {
			t.Fatalf("key %v beside error %v", key, err)
		}
		if err == nil {
			newKeyring().allow(key)
		}
	})
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	k, key := newKeyring(), testKey()
	token := make([]byte, tokenSize)
	_, _ = rand.Read(token)
	signature := sign(t, key, token)
	verify := func(want bool, when string) {
		t.Helper()
		if got := k.verify(token, signature); got != want {
			t.Errorf("%s: verified %t", when, got)
		}
	}
	verify(false, "unknown")
	k.allow(&key.PublicKey)
	k.allow(&key.PublicKey)
	verify(true, "allowed")
	if k.verify(token[1:], signature) || k.verify(token, signature[1:]) {
		t.Error("verified what was not signed")
	}
	for range maxKnownKeys {
		k.keys = append(k.keys, &rsa.PublicKey{N: key.N, E: 3})
	}
	k.keys = k.keys[:maxKnownKeys]
	other := newKey()
	k.allow(&other.PublicKey)
	if len(k.keys) > maxKnownKeys {
		t.Errorf("%d keys are known", len(k.keys))
	}
	verify(false, "crowded out")
	k.allowName("x")
	k.forget()
	if k.knows("x") || k.verify(token, sign(t, other, token)) {
		t.Error("known after it forgot")
	}
}
