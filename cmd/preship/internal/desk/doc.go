// Package desk serves the desk page: owners and intake desks prepare handsets in a browser
// on their own computer.
//
// It is a person that jobs speak with, as the terminal is: each handset that is plugged in
// has a [seat] with a job, and its questions are answered on the page. The page answers
// only what a job asks, and starts and stops jobs; what a job does, and every guard before
// the reset, is in package job. A question waits while no page is open. An answer names its
// question, so that of two browsers one answers, and the other is refused.
//
// Beside the handsets it shows the cases of the folder, takes the intake form, and checks
// packages. Files of a case are named by the ID of the case and by what they are, never by
// a path.
//
// Who reaches the page is decided in package guard, how it looks in package page.
package desk
