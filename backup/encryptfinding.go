package backup

import (
	"fmt"

	"preship/backup/manifest"
	"preship/report"
)

// keyFinding is the finding about the key of an encrypted backup. tried says that a
// secret key opened a file that is encrypted to these keys.
func keyFinding(m *manifest.Encryption, tried bool) report.Finding {
	f := report.Finding{ID: FindingKey, Status: report.StatusPass, Method: report.MethodObserved}
	f.Observed = fmt.Sprintf("every saved file is encrypted with age, to %d key", m.Keys)
	if m.Keys > 1 {
		f.Observed += "s, any of which opens it"
	}
	switch {
	case m.Passphrase:
		f.Summary = "the backup is encrypted, and its passphrase was seen to open the key that opens it"
		f.Remedy = "keep the passphrase: without it nobody can open this backup, and preship cannot help"
	case tried:
		f.Summary = "the backup is encrypted, and the key given was seen to open what is encrypted to it"
		f.Remedy = "keep the key: without it nobody can open this backup, and preship cannot help"
	default:
		f.Status = report.StatusWarn
		f.Summary = "the backup is encrypted, and preship has not seen a key open it"
		f.Remedy = "before anything is erased, try the secret key: preship backup verify DIR --identity FILE. without it nobody can open this backup"
	}
	return f
}
