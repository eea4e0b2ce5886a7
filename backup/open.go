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
)

// ErrNotSaved: the backup has no file of that name.
var ErrNotSaved = errors.New("no such file in the backup")

// Open opens one file of a backup: name is its path on the handset, or the name
// of an item, such as "contacts.vcf". key may be nil where nothing is encrypted;
// otherwise the error is ErrKeyNeeded or ErrWrongKey. root is the case folder.
//
// The last read fails where what was read is not what the manifest says. The
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
	return &held{f: f, sum: sha256.New(), entry: e}, e, nil
}

func find(root *os.Root, name string) (found *manifest.Entry, err error) {
	m, err := manifest.Load(root, func(e *manifest.Entry) error {
		better := found == nil || e.Status == manifest.StatusKept // proved, and what comes before it is not
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

// held is a file that is compared while it is read.
type held struct {
	f     io.ReadCloser
	sum   hash.Hash
	n     int64
	entry *manifest.Entry
}

func (h *held) Read(b []byte) (int, error) {
	n, err := h.f.Read(b)
	h.sum.Write(b[:n])
	h.n += int64(n)
	if errors.Is(err, io.EOF) && (h.n != h.entry.Size || !manifest.SameSum(h.sum.Sum(nil), h.entry.ContentSum())) {
		err = fmt.Errorf("%s: %w", manifest.Display(h.entry.InCase()), disk.ErrDamaged)
	}
	return n, err
}

func (h *held) Close() error { return h.f.Close() }
