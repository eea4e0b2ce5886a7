package casedir

import (
	"errors"
	"io/fs"

	"preship/report"
	"preship/report/message"
	"preship/report/safefile"
)

// CheckEvidence compares the record of commands of case id with the digests of the
// files in the folder, by name. A case in which nothing was asked has neither.
func CheckEvidence(in safefile.Folder, id string, have map[string]string) error {
	f, err := in.OpenRegular(LogName)
	if errors.Is(err, fs.ErrNotExist) {
		for name := range have {
			if report.EvidenceName().MatchString(name) {
				return message.Detail(ErrBrokenLog, message.Say("error.detail.missing", "file", LogName))
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	end, err := readLog(f, id, func(l logLine) error {
		for _, s := range []*stored{l.Stdout, l.Stderr} {
			if s != nil && have[s.File] != s.SHA256 {
				return message.Detail(ErrBrokenLog, message.Say("error.detail.not-the-answer", "file", s.File))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err != nil || info.Size() != end.size {
		return errors.Join(err, message.Detail(ErrBrokenLog, message.Say("error.detail.torn")))
	}
	return nil
}
