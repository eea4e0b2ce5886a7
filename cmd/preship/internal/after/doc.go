// Package after runs a program of the user's own when a case has ended, such as one that
// tells a desk's ticket system.
//
// The program gets no arguments and no input: the facts are in its environment, in
// variables that begin with PRESHIP_. No value has control characters, and none is longer than
// a limit, since a handset or a customer may have chosen it. The program runs once for each
// end of a case that is sealed; one that fails or is killed runs again when the case ends
// again with the same report. It has a time limit, after which it is killed, on Unix with
// its children.
//
// The program changes neither the case nor the verdict. Its output is not
// shown, except its last line if it fails.
package after
