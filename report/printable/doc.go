// Package printable decides which characters a text from elsewhere may bring to a
// terminal, a page or a log: those that are seen as themselves.
//
// It refuses to guess: a character that would act, hide or reorder is replaced,
// and a text longer than [MaxText] is cut. It imports no other package of this module.
package printable
