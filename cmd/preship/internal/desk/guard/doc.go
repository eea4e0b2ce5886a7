// Package guard is in front of the desk page: it decides which requests reach it.
//
// A request passes if it names this server by its own host name (a page of another site
// that points its name here does not), if no other site sent it, and if it has the
// session that the one-time link or the password gave. A change also needs the origin of
// this page and the token that is in its forms. Bodies are bounded.
//
// The package does not depend on handsets, cases or words: who is refused is handed to
// [Options.Refuse]. It imports no package of this module.
package guard
