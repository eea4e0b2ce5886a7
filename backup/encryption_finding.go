package backup

import (
	"fmt"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// keyFinding is the finding about the key of an encrypted backup. tried says that a
// secret key opened a file that is encrypted to these keys.
func keyFinding(m *manifest.Encryption, tried bool) report.Finding {
	f := report.Finding{ID: check.BackupKey, Status: report.StatusPass, Method: report.MethodObserved}
	f.Observed = fmt.Sprintf("every saved file is encrypted with age, to %d key", m.Keys)
	if m.Keys > 1 {
		f.Observed += "s, any of which opens it"
	}
	switch {
	case m.Passphrase:
		f.Tell(message.Say("backup.key.passphrase-opens"))
		f.Advise(message.Say("backup.key.passphrase-opens.remedy"))
	case tried:
		f.Tell(message.Say("backup.key.opens"))
		f.Advise(message.Say("backup.key.opens.remedy"))
	default:
		f.Status = report.StatusWarn
		f.Tell(message.Say("backup.key.not-seen"))
		f.Advise(message.Say("backup.key.not-seen.remedy"))
	}
	return f
}
