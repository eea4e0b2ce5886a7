package agefile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"

	"preship/backup/manifest"
	"preship/report/safefile"
)

const (
	// magic begins every age file.
	magic = "age-encryption.org/v1\n"
	// maxHeader is more than the header of a file for the most keys takes.
	maxHeader = 1 << 20
	// nonceSize follows the header. Without it the key of the file opens nothing either.
	nonceSize = 16
)

// CountKeys returns how many encrypted files [DestroyKeys] would find in the folder of a
// backup. A case without one gives 0.
func CountKeys(root *os.Root) (n int64, err error) {
	err = eachEncrypted(root, func(string) error { n++; return nil })
	return n, err
}

// DestroyKeys overwrites, in every encrypted file of the folder of a backup, the header
// that holds the key of the file, encrypted to each key of the backup. The key that a
// passphrase protects goes first. What stays of the files then opens with no key, whoever
// copies it from now on. Calling it again does the rest.
//
// On an SSD, and on file systems that write elsewhere, the old bytes may stay.
func DestroyKeys(root *os.Root) error {
	if err := destroyKey(root, identityName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var g errgroup.Group
	g.SetLimit(4 * runtime.GOMAXPROCS(0)) // each waits for the disk
	err := eachEncrypted(root, func(name string) error {
		g.Go(func() error { return destroyKey(root, name) })
		return nil
	})
	return errors.Join(err, g.Wait())
}

// eachEncrypted calls fn with each age file of the folder of a backup.
func eachEncrypted(root *os.Root, fn func(name string) error) error {
	err := fs.WalkDir(root.FS(), manifest.Dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		encrypted, err := isEncrypted(root, name)
		if err != nil || !encrypted {
			return err
		}
		return fn(name)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func isEncrypted(root *os.Root, name string) (bool, error) {
	f, err := safefile.OpenRegular(root, name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	begin := make([]byte, len(magic))
	_, err = io.ReadFull(f, begin)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	}
	return string(begin) == magic, err
}

// destroyKey overwrites the header of one age file. Another file is left as it is.
func destroyKey(root *os.Root, name string) error {
	encrypted, err := isEncrypted(root, name)
	if err != nil || !encrypted {
		return err
	}
	f, err := root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	n, err := headerSize(f)
	if err == nil {
		_, err = f.WriteAt(make([]byte, n), 0)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", manifest.Display(name), err)
	}
	return nil
}

// headerSize returns the bytes of an age file up to its contents, but no more than the file has.
func headerSize(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	n, lines := int64(0), bufio.NewReaderSize(io.NewSectionReader(f, 0, min(info.Size(), maxHeader)), encrypterBuffer)
	for {
		line, err := lines.ReadSlice('\n')
		n += int64(len(line))
		last := bytes.HasPrefix(line, []byte("---"))
		switch {
		case errors.Is(err, bufio.ErrBufferFull): // a stanza has short lines: this is not a header any more
			return min(n, info.Size()), nil
		case errors.Is(err, io.EOF), err == nil && last:
			return min(n+nonceSize, info.Size()), nil
		case err != nil:
			return 0, err
		}
	}
}
