package backup

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/report/message"
)

// ErrNotSaved means that the backup has no file of that name.
var ErrNotSaved = message.Error(message.Say("backup.error.not-saved"), nil)

// Open opens one file of a backup: name is its path on the handset, or the name
// of an item, such as "contacts.vcf". key may be nil if the backup is not encrypted; else
// the error is [agefile.ErrKeyNeeded] or [agefile.ErrWrongKey]. root is the case folder.
//
// The last read returns [disk.ErrDamaged] if size or SHA-256 differ from the manifest. The
// caller closes the file.
func Open(root *os.Root, name string, key *agefile.Key) (io.ReadCloser, *manifest.Entry, error) {
	e, err := find(root, name)
	if err != nil {
		return nil, nil, err
	}
	f, err := agefile.OpenEntry(root, e, key)
	if err != nil {
		return nil, nil, err
	}
	return &comparedFile{f: f, sum: sha256.New(), entry: e}, e, nil
}

func find(root *os.Root, name string) (found *manifest.Entry, err error) {
	m, err := manifest.Load(root, func(e *manifest.Entry) error {
		better := found == nil || e.Status == manifest.StatusKept // a kept version is proved, the entry before it is not
		if better && e.Type == manifest.TypeFile && e.ContentSum() != "" && e.OnHandset() == name {
			one := *e
			found = &one
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if found != nil {
		return found, nil
	}
	for _, it := range m.Items {
		if it.Valid() && (it.Name() == name || it.File == name) {
			return it.Entry(it.File), nil
		}
	}
	return nil, fmt.Errorf("%s: %w", manifest.Display(name), ErrNotSaved)
}

// comparedFile compares a file with its entry while it is read.
type comparedFile struct {
	f     io.ReadCloser
	sum   hash.Hash
	n     int64
	entry *manifest.Entry
}

func (c *comparedFile) Read(b []byte) (int, error) {
	n, err := c.f.Read(b)
	c.sum.Write(b[:n])
	c.n += int64(n)
	if errors.Is(err, io.EOF) && (c.n != c.entry.Size || !manifest.SameSum(c.sum.Sum(nil), c.entry.ContentSum())) {
		err = fmt.Errorf("%s: %w", manifest.Display(c.entry.InCase()), disk.ErrDamaged)
	}
	return n, err
}

func (c *comparedFile) Close() error { return c.f.Close() }
