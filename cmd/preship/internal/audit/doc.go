// Package audit reads a sample of the sealed packages, saved data and archives of the cases
// in a folder, and names every file that changed or vanished.
//
// The sample is drawn by a seed that is printed: each package, each saved file and each
// archived case is in it by a hash of the seed and its name, so that the same seed reads the
// same, and another day's seed something else. At least one of each kind is read.
//
// The package changes nothing and needs no key. A file that could not be read counts as not
// checked, and never as good.
package audit
