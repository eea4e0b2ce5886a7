package bus

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
)

// The form in which adb sends its public key: base64 of this structure, a
// space, and a name for the owner to recognise it by. Source: AOSP
// system/core/libcrypto_utils/android_pubkey.c.
const (
	keyBytes     = 256 // of the modulus: only RSA-2048 is used
	keyWords     = keyBytes / 4
	keyBlobSize  = 4 + 4 + keyBytes + keyBytes + 4
	maxKeyText   = 4 << 10
	maxKnownKeys = 64
)

var errPublicKey = errors.New("not an adb public key")

// ParsePublicKey reads the payload of an AUTH message of kind RSAPUBLICKEY.
func ParsePublicKey(payload []byte) (*rsa.PublicKey, error) {
	if len(payload) > maxKeyText {
		return nil, fmt.Errorf("%w: %d bytes", errPublicKey, len(payload))
	}
	text, _, _ := bytes.Cut(bytes.TrimRight(payload, "\x00"), []byte(" "))
	blob, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPublicKey, err)
	}
	if len(blob) != keyBlobSize || binary.LittleEndian.Uint32(blob) != keyWords {
		return nil, fmt.Errorf("%w: %d bytes", errPublicKey, len(blob))
	}
	modulus := slices.Clone(blob[8 : 8+keyBytes])
	slices.Reverse(modulus)
	key := &rsa.PublicKey{
		N: new(big.Int).SetBytes(modulus),
		E: int(binary.LittleEndian.Uint32(blob[keyBlobSize-4:])),
	}
	if key.N.BitLen() != 8*keyBytes || key.E != 3 && key.E != 65537 {
		return nil, fmt.Errorf("%w: RSA-%d with exponent %d", errPublicKey, key.N.BitLen(), key.E)
	}
	return key, nil
}

// Keyring holds the computers that the handset's owner allowed to debug it, by their
// keys, and whether they allowed the server front, which has no key. The zero value is
// empty. A Keyring is safe for concurrent use.
type Keyring struct {
	mu     sync.Mutex
	keys   []*rsa.PublicKey
	server bool
}

// Verify reports whether one of the known keys signed the token. adb signs it as if
// it were a SHA-1 sum.
func (k *Keyring) Verify(token, signature []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.ContainsFunc(k.keys, func(key *rsa.PublicKey) bool {
		return rsa.VerifyPKCS1v15(key, crypto.SHA1, token, signature) == nil
	})
}

// Allow adds a key. The oldest key makes room for it.
func (k *Keyring) Allow(key *rsa.PublicKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if slices.ContainsFunc(k.keys, func(known *rsa.PublicKey) bool { return known.Equal(key) }) {
		return
	}
	if len(k.keys) == maxKnownKeys {
		k.keys = slices.Delete(k.keys, 0, 1)
	}
	k.keys = append(k.keys, key)
}

// AllowServer adds the server front.
func (k *Keyring) AllowServer() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.server = true
}

// KnowsServer reports whether the server front was allowed.
func (k *Keyring) KnowsServer() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.server
}

// Forget removes all computers, as a factory reset does.
func (k *Keyring) Forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.server = nil, false
}
