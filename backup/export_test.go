package backup

import (
	"io"
	"os"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"preship/backup/agefile"
	"preship/backup/disk"
)

// DiskFull is what this system says when a disk is full.
var DiskFull = disk.FullErrors[0]

// FailAfter makes the host's disk fail with err once n bytes were written.
func FailAfter(o Options, n int64, err error) Options {
	var left atomic.Int64
	left.Store(n)
	o.create = func(parts *os.Root, name string) (disk.File, error) {
		f, openErr := disk.CreatePart(parts, name)
		return &failingFile{File: f, left: &left, err: err}, openErr
	}
	return o
}

// Impatient bounds the silence of the handset's sha256sum.
func Impatient(o Options, silence time.Duration) Options {
	o.silence = silence
	return o
}

type failingFile struct {
	disk.File
	left *atomic.Int64
	err  error
}

func (f *failingFile) Write(b []byte) (int, error) {
	if f.left.Add(-int64(len(b))) < 0 {
		return 0, f.err
	}
	return f.File.Write(b)
}

// Refusing makes the host's disk refuse every file of more than n bytes with err: its
// contents, or at its close.
func Refusing(o Options, n int64, err error, atClose bool) Options {
	o.create = func(parts *os.Root, name string) (disk.File, error) {
		f, openErr := disk.CreatePart(parts, name)
		return &refusedFile{File: f, left: n, err: err, atClose: atClose}, openErr
	}
	return o
}

type refusedFile struct {
	disk.File
	left    int64
	err     error
	atClose bool
}

func (f *refusedFile) Write(b []byte) (int, error) {
	if f.left -= int64(len(b)); f.left < 0 && !f.atClose {
		return 0, f.err
	}
	return f.File.Write(b)
}

func (f *refusedFile) Close() error {
	err := f.File.Close()
	if f.left < 0 && f.atClose {
		err = f.err
	}
	return err
}

// Losing makes the host's disk lose a file after its bytes were written: it fails when the
// files of a batch with it are put on the disk, so often.
func Losing(o Options, host string, times int64) Options {
	var left atomic.Int64
	left.Store(times)
	lost := func(hosts ...string) bool { return slices.Contains(hosts, host) && left.Load() > 0 }
	o.syncAll = func(root *os.Root, hosts []string) error {
		if lost(hosts...) {
			return syscall.EIO
		}
		return disk.Sync(root, hosts)
	}
	o.syncFile = func(root *os.Root, name string) error {
		if lost(name) {
			left.Add(-1)
			return syscall.EIO
		}
		return disk.SyncFile(root, name)
	}
	return o
}

// Syncing has synced called with the files of every batch that is put on the disk.
func Syncing(o Options, synced func(hosts []string)) Options {
	o.syncAll = func(root *os.Root, hosts []string) error {
		synced(hosts)
		return disk.Sync(root, hosts)
	}
	o.syncFile = disk.SyncFile
	return o
}

// OnFileSystem makes Run believe that the case is on a file system.
func OnFileSystem(o Options, fs disk.FileSystem) Options {
	o.system = func(string) disk.FileSystem { return fs }
	return o
}

// UnderWindows makes Run name files as on the strictest of file systems.
func UnderWindows(o Options) Options {
	o.naming = disk.Strict()
	return o
}

// FoldedPath is a path as that file system compares it.
func FoldedPath(p string) string { return disk.Strict().Folded(p) }

// CheapPassphrase is a passphrase that takes no second to try.
func CheapPassphrase(p string) agefile.Encryption {
	return agefile.Encryption{Passphrase: []byte(p), Work: 10}
}

// Stepping has step called before everything that Run does to the disk.
func Stepping(o Options, step func(at string)) Options {
	o.step = step
	o.create = func(parts *os.Root, name string) (disk.File, error) {
		step("create")
		f, err := disk.CreatePart(parts, name)
		return &steppingFile{f, step}, err
	}
	return o
}

type steppingFile struct {
	disk.File
	step func(at string)
}

// Write stops in the middle as well.
func (f *steppingFile) Write(b []byte) (int, error) {
	half := len(b) / 2
	f.step("write")
	n, err := f.File.Write(b[:half])
	if err != nil {
		return n, err
	}
	f.step("half")
	m, err := f.File.Write(b[half:])
	return n + m, err
}

func (f *steppingFile) Close() error {
	f.step("close")
	return f.File.Close()
}

// Decrypt reads an encrypted file whole.
func Decrypt(r io.Reader, k *agefile.Key) ([]byte, error) {
	plain, err := k.Decrypt(r)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}

// Filling has another person fill the disk after it was looked at so often.
func Filling(o Options, looks int64) Options {
	var looked atomic.Int64
	o.free = func(dir string) (int64, error) {
		if looked.Add(1) > looks {
			return disk.LeastSpace - 1, nil
		}
		return disk.Free(dir)
	}
	return o
}
