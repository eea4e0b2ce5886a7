package backup

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"preship/adb"
	"preship/adb/link"
	"preship/backup/plan"
)

// statChunk is how many names are asked about before another stream may take over.
const statChunk = 1024

// Describe calls lstat for every entry of the plan from start on, over several streams,
// and enters the answers.
func (l *Lister) Describe(ctx context.Context, start uint32) error {
	var next atomic.Uint32
	next.Store(start)
	g, ctx := errgroup.WithContext(ctx)
	for range l.streams {
		g.Go(func() error { return l.statStream(ctx, &next) })
	}
	return g.Wait()
}

// statStream takes chunks of names until there are none, all on one stream as
// long as that holds.
func (l *Lister) statStream(ctx context.Context, next *atomic.Uint32) error {
	s := &statter{link: l.link}
	defer s.close()
	for {
		from := next.Add(statChunk) - statChunk
		if from >= l.plan.Len() {
			return nil
		}
		ids := make([]uint32, 0, statChunk)
		for i := from; i < min(from+statChunk, l.plan.Len()); i++ {
			ids = append(ids, i)
		}
		if err := s.stat(ctx, l.plan, ids, l.plan.Describe); err != nil {
			return err
		}
	}
}

// statter asks what names are, over one sync stream that it opens when needed.
type statter struct {
	link *link.Link
	sync *adb.Sync
}

// stat calls fn with what lstat says of each entry. After a broken connection it
// asks for all of ids again.
func (s *statter) stat(ctx context.Context, p *plan.Plan, ids []uint32, fn func(i uint32, fi adb.FileInfo, err error)) error {
	paths := make([]string, len(ids))
	for k, i := range ids {
		paths[k] = string(p.Path(i))
	}
	return s.link.Retry(ctx, func(ctx context.Context) (err error) {
		if s.sync == nil {
			if s.sync, err = s.link.Device().Sync(ctx); err != nil {
				s.sync = nil
				return err
			}
		}
		err = s.sync.LstatAll(paths, func(k int, fi adb.FileInfo, err error) error {
			fn(ids[k], fi, err)
			return nil
		})
		if err != nil {
			s.close()
		}
		return err
	})
}

func (s *statter) close() {
	if s.sync != nil {
		s.sync.Close()
		s.sync = nil
	}
}
