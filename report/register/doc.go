// Package register remembers the cases of a folder, so that a desk with
// thousands of them finds one at once.
//
// The register is register.db, an SQLite database beside the cases. It is only an
// index. The folders hold the truth, and a register that is lost, damaged or of another
// version is read from them again. A job writes its case into it at every step
// ([Remember]). A command that lists the cases first compares it with the folders
// ([Register.Sync]), and so finds cases that were copied in, moved away, or changed while
// the register could not be written. Two stamps of a case's files show whether it changed.
//
// It has no personal data: only the numbers of the handset, the state of the job, and the
// desk's ticket if that is a number.
//
// The package refuses to write into a register of a later version ([ErrNewer]) and into
// another program's database ([ErrForeign]). A register that cannot be written stops no
// job. The fields of a case are bounded, and it does not read outside the folder.
//
// # Several at once
//
// The journal is SQLite's rollback journal and not its write-ahead log: a desk
// keeps its cases on a disk of the network, and that log needs memory which all
// processes share, and only those of one computer can. Writers take turns: a turn is one
// transaction of a few rows, and waiting for it ends after [waitForOthers]. A handle is
// opened for one use and closed again, so that a killed process blocks no other.
//
// Nothing is flushed to the disk, because a job would wait for that a dozen times. A
// killed process loses nothing; a power cut may damage the register, but never a case.
//
// # Speed
//
// With 2,000 cases of prepare on a local disk, on two busy cores:
//
//	list them when nothing changed           0.06 s
//	read all of them again                   1.5 s
//	write one case, 12 times in a job        1.9 ms
//
//	go test -run=^$ -bench=. -benchtime=5x ./report/register
package register
