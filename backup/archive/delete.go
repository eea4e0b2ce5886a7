package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"preship/report/message"
)

// ErrStillThere means that a store still lists a version after all were deleted.
var ErrStillThere = message.Error(message.Say("archive.error.still-there"), nil)

// Deleted is what [Delete] deleted.
type Deleted struct {
	Keys     int   // versions of the key of the case; without them no key opens the rest
	Versions int   // all versions that held bytes, with the keys, and uploads that did not end
	Bytes    int64 // of the versions; the size of an upload that did not end is not known
}

// Delete deletes every version of a case in a store, its key first, looks again, and returns
// the deleted objects. A case that is not there returns zeros. It may be called again after any
// error, and after a crash.
//
// The error is [ErrRetained] if the store keeps a version for longer than now; then nothing
// is deleted. It is [ErrStillThere] if a version is still listed afterwards, and is one of
// the store otherwise.
func Delete(ctx context.Context, s Store, id string, now time.Time) (d Deleted, err error) {
	all, err := versionsOf(ctx, s, id)
	if err != nil {
		return d, err
	}
	if until, err := retained(ctx, s, all); err != nil {
		return d, err
	} else if until.After(now) {
		return d, message.Kind(message.Say("archive.retained", "date", until.UTC().Format(time.DateOnly)), ErrRetained)
	}
	for _, v := range inOrder(id, all) {
		if err := s.Delete(ctx, v); err != nil {
			return d, fmt.Errorf("%s: %w", v.Name, err)
		}
		if IsKey(id, v) {
			d.Keys++
		}
		if v.Kind != Mark {
			d.Versions++
		}
		d.Bytes += v.Size
	}
	left, err := versionsOf(ctx, s, id)
	if err == nil && len(left) > 0 {
		err = message.Kind(message.Say("archive.still-there", "count", len(left), "name", left[0].Name), ErrStillThere)
	}
	return d, err
}

// IsKey reports whether a version is of the key of a case: with all of them gone no key
// opens the rest.
func IsKey(id string, v Version) bool { return v.Name == id+"/"+keyName && v.Kind == Data }

// inOrder returns the order of deletion: the key first, and the list, which names what an
// archive has, last.
func inOrder(id string, all []Version) []Version {
	var key, list, rest []Version
	for _, v := range all {
		switch v.Name {
		case id + "/" + keyName:
			key = append(key, v)
		case id + "/" + listName:
			list = append(list, v)
		default:
			rest = append(rest, v)
		}
	}
	return append(append(key, rest...), list...)
}

// Until returns until when a store keeps a version of a case from being deleted: the latest
// of all. It is zero if the case can be deleted, or is not there.
func Until(ctx context.Context, s Store, id string) (time.Time, error) {
	all, err := versionsOf(ctx, s, id)
	if err != nil {
		return time.Time{}, err
	}
	return retained(ctx, s, all)
}

func retained(ctx context.Context, s Store, all []Version) (last time.Time, err error) {
	for _, v := range all {
		if v.Kind != Data {
			continue
		}
		until, err := s.Until(ctx, v)
		if err != nil && !errors.Is(err, ErrNotThere) {
			return last, fmt.Errorf("%s: %w", v.Name, err)
		}
		if until.After(last) {
			last = until
		}
	}
	return last, nil
}
