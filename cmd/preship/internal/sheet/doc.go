// Package sheet prints tables about one handset for a person: who it is, what locks it,
// and what a look after the reset found.
//
// A value that is not known is printed as unknown. Scripts read the JSON instead.
package sheet
