//go:build desks

package desks

import (
	"context"
	"os"
	"time"

	"preship/backup/archive"
	"preship/backup/archive/s3"
	"preship/report/register"
	"preship/report/register/central"
)

type shared struct{ *central.Desk }

// Open returns the shared register at an address, without connecting. It returns
// [central.ErrAddress] or [central.ErrPlain] for an address that it refuses. The caller
// closes it.
func Open(address string, now func() time.Time) (Shared, error) {
	if err := central.Check(address); err != nil {
		return nil, err
	}
	name, err := name()
	if err != nil {
		return nil, err
	}
	return shared{&central.Desk{Address: address, DeskName: name, Now: now}}, nil
}

func (s shared) Name() string { return s.DeskName }

func (s shared) Store(ctx context.Context, folder string) (register.Store, error) {
	server, err := s.Server(ctx)
	if err != nil {
		return nil, err
	}
	return server.Folder(s.DeskName, folder), nil
}

// name returns the name of this desk: the environment's, or the computer's.
func name() (string, error) {
	if n := os.Getenv(NameVariable); n != "" {
		return n, nil
	}
	return os.Hostname()
}

// bucket opens a place in a bucket, without connecting.
func bucket(a archive.Address) (archive.Store, error) { return s3.Open(a.Bucket, a.Prefix, os.Getenv) }
