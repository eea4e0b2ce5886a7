// Package audit reads a sample of what the cases of a folder keep, and names what is not as
// it was written: sealed packages, saved data, and archives.
//
// The sample is drawn by a seed that is printed: each package, each saved file and each
// archived case is in it by a hash of the seed and its name, so that the same seed reads the
// same, and another day's seed something else. At least one of each kind is read.
//
// The package changes nothing and needs no key. What could not be looked at is counted as
// not checked, and never as good.
package audit
