package disk

import "strings"

// FileSystem has the known limits of the file system of a folder. The zero value is one that
// is not known, or has no limit.
type FileSystem struct {
	Name    string // as people know it: FAT32
	Largest int64  // the size of the largest file, in bytes; 0: no limit that matters
	// Windows reports whether a Windows machine may read the folder. This system may hold
	// names there that Windows cannot open.
	Windows bool
}

// fat32 has sizes of 32 bits.
var fat32 = FileSystem{Name: "FAT32", Largest: 1<<32 - 1, Windows: true}

// forWindows are the types of file systems that a Windows machine may read, as mount names
// them: those of its disks, of memory sticks, of its shares and of its folders in virtual
// machines.
var forWindows = map[string]bool{
	"ntfs": true, "ntfs3": true, "fuseblk": true, "fuse.ntfs-3g": true, "ufsd": true, "ufsd_ntfs": true, "tuxera_ntfs": true, "lowntfs-3g": true, "refs": true,
	"exfat": true, "fuse.exfat": true, "texfat": true, "vfat": true, "msdos": true,
	"cifs": true, "smb3": true, "smbfs": true,
	"9p": true, "drvfs": true, "virtiofs": true, "vboxsf": true, "prl_fs": true, "vmhgfs": true, "fuse.vmhgfs-fuse": true,
	"macfuse": true, "osxfuse": true, // on a Mac: nearly always NTFS
}

// ofType returns the file system of a type.
func ofType(name string) FileSystem {
	name = strings.ToLower(name)
	if name == "msdos" || name == "vfat" {
		return fat32
	}
	return FileSystem{Windows: forWindows[name]}
}

// mountedType returns the type of the file system that holds a path, out of
// /proc/self/mountinfo. It is empty if there is no such line.
func mountedType(mountinfo, path string) (found string) {
	longest := -1
	for line := range strings.Lines(mountinfo) {
		before, after, ok := strings.Cut(line, " - ")
		fields, rest := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(rest) == 0 {
			continue
		}
		// A later mount at the same place covers an earlier one.
		if at := mountEscapes.Replace(fields[4]); len(at) >= longest && (at == "/" || path == at || strings.HasPrefix(path, at+"/")) {
			longest, found = len(at), rest[0]
		}
	}
	return found
}

// mountEscapes undoes the escapes of /proc/self/mountinfo.
var mountEscapes = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

// Holds reports whether the file system can hold a file of n bytes.
func (fs FileSystem) Holds(n int64) bool { return fs.Largest == 0 || n <= fs.Largest }
