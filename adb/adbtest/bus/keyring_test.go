package bus

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestParsePublicKey(t *testing.T) {
	t.Parallel()
	key := &rsaKey().PublicKey
	good := adbForm(key)
	got, err := ParsePublicKey(good)
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
		if _, err := ParsePublicKey([]byte(in)); !errors.Is(err, errPublicKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	// No real key: making one takes a fuzzing worker longer than its run.
	modulus := new(big.Int).SetBytes(bytes.Repeat([]byte{0xc5}, keyBytes))
	f.Add(adbForm(&rsa.PublicKey{N: modulus, E: 65537}))
	f.Add([]byte("QAAAAA== x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		key, err := ParsePublicKey(in)
		if (key == nil) != (err != nil) {
			t.Fatalf("key %v beside error %v", key, err)
		}
		if err == nil {
			new(Keyring).Allow(key)
		}
	})
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	k, key := &Keyring{}, rsaKey()
	token := make([]byte, 20)
	_, _ = rand.Read(token)
	signature := signed(t, key, token)
	verify := func(want bool, when string) {
		t.Helper()
		if got := k.Verify(token, signature); got != want {
			t.Errorf("%s: verified %t", when, got)
		}
	}
	verify(false, "unknown")
	k.Allow(&key.PublicKey)
	k.Allow(&key.PublicKey)
	verify(true, "allowed")
	if len(k.keys) != 1 {
		t.Errorf("%d keys are known, want the one", len(k.keys))
	}
	if k.Verify(token[1:], signature) || k.Verify(token, signature[1:]) {
		t.Error("verified unsigned data")
	}
	for range maxKnownKeys {
		k.keys = append(k.keys, &rsa.PublicKey{N: key.N, E: 3})
	}
	k.keys = k.keys[:maxKnownKeys]
	other := newRSAKey()
	k.Allow(&other.PublicKey)
	if len(k.keys) > maxKnownKeys {
		t.Errorf("%d keys are known", len(k.keys))
	}
	verify(false, "crowded out")
	k.AllowServer()
	k.Forget()
	if k.KnowsServer() || k.Verify(token, signed(t, other, token)) {
		t.Error("known after it forgot")
	}
}

// rsaKey is made once: RSA keys take long.
var rsaKey = sync.OnceValue(newRSAKey)

func newRSAKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// adbForm is adb's form of a key.
func adbForm(key *rsa.PublicKey) []byte {
	le := binary.LittleEndian
	blob := le.AppendUint32(nil, keyWords)
	blob = le.AppendUint32(blob, 0) // a number that only adbd's own arithmetic needs
	modulus := key.N.FillBytes(make([]byte, keyBytes))
	slices.Reverse(modulus)
	blob = append(blob, modulus...)
	blob = append(blob, make([]byte, keyBytes)...)
	blob = le.AppendUint32(blob, uint32(key.E))
	return append([]byte(base64.StdEncoding.EncodeToString(blob)), " preship@test\x00"...)
}

func signed(t testing.TB, key *rsa.PrivateKey, token []byte) []byte {
	t.Helper()
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, token)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}
