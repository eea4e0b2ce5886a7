package adb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"preship/adb"
	"preship/adb/conformance"
)

// peer shows a Device to the list of expectations that other clients are
// checked by too.
type peer struct {
	dev *adb.Device
}

func (p peer) Shell(ctx context.Context, line string, stdin []byte) (conformance.ShellAnswer, error) {
	res, err := p.dev.Shell(ctx, line, bytes.NewReader(stdin))
	return conformance.ShellAnswer{Stdout: res.Stdout, Stderr: res.Stderr, Exit: res.Exit}, err
}

func (p peer) Push(ctx context.Context, path string, data []byte, perm fs.FileMode, mtime time.Time) error {
	s, err := p.dev.Sync(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Push(path, perm, mtime, bytes.NewReader(data))
}

func (p peer) Pull(ctx context.Context, path string) ([]byte, error) {
	var b bytes.Buffer
	_, err := p.dev.PullFile(ctx, path, &b)
	return b.Bytes(), err
}

func (p peer) List(ctx context.Context, dir string) ([]string, error) {
	entries, err := p.dev.List(ctx, dir)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
	}
	return names, err
}

func (p peer) Stat(ctx context.Context, path string) (conformance.FileAnswer, error) {
	s, err := p.dev.Sync(ctx)
	if err != nil {
		return conformance.FileAnswer{}, err
	}
	defer s.Close()
	fi, err := s.Lstat(path)
	var refused *adb.SyncError
	if errors.As(err, &refused) && refused.Errno == 0 {
		// Version 1 cannot tell missing from hidden; here nothing is hidden.
		err = fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return conformance.FileAnswer{Mode: fi.Mode, Size: fi.Size, MTime: fi.MTime}, err
}

func (p peer) State(ctx context.Context) (string, error) {
	s, err := p.dev.State(ctx)
	return string(s), err
}

func (p peer) Service(ctx context.Context, name string) ([]byte, error) {
	return p.dev.Service(ctx, name, 16<<20)
}

func (p peer) Open(ctx context.Context, service string) (io.ReadWriteCloser, error) {
	c, err := p.dev.Open(ctx, service)
	if err != nil {
		return nil, err
	}
	return c, nil
}
