// Package query asks a handset for data that is in no file, and for facts about its
// files: rows of content providers, installed apps, lstat and SHA-256.
//
// [Ask] sends one row of the command table past the evidence of the case, because
// what people wrote to each other has no place in a report. An error that is
// [ErrRefused] is about that one question; any other error ends the work.
//
// The content command prints rows that cannot be separated by their text, and exits
// with 0 even if it was refused. So [Refusal] finds the exceptions, rows are counted
// by their _id first ([ParseIDs]), and a column of text is read alone ([ParseText]),
// which gives no value for rows it cannot tell apart. An answer that does not match
// the count is [ErrRows].
//
// All parsers are pure functions over bytes of any content.
package query
