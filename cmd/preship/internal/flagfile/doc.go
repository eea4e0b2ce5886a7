// Package flagfile reads and tries the files that flags name.
//
// [Read] takes a regular file, or a pipe that the process was started with, and reads
// at most so many bytes. [TryWrite] checks beforehand that an output can be written. It
// refuses a path inside a case, since a file there would break the seal. No function
// waits for a program that may never come.
//
// [JSON] converts a form in YAML, so that readers know one format.
//
// It knows no flag by its name; the caller adds it to the error.
package flagfile
