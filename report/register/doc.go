// Package register remembers the cases of a folder, so that a desk with
// thousands of them finds one at once.
//
// The register is register.db, an SQLite database beside the cases. It is an
// index and nothing else: the folders are the truth, and everything in it is
// read from them again when it is lost, damaged, or of another version. A job
// tells it of its case at every step ([Remember]); whoever lists the cases first
// compares it with the folders ([Register.Sync]), so that cases copied in, moved
// away, or worked on while the register could not be written are seen all the
// same. Two looks at the file system a case say whether it has changed.
//
// It holds nothing personal: the handset's own numbers, how far the job got, and
// the desk's number for it where that is a number.
//
// It refuses three things: to write into a register of a later version, or into
// a database that is none ([ErrNewer], [ErrForeign]); to stop a job because it
// cannot be written; and to believe a case from elsewhere, which is bounded and
// never left.
//
// # Several at once
//
// The journal is SQLite's rollback journal and not its write-ahead log: a desk
// keeps its cases on a disk of the network, and that log needs memory which all
// processes share, which only those of one computer do. Writers take turns, a
// turn is one transaction of a few rows, and waiting for it ends after
// [waitForOthers]. A handle is opened for one use and closed again: a process
// that is killed holds nothing up.
//
// Nothing is flushed to the disk: a job would wait for it a dozen times. A killed
// process loses nothing by that; a power cut may cost the register, never a case.
//
// # Speed
//
// Beside 2,000 cases as large as prepare leaves them, on a local disk, on two
// cores which others used too:
//
//	listing them when nothing changed            0.06 s
//	reading all of them again                    1.5 s
//	remembering one, which a job does 12 times   1.9 ms
//
//	go test -run=^$ -bench=. -benchtime=5x ./report/register
package register
