package casedir

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"

	"preship/report/message"
	"preship/report/safefile"
)

// MaxUnpacked is the most bytes of a package that are read, all files together. It
// has a few megabytes, and as many photos as the intake form takes; the backup
// is outside of it.
const MaxUnpacked = 1 << 30

// DigestFile hashes a regular file of the folder.
func DigestFile(in safefile.Folder, name string) (string, error) {
	digest, _, err := DigestWithin(in, name, MaxUnpacked)
	return digest, err
}

// DigestWithin hashes a regular file that has so many bytes at most, and says how
// many it has. The error is ErrTooLarge for a larger one, of which nothing is
// read: a file of gigabytes with nothing in it takes no room to send.
func DigestWithin(in safefile.Folder, name string, most int64) (digest string, size int64, err error) {
	f, err := in.OpenRegular(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() > most {
		return "", 0, errors.Join(err, tooLarge())
	}
	h := sha256.New()
	size, err = io.Copy(h, io.LimitReader(f, most+1))
	if err == nil && size > most {
		err = tooLarge()
	}
	if err != nil {
		return "", size, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

func tooLarge() error {
	return message.Detail(safefile.ErrTooLarge, message.Say("error.detail.package-limit", "size", strconv.Itoa(MaxUnpacked>>20)))
}
