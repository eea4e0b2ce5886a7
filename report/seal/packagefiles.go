package seal

import (
	"path"
	"regexp"
	"strings"

	"preship/report/casedir"
	"preship/report/safefile"
)

// The files of a sealed package.
const (
	htmlName        = "report.html"
	pdfName         = "report.pdf"
	attestationName = "attestation.sigstore.json"
	sumsName        = "SHA256SUMS"
	pubName         = "signer.pub"
	pemName         = "signer.pem"
	howName         = "VERIFY.txt"
)

// fileKind is what a file of a case folder is to the package.
type fileKind int

const (
	kindExtra    fileKind = iota // not ours: named as a problem
	kindOutside                  // ours, but no part of the package
	kindSubject                  // stated by the attestation and listed in SHA256SUMS
	kindListed                   // listed in SHA256SUMS only
	kindSeal                     // the list itself and its signature
	kindIgnored                  // a computer added it; not signed, not read
	kindReceipt                  // added later by who received the package; carries its own signature
	kindDeletion                 // added when the saved data was deleted; carries its own signature
)

// packageFiles says what each name at the top of a case folder is. Required
// files are in every package.
var packageFiles = map[string]struct {
	kind     fileKind
	required bool
	folder   bool
	personal bool // may be left out, or deleted later, without breaking the seal
}{
	casedir.ReportName:   {kind: kindSubject, required: true},
	htmlName:             {kind: kindSubject, required: true},
	pdfName:              {kind: kindSubject},
	casedir.LabelName:    {kind: kindSubject, personal: true}, // the sender
	casedir.IntakeName:   {kind: kindSubject, personal: true},
	casedir.ClaimName:    {kind: kindSubject, personal: true},
	casedir.FaultName:    {kind: kindSubject, personal: true},
	casedir.ManifestName: {kind: kindSubject, personal: true}, // the name of every file the owner has
	casedir.EvidenceDir:  {kind: kindSubject, folder: true},   // the files in it
	attestationName:      {kind: kindListed, required: true},
	pubName:              {kind: kindListed, required: true},
	pemName:              {kind: kindListed, required: true},
	howName:              {kind: kindListed, required: true},
	sumsName:             {kind: kindSeal, required: true},
	casedir.SigName:      {kind: kindSeal, required: true},
	casedir.BackupDir:    {kind: kindOutside, folder: true}, // the owner's data
	casedir.PrivateDir:   {kind: kindOutside, folder: true}, // a bugreport, a recording
	casedir.CaseFileName: {kind: kindOutside},
	casedir.LockFileName: {kind: kindOutside},
	casedir.StartName:    {kind: kindOutside},
	// Left by a crash while the job was being saved; the package does not depend on it.
	casedir.CaseFileName + safefile.TempSuffix: {kind: kindOutside},
}

// packageName is what a file in a package may be called: the same on every file
// system, no way out of the folder, nothing a shell or sha256sum would escape.
var packageName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$`)

// personal reports whether a file may be left out, or deleted later, without breaking
// the seal.
func personal(name string) bool { return packageFiles[name].personal || casedir.IsPhoto(name) }

const (
	maxFiles      = 200_000 // in a package
	maxSmallFile  = 1 << 20 // keys and signature
	maxNameLength = 512     // of a file in a package
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
