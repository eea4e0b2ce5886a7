// Package wait lists every wait of preship, one row each: the event that ends it and why,
// and what happens when the time is over. A wait that a person or a script sees begins
// with a [Wait], which adds the limit.
//
// The package waits for nothing itself, and has no words: those are in the message
// files, under the ID of the row. It refuses no wait without a limit, such as that for
// a turn among several handsets, and says of it that it has none.
//
// It imports report/message, and everything may import it.
package wait
