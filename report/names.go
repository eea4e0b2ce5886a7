package report

// The files of a case that the case itself writes, reads or removes; the others are
// the seal's.
const (
	reportName   = "report.json"
	intakeName   = "intake.json"
	claimName    = "claim.txt"
	manifestName = "backup.manifest.json"
	sigName      = "SHA256SUMS.sig"
)

// maxReportFile is the most bytes of report.json, and of each file that is read into
// memory as a whole with it.
const maxReportFile = 64 << 20
