// Package deletion states, signed, that the saved data of a case was deleted.
//
// A statement is an in-toto statement with its own predicate type, about the report and the
// manifest of the case, in a file beside the sealed package. [Sign] makes one and [Read]
// checks one alone; [In] finds those of a folder. A case may have several: each is about one
// backup.
//
// The package refuses a statement that says some of the data is still there. A statement
// that is well signed proves who says so and that no byte of it changed. It does not prove
// that there are no other copies: [NotProved] is part of every statement. Whether the key
// counts is the caller's to judge.
package deletion
