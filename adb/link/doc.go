// Package link keeps the connection to one handset: it waits for a handset that
// left, connects again, and repeats what a broken connection interrupted. It is
// the only package that retries, and it owns every bound on retries.
//
// [Link.Retry] repeats a piece of work, [Link.Mend] lets a caller continue in the
// middle of one, and [Strikes] gives up a piece that keeps breaking the connection.
// [Link.Ask] sends a row of the command table.
//
// It does not retry what a handset refused, and it does not read a file again
// because the file changed: those are answers, not broken connections. It keeps no
// evidence.
//
// It imports adb for the connection, and adb/handset for the rows and their time
// limits.
package link
