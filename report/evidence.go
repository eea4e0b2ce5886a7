package report

import (
	"errors"
	"fmt"
	"io/fs"

	"preship/report/safefile"
)

// checkEvidence compares the record of commands with the digests of the files
// in the folder. A case in which nothing was asked has neither.
func checkEvidence(in safefile.Folder, id string, sums []sum) error {
	have := make(map[string]string, len(sums))
	for _, s := range sums {
		have[s.name] = s.sha256
	}
	f, err := in.OpenRegular(logName)
	if errors.Is(err, fs.ErrNotExist) {
		for _, s := range sums {
			if evidenceName.MatchString(s.name) {
				return fmt.Errorf("%w: %s is missing", ErrBrokenLog, logName)
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
				return fmt.Errorf("%w: %s is not what the handset answered", ErrBrokenLog, s.File)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err != nil || info.Size() != end.size {
		return errors.Join(err, fmt.Errorf("%w: the last line is torn", ErrBrokenLog))
	}
	return nil
}
