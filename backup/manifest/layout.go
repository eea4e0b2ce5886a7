package manifest

// The names of a backup's files in a case folder.
const (
	Dir = "backup" // followed by the absolute path on the handset
	// JournalName is the journal of proved files.
	JournalName = "backup/journal.jsonl"
	// EncryptedExt ends the names of encrypted files, as age's own files do.
	EncryptedExt = ".age"
)

// MaxPath is the longest path of a handset: PATH_MAX of Linux.
const MaxPath = 4096
