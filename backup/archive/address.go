package archive

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"preship/report/casedir"
	"preship/report/message"
)

// ErrAddress means that a text is not the address of an archive.
var ErrAddress = message.Error(message.Say("archive.error.address"), nil)

// Address is where an archive is: a folder, or a place in a bucket.
type Address struct {
	Folder         string // an absolute path; empty for a bucket
	Bucket, Prefix string
	Case           string // the ID at its end, if it names one case
}

// IsAddress reports whether a text is meant as an address rather than a folder.
func IsAddress(text string) bool {
	return strings.HasPrefix(text, "s3://") || strings.HasPrefix(text, "file://")
}

// ParseAddress reads s3://BUCKET/PREFIX, file:///FOLDER or the path of a folder. The ID of a
// case at the end is not part of the place. The error is [ErrAddress]: also for an address
// with a password, which would be kept in the case.
func ParseAddress(text string) (a Address, err error) {
	rest, isBucket := strings.CutPrefix(text, "s3://")
	if !isBucket {
		return folderAddress(text)
	}
	bucket, prefix, _ := strings.Cut(rest, "/")
	prefix = strings.Trim(prefix, "/")
	if id := path.Base(prefix); casedir.IsID(id) {
		a.Case, prefix = id, strings.TrimSuffix(strings.TrimSuffix(prefix, id), "/")
	}
	if a.Bucket, a.Prefix = bucket, prefix; !validBucket(bucket) || prefix != "" && (len(prefix) > 200 || !nameForm.MatchString(prefix)) {
		return Address{}, ErrAddress
	}
	return a, nil
}

func validBucket(name string) bool {
	return len(name) >= 3 && len(name) <= 63 && nameForm.MatchString(name)
}

func folderAddress(text string) (a Address, err error) {
	folder := text
	switch {
	case strings.HasPrefix(text, "file://"):
		u, err := url.Parse(text)
		if err != nil || u.Host != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path == "" {
			return a, ErrAddress
		}
		folder = filepath.FromSlash(u.Path)
		if bare := strings.TrimPrefix(u.Path, "/"); filepath.VolumeName(filepath.FromSlash(bare)) != "" {
			folder = filepath.FromSlash(bare) // file:///C:/cases
		}
	case text == "" || strings.Contains(text, "://"):
		return a, ErrAddress
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return a, ErrAddress
	}
	if id := filepath.Base(folder); casedir.IsID(id) {
		a.Case, folder = id, filepath.Dir(folder)
	}
	a.Folder = folder
	return a, nil
}

// String returns the address of the place, without the case.
func (a Address) String() string {
	if a.Folder == "" {
		return strings.TrimSuffix("s3://"+a.Bucket+"/"+a.Prefix, "/")
	}
	slashed := filepath.ToSlash(a.Folder)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}
