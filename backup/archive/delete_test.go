package archive_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"preship/backup/archive"
)

func TestDelete(t *testing.T) {
	t.Parallel()
	root, s, k := sample(t), folder(t), newKeys(t)
	w := write(t, s, root, k)
	must(t, s.Put(t.Context(), "PS-20261122-7K3Q9E/key.age", strings.NewReader("of another case"), time.Time{}))
	// Killed right after the key: nothing opens the rest.
	if _, err := archive.Delete(t.Context(), &deleting{Store: s, n: 1}, id, testTime); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if err := fetchInto(t, s, k, w.Digest); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("without its key: %v", err)
	}
	d, err := archive.Delete(t.Context(), s, id, testTime)
	if err != nil || d.Keys != 0 || d.Versions < 5 || d.Bytes == 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if left := objects(t, s); len(left) != 1 {
		t.Errorf("left: %d objects", len(left))
	}
	if d, err = archive.Delete(t.Context(), s, id, testTime); err != nil || d != (archive.Deleted{}) {
		t.Errorf("again: %+v, %v", d, err)
	}
	write(t, s, root, k)
	// A store that says it deletes and does not.
	if _, err := archive.Delete(t.Context(), &deleting{Store: s, lies: true, n: 1000}, id, testTime); !errors.Is(err, archive.ErrStillThere) {
		t.Errorf("%v, want %v", err, archive.ErrStillThere)
	}
	before := len(objects(t, s))
	_, err = archive.Delete(t.Context(), &deleting{Store: s, until: testTime.AddDate(0, 0, 3), n: 1000}, id, testTime)
	if !errors.Is(err, archive.ErrRetained) || !strings.Contains(err.Error(), "2026-11-25") || len(objects(t, s)) != before {
		t.Errorf("%v, want %v with the date, and nothing deleted", err, archive.ErrRetained)
	}
	if d, err := archive.Delete(t.Context(), &deleting{Store: s, until: testTime.AddDate(0, 0, 3), n: 1000}, id, testTime.AddDate(0, 0, 3)); err != nil || d.Keys != 1 {
		t.Errorf("when it is over: %+v, %v", d, err)
	}
}

// deleting is a store that ends after some deletions, lies, or retains.
type deleting struct {
	archive.Store
	n     int
	lies  bool
	until time.Time
}

func (d *deleting) Delete(ctx context.Context, v archive.Version) error {
	if d.n--; d.n < 0 {
		return errKilled
	}
	if d.lies {
		return nil
	}
	return d.Store.Delete(ctx, v)
}

func (d *deleting) Until(context.Context, archive.Version) (time.Time, error) { return d.until, nil }
