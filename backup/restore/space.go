package restore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// ErrNoRoom means that the handset has too little space left for the files to send.
var ErrNoRoom = message.Error(message.Say("restore.error.no-room"), nil)

// leftOver is the space, in bytes, that must stay free on the handset: Android runs badly on
// a full storage.
const leftOver = 200 << 20

// fits compares the free space of each storage with the files that are missing there, before
// anything is sent. The error is [ErrNoRoom]; a dry run has a problem instead. A storage
// whose free space is not known is tried.
func (st *storages) fits(ctx context.Context) error {
	if !st.wants(PartFiles) {
		return nil
	}
	for _, root := range slices.Sorted(maps.Keys(st.sizes)) {
		if st.lacks(&manifest.Entry{Path: root}) {
			continue
		}
		free, known, err := st.free(ctx, root)
		if err != nil {
			return err
		}
		if !known || st.sizes[root]+leftOver <= free {
			continue
		}
		need, err := st.missing(ctx, root)
		if err != nil {
			return err
		}
		if need == 0 || need+leftOver <= free {
			continue
		}
		why := message.Say("restore.problem.no-room", "needed", megabytes(need), "free", megabytes(free))
		if !st.options.DryRun {
			return message.Kind(message.Join(message.Colon, message.AsIs(manifest.Display(root)), why), ErrNoRoom)
		}
		st.problem(root, why)
	}
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// free returns the free space of a storage, in bytes.
func (s *session) free(ctx context.Context, root string) (n int64, known bool, err error) {
	line, err := handset.DiskFree.With(root)
	if err != nil {
		return 0, false, nil //nolint:nilerr // a path that cannot be asked about
	}
	a, err := query.Ask(ctx, s.link, line)
	if err == nil {
		err = query.Refusal(a)
	}
	if err != nil {
		if errors.Is(err, query.ErrRefused) {
			err = nil
		}
		return 0, false, err
	}
	disk, err := dump.ParseDF(a.Stdout)
	return disk.Free, err == nil, nil
}

// missing returns how many bytes of the files of a storage are not on the handset.
func (st *storages) missing(ctx context.Context, root string) (n int64, err error) {
	var batch []*manifest.Entry
	flush := func() error {
		there, err := st.stat(ctx, batch)
		for i := range there {
			if err == nil && (there[i].Err != nil || !sameSize(there[i].Info, batch[i].Size)) {
				n += batch[i].Size
			}
		}
		batch = batch[:0]
		return err
	}
	_, err = st.load(func(e *manifest.Entry) error {
		if e.Type != manifest.TypeFile || !restorable(e) || st.kept.replaces(e) || len(e.OnHandset()) > maxSyncPath || rootOf(e.OnHandset()) != root {
			return nil
		}
		one := *e
		if batch = append(batch, &one); len(batch) < restoreBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return n, err
}
