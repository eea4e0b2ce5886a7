package restore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"preship/adb"
	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
)

// compare reports for each file whether its contents on the handset match the manifest:
// by the handset's SHA-256, or by reading the file back if the handset gives no hash.
func (s *session) compare(ctx context.Context, files []*manifest.Entry) ([]bool, error) {
	same := make([]bool, len(files))
	known := make([]bool, len(files))
	enter := func(k int, sum [sha256.Size]byte) {
		known[k] = true
		same[k] = manifest.SameSum(sum[:], files[k].ContentSum())
	}
	if err := s.handsetSums(ctx, files, enter); err != nil {
		return nil, err
	}
	for k, e := range files {
		if known[k] {
			continue
		}
		h := sha256.New()
		err := s.link.Retry(ctx, func(ctx context.Context) error {
			h.Reset()
			_, err := s.link.Device().PullFile(ctx, e.OnHandset(), h)
			return err
		})
		var refused *adb.SyncError
		if err != nil && !errors.As(err, &refused) {
			return nil, err
		}
		if err == nil {
			enter(k, [sha256.Size]byte(h.Sum(nil)))
		}
	}
	return same, nil
}

// handsetSums asks for the SHA-256 of files, and calls enter for those the handset gives.
func (s *session) handsetSums(ctx context.Context, files []*manifest.Entry, enter func(k int, sum [sha256.Size]byte)) error {
	var at []int
	var names [][]byte
	var stdin bytes.Buffer
	total := int64(0)
	for k, e := range files {
		name := e.OnHandset()
		if strings.ContainsRune(name, '\n') {
			continue // see parseHashList
		}
		at = append(at, k)
		names = append(names, []byte(name))
		stdin.WriteString(name + "\x00")
		total += e.Size
	}
	if len(names) == 0 {
		return nil
	}
	line := handset.HashFiles.Must().Over(total)
	err := s.link.Retry(ctx, func(ctx context.Context) error {
		a, err := s.link.Run(ctx, line, stdin.Bytes())
		if err != nil {
			return err
		}
		return query.ParseHashList(a.Stdout, names, func(i int, sum [sha256.Size]byte) { enter(at[i], sum) })
	})
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, query.ErrHashList) {
		return nil // they are read back instead
	}
	return err
}
