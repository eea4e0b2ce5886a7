// Package restoring gives a saved case back to a handset, for a person at a terminal or
// at the desk page.
//
// It opens the case, claims the handset, and compares the two before anything is sent:
// the data of one handset goes to another only if the person says so. Package
// restore decides what to send, prove and leave out.
//
// It prints nothing and asks no questions by itself: the caller gives the functions for both.
package restoring
