package purge

import (
	"context"
	"time"

	"preship/backup/archive"
	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/message"
)

// Archived returns the places of Options.Places for cases that were archived. open opens
// the store at an address; now is when a retention lock is judged.
func Archived(open func(archive.Address) (archive.Store, error), now func() time.Time) func(context.Context, *casedir.Case) ([]Place, error) {
	return func(_ context.Context, c *casedir.Case) ([]Place, error) {
		a := c.Archived()
		if a == nil {
			return nil, nil
		}
		address, err := archive.ParseAddress(a.Address)
		if err != nil {
			return nil, err
		}
		store, err := open(address)
		if err != nil {
			return nil, err
		}
		return []Place{&archived{store: store, address: address.String() + "/" + c.ID(), id: c.ID(), now: now}}, nil
	}
}

// archived is a case in an archive.
type archived struct {
	store   archive.Store
	address string
	id      string
	now     func() time.Time
}

// Refuses returns [archive.ErrRetained], with the date, if the store keeps a version.
func (a *archived) Refuses(ctx context.Context) error {
	until, err := archive.Until(ctx, a.store, a.id)
	if err == nil && until.After(a.now()) {
		err = message.Kind(message.Say("archive.retained", "date", until.UTC().Format(time.DateOnly)), archive.ErrRetained)
	}
	return err
}

func (a *archived) Count(ctx context.Context) (deletion.Place, error) {
	at := deletion.Place{Kind: deletion.Archive, Address: a.address}
	err := a.each(ctx, func(v archive.Version) error {
		if v.Kind == archive.Mark {
			return nil
		}
		if at.Files++; archive.IsKey(a.id, v) {
			at.Keys++
		}
		at.Bytes += v.Size
		return nil
	})
	return at, err
}

func (a *archived) each(ctx context.Context, fn func(archive.Version) error) error {
	return a.store.Versions(ctx, a.id+"/", fn)
}

// DestroyKeys deletes every version of the key of the case.
func (a *archived) DestroyKeys(ctx context.Context) error {
	var keys []archive.Version
	err := a.each(ctx, func(v archive.Version) error {
		if archive.IsKey(a.id, v) {
			keys = append(keys, v)
		}
		return nil
	})
	for _, v := range keys {
		if err == nil {
			err = a.store.Delete(ctx, v)
		}
	}
	return err
}

func (a *archived) Delete(ctx context.Context) error {
	_, err := archive.Delete(ctx, a.store, a.id, a.now())
	return err
}

func (a *archived) Left(ctx context.Context) (names []string, err error) {
	err = a.each(ctx, func(v archive.Version) error {
		if len(names) < maxLeft {
			names = append(names, v.Name)
		}
		return nil
	})
	return names, err
}

func (a *archived) Close() error { return a.store.Close() }
