// Package unpack writes the contents of a backup into a folder as plain files, with their
// names and times: the way to use an encrypted backup, and to have a plain one apart.
//
// The folder has the handset's own paths below storage/, and items/ with the contacts, the
// messages and what else is in no file, so that the links of their pages work. Every file is
// compared with the manifest while it is written, and gets its name only then. A file that
// is there already and the same is not written again, so an interrupted run continues; one
// with other contents stays, and is a problem. Nothing is written outside of the folder,
// whatever names the manifest has, and nothing of the backup changes.
package unpack
