package casedir

// The files of a case that the case itself writes, reads or removes; the others are
// the seal's.
const (
	ReportName    = "report.json"
	IntakeName    = "intake.json"
	ClaimName     = "claim.txt"
	FaultName     = "fault.pdf"
	LabelName     = "label.pdf"
	ManifestName  = "backup.manifest.json"
	SigName       = "SHA256SUMS.sig"
	PrivateDir    = "private" // what stays on the computer unless its owner names it
	BugreportName = PrivateDir + "/bugreport.zip"
	RecordingName = PrivateDir + "/recording.mp4"
	StartName     = "START-HERE.html" // for the owner; no part of a package
)

// ParcelName returns the name of the parcel file of a case: the one ZIP file to send.
func ParcelName(id string) string { return id + ".zip" }

// MaxReportFile is the most bytes of report.json, and of each file that is read into
// memory as a whole with it.
const MaxReportFile = 64 << 20

// IsID reports whether a text has the form of the ID of a case.
func IsID(text string) bool { return caseID.MatchString(text) }
