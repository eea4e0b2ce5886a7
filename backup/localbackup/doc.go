// Package localbackup checks the backups that a Xiaomi handset makes of itself into its
// shared storage. Only they hold the data of apps, so they are checked before the
// handset is erased.
//
// [Judge] reads a local backup to its end: its description, and each app's file to the
// end mark of its tar. It calls no backup whole that it has not read; a file encrypted
// with a password counts as not whole. It trusts nothing it reads: sizes are bounded,
// and no file is unpacked.
package localbackup
