package backup

import (
	"fmt"

	"preship/backup/manifest"
	"preship/report"
)

// sealed is what the manifest says of v.
func (v *envelope) sealed() *manifest.Encryption {
	return &manifest.Encryption{
		Format: v.list.Format, Keys: len(v.list.Recipients), Passphrase: v.list.Identity != nil, Files: v.files,
	}
}

// finding says whether what was saved was seen to open. Nothing less than a
// secret key that opened what is encrypted to these keys counts.
func (v *envelope) finding() report.Finding {
	f := report.Finding{ID: FindingKey, Status: report.StatusPass, Method: report.MethodObserved}
	f.Observed = fmt.Sprintf("every saved file is encrypted with age, to %d key", len(v.list.Recipients))
	if len(v.list.Recipients) > 1 {
		f.Observed += "s, any of which opens it"
	}
	switch {
	case v.list.Identity != nil:
		f.Summary = "the backup is encrypted, and its passphrase was seen to open the key that opens it"
		f.Remedy = "keep the passphrase: without it nobody can open this backup, and preship cannot help"
	case v.tried:
		f.Summary = "the backup is encrypted, and the key given was seen to open what is encrypted to it"
		f.Remedy = "keep the key: without it nobody can open this backup, and preship cannot help"
	default:
		f.Status = report.StatusWarn
		f.Summary = "the backup is encrypted, and preship has not seen a key open it"
		f.Remedy = "before anything is erased, try the secret key: preship backup verify DIR --identity FILE. without it nobody can open this backup"
	}
	return f
}
