package seal

import (
	"path"
	"strings"

	"preship/report/safefile"
)

// machineFiles are names that computers write into every folder that they show, copy or
// pack. In lower case, since file systems differ in case.
var machineFiles = map[string]bool{
	".ds_store": true, "__macosx": true, ".appledouble": true, ".spotlight-v100": true, ".trashes": true, ".fseventsd": true,
	"thumbs.db": true, "ehthumbs.db": true, "desktop.ini": true, ".directory": true, "@eadir": true,
}

// machineMade reports whether a file is one that a computer added to a package: by its
// name, by the name of a folder above it, or as a ZIP file beside the report. Such a
// file is not signed, and is not read.
func machineMade(name string) bool {
	name = strings.TrimSuffix(name, safefile.TempSuffix) // a crash left it while it was written
	for _, part := range strings.Split(name, "/") {
		if machineFiles[strings.ToLower(part)] || strings.HasPrefix(part, "._") {
			return true
		}
	}
	return !strings.Contains(name, "/") && strings.EqualFold(path.Ext(name), ".zip")
}
