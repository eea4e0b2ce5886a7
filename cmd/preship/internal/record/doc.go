// Package record makes a profile for the emulated handset from a real one, with other
// identifiers in the place of its own.
//
// It sends only rows of the command table that read. It never reads the owner's files,
// contacts or messages, and records accounts by their type only. Two recordings of one
// handset have different identifiers.
package record
