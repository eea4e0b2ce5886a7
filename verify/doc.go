// Package verify asks the questions a job stands on and answers each with a
// finding: who the handset is, what locks it, and, after the reset, whether it
// really came back clean.
//
// Every question has a fixed ID and stands in one table, [Checks], with what its
// pass does not prove. A question that could not be answered is unknown, with
// the reason; it is never a pass. The package changes nothing on a handset,
// gives no verdict (package report does, over all steps), and copies no account
// name: it counts.
package verify
