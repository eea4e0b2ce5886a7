// Package backup copies what the owner can lose from a handset to the
// computer and proves the copy: every file of shared storage is listed, read
// over pipelined sync streams, hashed while it is written, and compared with the
// size and the SHA-256 the handset itself reports. It can be cut off at any byte
// and continued, and [Check] reads a backup back without the handset.
//
// It refuses to call anything saved that it has not compared: what changed while
// it was read, what the handset would not give, what could not be proved is kept
// apart and named with its reason. It never deletes from a handset or from an
// earlier backup, never follows a symlink, never reads a FIFO, socket or device
// node, and never lets a name the handset made up reach outside the case folder.
//
// A backup lies in the case folder:
//
//	backup/storage/emulated/0/…   shared storage, with the handset's own paths
//	backup/storage/6132-3A29/…    an SD card
//	backup/journal.jsonl          one line a proved file, to continue from
//	backup/parts/                 files being written; nothing there counts
//	backup.manifest.json          everything listed, and what became of it
//
// A file lies at "backup" followed by its path on the handset, byte for byte,
// unless the computer's file system cannot hold such a name; the manifest then
// says where it lies.
package backup
