package query

import (
	"context"

	"preship/adb"
	"preship/adb/link"
)

// Seen is the answer of lstat for one name.
type Seen struct {
	Info adb.FileInfo
	Err  error
}

// Lstat calls lstat for names on the handset, over one stream. After a broken
// connection it starts again. An error about one name is in its Seen.
func Lstat(ctx context.Context, l *link.Link, paths []string) ([]Seen, error) {
	infos := make([]Seen, len(paths))
	if len(paths) == 0 {
		return infos, nil
	}
	err := l.Retry(ctx, func(ctx context.Context) error {
		s, err := l.Device().Sync(ctx)
		if err != nil {
			return err
		}
		defer s.Close()
		return s.LstatAll(paths, func(i int, fi adb.FileInfo, err error) error {
			infos[i] = Seen{fi, err}
			return nil
		})
	})
	return infos, err
}
