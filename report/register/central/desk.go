package central

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"preship/report"
	"preship/report/register"
)

// pause is how long a desk that is cut off works without asking the database again.
const pause = 30 * time.Second

// Desk writes the cases of one desk into the shared register, and claims its handsets. It is
// safe for concurrent use. All fields are needed; the caller closes it.
type Desk struct {
	Address string // of the database
	// DeskName is different from every other desk's.
	DeskName string
	Now      func() time.Time

	mu     sync.Mutex
	server *Server
	failed time.Time // when the database last did not answer; zero: it did
	why    error
	behind map[string]bool // folders with cases that the database lacks
}

// Server returns the connection of the desk, and connects if there is none. For a while
// after a failure it returns the same error at once.
func (d *Desk) Server(ctx context.Context) (*Server, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.server != nil {
		return d.server, nil
	}
	if !d.failed.IsZero() && d.Now().Sub(d.failed) < pause {
		return nil, d.why
	}
	s, err := Connect(ctx, d.Address)
	if err != nil {
		d.failed, d.why = d.Now(), err
		return nil, err
	}
	d.server, d.failed, d.why = s, time.Time{}, nil
	return s, nil
}

// Remember writes a case into the shared register, and with it everything of its folder that
// could not be written before. Its error stops no job: the folder stays the truth.
func (d *Desk) Remember(ctx context.Context, caseDir string) error {
	caseDir, err := filepath.Abs(caseDir)
	if err != nil {
		return err
	}
	dir := filepath.Dir(caseDir)
	err = d.write(ctx, dir, caseDir)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.behind == nil {
		d.behind = map[string]bool{}
	}
	d.behind[dir] = err != nil
	if err != nil && d.failed.IsZero() {
		d.failed, d.why = d.Now(), err
		d.close()
	}
	return err
}

func (d *Desk) write(ctx context.Context, dir, caseDir string) error {
	s, err := d.Server(ctx)
	if err != nil {
		return err
	}
	r, err := register.In(dir, s.Folder(d.DeskName, dir))
	if err != nil {
		return err
	}
	defer r.Close()
	d.mu.Lock()
	late, asked := d.behind[dir]
	d.mu.Unlock()
	if late || !asked {
		// Also the first time: the run before may have been cut off.
		_, err := r.Sync(ctx, d.Now())
		return err
	}
	return r.Remember(ctx, filepath.Base(caseDir), d.Now())
}

// Claim claims a handset, and returns how it is given back. It returns [register.ErrElsewhere] if
// another desk works on it. A desk that is cut off claims nothing and gets no error of it.
func (d *Desk) Claim(ctx context.Context, u report.Unit) (release func() error, err error) {
	nothing := func() error { return nil }
	s, err := d.Server(ctx)
	if err != nil {
		return nothing, err
	}
	c, err := s.Claim(ctx, d.DeskName, u, d.Now())
	if err != nil {
		return nothing, err
	}
	return c.Release, nil
}

// Close ends the connection.
func (d *Desk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.close()
}

func (d *Desk) close() {
	if d.server != nil {
		d.server.Close()
		d.server = nil
	}
}
