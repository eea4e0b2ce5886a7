package disk

// FileSystem is what is known of the file system of a folder. The zero value is one that
// is not known, or has no limit.
type FileSystem struct {
	Name    string // as people know it: FAT32
	Largest int64  // the size of the largest file, in bytes; 0: no limit that matters
}

// fat32 has sizes of 32 bits.
var fat32 = FileSystem{Name: "FAT32", Largest: 1<<32 - 1}

// Holds reports whether the file system can hold a file of n bytes.
func (fs FileSystem) Holds(n int64) bool { return fs.Largest == 0 || n <= fs.Largest }
