// Package page writes the desk page: its frame, and the parts that change while it is
// open. A [View] is a page of the desk in no language yet; [Write] gives it the words of
// one. Templates, style, script and drawings are in the program, so that the page works
// without a network.
//
// Everything that comes from a handset or a person is escaped by html/template. The page
// has no script and no style within its text, so that its policy can forbid them.
//
// It decides nothing: the view holds everything that a page shows.
package page
