// Package pattern compiles a regular expression when it is first used.
//
// The program has about a hundred patterns and most commands use a few: compiling all
// of them took half of the time of its start. An invalid pattern panics at its first
// use, so a test of the program calls Check.
package pattern
