// Package handset is what preship knows about handsets: every command it may
// send to one, where each vendor keeps its identity, which accounts and locks
// hold a handset back, and parsers for what handsets answer.
//
// It talks to a handset only through a [Reader] it is given, and it guesses
// nothing: where a handset's answer does not establish a value, the value is
// unknown and carries the reason. Its room dump holds the parsers, which refuse an
// answer without the heading or the count they expect. Its room mask decides which
// parts of an answer may leave the computer.
// It sends no command outside [Commands], searches no service for the number of
// a call it does not know, and knows no way around a lock, only how its owner
// removes it.
//
// Everything a handset answers is hostile input here: sizes are bounded, and
// control characters never reach an error text or a summary.
package handset
