// Package dump parses what a handset's commands print: pure functions over bytes,
// bounded, that know no handset and no vendor.
//
// A parser refuses an answer without the heading or the count that its command
// prints: empty, translated or foreign text is an error, never an empty list. It
// refuses an answer without its end. Its results and its errors hold printable
// characters only, names of users and accounts apart.
package dump
