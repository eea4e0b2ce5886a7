// Package offsite reads cases from an archive for the commands that work on a folder: it
// knows whether the data of a case is in its folder or in the archive alone, and fetches it
// after it looked whether there is space.
//
// It fetches into a folder of this user's cache, which is resumed after an interruption and
// deleted after its use, or into the case itself.
package offsite
