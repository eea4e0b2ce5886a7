// Package symptom is the table of kinds of faults: what a technician asks about each, which
// parts of a handset are read for it, and which tests a person can do by hand.
//
// It asks nobody and reads no handset: package verify/fault reads, and the command asks. A
// kind, a question, a choice and a test have IDs that never change; their words are
// messages.
package symptom
