// Package profile describes models of handsets for the emulated one: properties,
// users and accounts, apps, settings, rows of content providers, and files.
//
// [Load] reads a profile that comes with preship, and [Parse] any other; both
// refuse one that is incomplete or contradicts itself. A [Profile] is data: it
// holds no state of a running handset.
//
// It imports adbtest/vfs, for the files, adbtest/trouble, for the words of a line, and
// testdata, for the profiles.
package profile
