// Package bundle signs in-toto statements as Sigstore bundles with a bare Ed25519 key,
// and reads them.
//
// [Sign] writes a statement in a DSSE envelope, with a time stamp where an authority gives
// one. [Open] returns the statement if a given key signed it. [Read] is for statements that
// name their key themselves: it proves that no byte changed since that key signed, and
// leaves to the caller whether the key counts.
//
// The package refuses a bundle that is not spelled as [Sign] spells it, and JSON that two
// programs read differently. It knows no predicate, and reads no file.
package bundle
