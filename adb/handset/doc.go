// Package handset is what preship knows about handsets: every command it may send
// to one, and where each vendor keeps its identity. [Identify] reads who a handset is.
//
// It talks to a handset only through a [Reader] it is given, and it guesses nothing:
// where an answer does not establish a value, the value is unknown and carries the
// reason. It sends no command outside [Commands], and searches no service for the
// number of a call it does not know.
//
// Its rooms: dump parses what commands print, locks knows what holds a handset back,
// mask decides which parts of an answer may leave the computer. dump imports no other
// room; handset imports dump, and report/imei for the numbers; locks and mask import both.
//
// Every answer of a handset is hostile input here: sizes are bounded, and control
// characters never reach an error text or a summary.
package handset
