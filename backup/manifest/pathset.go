package manifest

import "crypto/sha256"

// PathSet is a set of names. It holds half of the hash of each name instead of the
// name, because there may be millions. A nil set is empty.
type PathSet map[[16]byte]bool

func setKey(name string) [16]byte {
	sum := sha256.Sum256([]byte(name))
	return [16]byte(sum[:16])
}

// Add adds a name to a set that is not nil.
func (s PathSet) Add(name string) { s[setKey(name)] = true }

// Has reports whether a name was added.
func (s PathSet) Has(name string) bool { return s[setKey(name)] }
