//go:build unix

package disk

import (
	"errors"
	"os"
	"path"
	"sync"

	"golang.org/x/sys/unix"

	"preship/backup/manifest"
)

// placer moves parts to their places. It keeps the folders open that it used last: to open
// every folder on the way for every small file takes longer than to write the file.
type placer struct {
	mu      sync.Mutex
	parts   *os.File
	folders map[string]*os.File
}

// openFolders is how many folders a placer keeps open.
const openFolders = 16

// move moves a part to host. The error is fs.ErrNotExist if the folder of host is missing.
func (p *placer) move(root *os.Root, part, host string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	from, err := p.part(root)
	if err != nil {
		return err
	}
	dir := path.Dir(host)
	to, err := p.folder(root, dir)
	if err != nil {
		return err
	}
	err = unix.Renameat(int(from.Fd()), part, int(to.Fd()), path.Base(host))
	if err == nil {
		return nil
	}
	p.forget(dir) // it may have been deleted or replaced
	return &os.LinkError{Op: "renameat", Old: PartsDir + "/" + part, New: manifest.Display(host), Err: err}
}

func (p *placer) part(root *os.Root) (_ *os.File, err error) {
	if p.parts == nil {
		p.parts, err = root.Open(PartsDir)
	}
	return p.parts, err
}

func (p *placer) folder(root *os.Root, dir string) (*os.File, error) {
	if f := p.folders[dir]; f != nil {
		return f, nil
	}
	f, err := root.Open(dir)
	if err != nil {
		return nil, err
	}
	for old := range p.folders {
		if len(p.folders) < openFolders {
			break
		}
		p.forget(old)
	}
	if p.folders == nil {
		p.folders = map[string]*os.File{}
	}
	p.folders[dir] = f
	return f, nil
}

func (p *placer) forget(dir string) {
	if f := p.folders[dir]; f != nil {
		f.Close() //nolint:errcheck // a folder that was only read
		delete(p.folders, dir)
	}
}

// close closes the folders.
func (p *placer) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, f := range p.folders {
		errs = append(errs, f.Close())
	}
	if p.parts != nil {
		errs = append(errs, p.parts.Close())
	}
	p.folders, p.parts = nil, nil
	return errors.Join(errs...)
}
