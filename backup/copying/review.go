package copying

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"preship/adb"
	"preship/backup/plan"
	"preship/backup/query"
	"preship/report/message"
)

// refused enters that the handset refused a file with err; nil means that it did not open
// the file.
func (r *round) refused(i uint32, err error) {
	if err == nil {
		err = message.Error(message.Say("backup.why.not-opened"), nil)
	}
	s, again := plan.StateUnreadable, true
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s, again = plan.StateVanished, false
	case errors.Is(err, fs.ErrPermission):
		again = false
	}
	r.Plan.Failed(i, s, query.Reason(err), again)
}

// maxStalls is how often a file may fall silent without one more byte of it: three silences
// of 20 s are a minute.
const maxStalls = 3

// interrupted counts a connection that was lost with err while a file was read. The file is
// tried again after all others, or given up after too many losses.
func (r *round) interrupted(i uint32, err error) {
	if !r.strike(i, err) {
		r.queue.suspect(i)
	}
}

// strike counts a lost connection, and reports whether it gave the file up after too many.
func (r *round) strike(i uint32, err error) bool {
	if errors.Is(err, adb.ErrTimeout) && r.stalled(i) {
		r.Plan.Failed(i, plan.StateUnreadable, message.Say("backup.why.stalled", "count", maxStalls), false)
		return true
	}
	n, out := r.strikes.Add(i)
	if out {
		r.Plan.Failed(i, plan.StateUnreadable, message.Say("backup.why.lost-connection", "count", n), false)
	}
	return out
}

// stalled counts a silence, and reports whether it was one too many.
func (r *round) stalled(i uint32) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stalls[i]++
	return r.stalls[i] >= maxStalls
}

// review calls lstat for the doubtful files again, and returns those for another round.
func (r *round) review(ctx context.Context, files []uint32) (again []uint32, err error) {
	var doubtful []uint32
	for _, i := range files {
		if r.Plan.Doubtful(i) {
			doubtful = append(doubtful, i)
		}
	}
	for chunk := range slices.Chunk(doubtful, reviewChunk) {
		now, err := r.lstat(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for k, i := range chunk {
			if r.second(i, now[k]) {
				again = append(again, i)
			}
		}
	}
	return again, nil
}

// lstat calls lstat for files on the handset.
func (r *round) lstat(ctx context.Context, files []uint32) ([]query.Seen, error) {
	paths := make([]string, len(files))
	for k, i := range files {
		paths[k] = string(r.Plan.Path(i))
	}
	return query.Lstat(ctx, r.Link, paths)
}

// second settles a file by the second lstat, or reports that it is read again.
func (r *round) second(i uint32, now query.Seen) (again bool) {
	last, copied := r.Plan.LastTry(i), r.Plan.Copied(i)
	same := r.Plan.Same(i, now.Info.Size, now.Info.MTime.Unix(), now.Info.Ino)
	switch {
	case plan.Gone(now.Err) && !copied:
		r.Plan.Failed(i, plan.StateVanished, message.Say("backup.why.deleted-unread"), false)
	case plan.Gone(now.Err):
		r.Plan.Failed(i, plan.StateChanged, message.Say("backup.why.deleted-unproved"), false)
	case now.Err != nil:
		r.Plan.Failed(i, r.Plan.State(i), query.Reason(now.Err), false)
	case !now.Info.IsRegular():
		r.Plan.Failed(i, plan.StateChanged, message.Say("backup.why.no-file"), false)
	case !same && last:
		r.Plan.Failed(i, plan.StateChanged, message.Say("backup.why.changing", "count", plan.MaxTries), false)
	case !same:
		r.Plan.Renew(i)
		r.Plan.Describe(i, now.Info, nil)
		again = true
	case r.Plan.Again(i) && !last:
		r.Plan.Renew(i)
		again = true
	}
	return again
}
