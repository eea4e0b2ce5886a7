package doctor

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"preship/backup/disk"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/message"
)

// How much room is too little, and how much may be: a handset's own data is
// mostly between the two.
const (
	leastRoom   = 1 << 30
	doubtedRoom = 32 << 30
)

// fileSystems are the kinds that cannot hold all that handsets have.
var fileSystems = map[string]struct {
	maxFile int64 // the largest file; 0 is any
	gone    bool  // it is in memory: its files do not survive a restart
	far     bool  // over a network
}{
	"vfat":   {maxFile: 1<<32 - 1},
	"hfs":    {maxFile: 1<<31 - 1},
	"tmpfs":  {gone: true},
	"ramfs":  {gone: true},
	"nfs":    {far: true},
	"smb":    {far: true},
	"webdav": {far: true},
}

// place returns the folder for cases, or its nearest parent that exists.
func (f *facts) place() (dir string, err error) {
	dir, err = filepath.Abs(f.Out)
	for err == nil {
		info, statErr := os.Stat(dir)
		switch {
		case statErr == nil && info.IsDir():
			return dir, nil
		case statErr == nil:
			return "", message.Error(message.Say("error.no-folder", "path", dir), nil)
		case !errors.Is(statErr, os.ErrNotExist) || filepath.Dir(dir) == dir:
			return "", statErr
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}

const otherFolder message.ID = "doctor.folder.other"

func checkDisk(_ context.Context, f *facts) result {
	dir, err := f.place()
	if err != nil {
		return result{report.StatusFail, message.Of(err), next(otherFolder)}
	}
	v, err := f.machine.volume(dir)
	if err != nil {
		return result{report.StatusUnknown, couldNotLook(err), next(otherFolder)}
	}
	found := message.Say("doctor.disk.free", "size", amount.Bytes(v.Free), "folder", dir)
	switch {
	case v.Free < leastRoom:
		return result{report.StatusFail, found, next("doctor.disk.make-room")}
	case v.Free < doubtedRoom:
		return result{report.StatusWarn, found, next("doctor.disk.may-fill")}
	}
	return result{status: report.StatusPass, found: found}
}

// checkFolder checks that the file system has what a backup needs, in a folder that it
// removes afterwards. A name that the file system cannot hold is no loss: the backup
// writes another one, and its manifest has the handset's own.
func checkFolder(_ context.Context, f *facts) result {
	dir, err := f.place()
	if err != nil {
		return result{report.StatusFail, message.Of(err), next(otherFolder)}
	}
	notes, err := tryNames(dir)
	if err != nil {
		return result{report.StatusFail, message.Say("doctor.folder.unwritable", "folder", dir, "error", message.Of(err)), next(otherFolder)}
	}
	v, err := f.machine.volume(dir)
	if err != nil {
		v.Kind = ""
	}
	s := result{status: report.StatusPass, found: message.Join(message.Semicolon, append(next("doctor.folder.writable"), notes...)...)}
	if v.Kind != "" {
		s.found = message.Join(message.Comma, message.AsIs(v.Kind), s.found)
	}
	switch traits := fileSystems[v.Kind]; {
	case traits.maxFile > 0:
		s.status = report.StatusWarn
		s.next = []message.Sentence{message.Say("doctor.folder.max-file", "size", amount.Bytes(traits.maxFile))}
	case traits.gone:
		s.status = report.StatusWarn
		s.next = next("doctor.folder.memory")
	case traits.far:
		s.status = report.StatusWarn
		s.next = next("doctor.folder.network")
	}
	return s
}

// tryNames creates files with names that handsets have. The notes name the rules of the
// file system. The error means that no file can be created.
func tryNames(dir string) (notes []message.Sentence, err error) {
	at, err := os.MkdirTemp(dir, ".preship-doctor-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(at)) }()
	root, err := os.OpenRoot(at)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	rules, err := disk.TryNames(root)
	if err != nil {
		return nil, err
	}
	if rules.Fold {
		notes = append(notes, message.Say("doctor.folder.case"))
	}
	if rules.Reserved {
		notes = append(notes, message.Say("doctor.folder.colons"))
	}
	if os.WriteFile(filepath.Join(at, strings.Repeat("n", 255)), nil, 0o600) != nil {
		notes = append(notes, message.Say("doctor.folder.long"))
	}
	return notes, nil
}
