// Package check lists every check preship makes of a handset, one row each: its ID,
// its name for people, whether a handset may be posted while the answer is unknown and
// why, the next thing to do where it does not pass, and what a pass leaves open.
//
// [Rows] is the only list: the packages that ask the checks, the verdict, the pages and
// the command line all read it. How a check is asked, and what an answer says, is for
// the package that asks it.
//
// What the package refuses: to ask a handset, and to call an unknown ID harmless. It
// imports only report/message, so that every package may use it.
package check
