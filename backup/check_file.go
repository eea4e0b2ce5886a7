package backup

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"sync"

	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/report/message"
	"preship/report/safefile"
)

// file compares one file with the size and SHA-256 of its contents. s describes the
// encrypted file; it is nil if the file is not encrypted.
func (c *checker) file(host string, size int64, sha string, s *manifest.Stored) {
	if s != nil {
		size = s.Size
	}
	if c.take != nil {
		c.mu.Lock()
		c.named++
		c.mu.Unlock()
		if !c.take(host) {
			return
		}
	}
	fi, err := c.root.Lstat(host)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.problem(host, message.Say("backup.check.missing"))
		return
	case err != nil:
		c.problem(host, message.Say("backup.check.unread", "error", message.Of(err)))
		return
	case !fi.Mode().IsRegular():
		c.problem(host, message.Say("backup.check.not-regular"))
		return
	case fi.Size() != size:
		c.problem(host, message.Say("backup.check.size", "now", strconv.FormatInt(fi.Size(), 10), "before", strconv.FormatInt(size, 10)))
		return
	}
	switch {
	case c.read && s == nil:
		c.contents(host, sha)
	case c.read && c.key == nil:
		c.contents(host, s.SHA256)
	case c.read:
		c.opened(host, sha, s)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files++
	c.bytes += fi.Size()
}

// hashBuffer is how much of a file is read at a time.
const hashBuffer = 128 << 10

var hashBuffers = sync.Pool{New: func() any { return new([hashBuffer]byte) }}

// contents compares the bytes on the disk, without decrypting them.
func (c *checker) contents(host, sha string) {
	buf, _ := hashBuffers.Get().(*[hashBuffer]byte)
	defer hashBuffers.Put(buf)
	sum, _, err := disk.Hash(c.root, host, sha256.New(), buf[:])
	switch {
	case err != nil:
		c.problem(host, message.Say("backup.check.unread", "error", message.Of(err)))
	case !manifest.SameSum(sum[:], sha):
		c.problem(host, message.Say("backup.check.sum"))
	}
}

// opened compares an encrypted file and its decrypted contents, in one pass.
func (c *checker) opened(host, sha string, s *manifest.Stored) {
	f, err := safefile.OpenRegular(c.root, host)
	if err != nil {
		c.problem(host, message.Say("backup.check.unread", "error", message.Of(err)))
		return
	}
	defer f.Close()
	buf, _ := hashBuffers.Get().(*[hashBuffer]byte)
	defer hashBuffers.Put(buf)
	outside, inside := sha256.New(), sha256.New()
	all := io.TeeReader(f, outside)
	plain, openErr := c.key.Decrypt(all)
	if openErr == nil {
		_, openErr = io.CopyBuffer(inside, plain, buf[:])
	}
	if _, err := io.CopyBuffer(io.Discard, all, buf[:]); err != nil {
		c.problem(host, message.Say("backup.check.unread", "error", message.Of(err)))
		return
	}
	switch {
	case !manifest.SameSum(outside.Sum(nil), s.SHA256):
		c.problem(host, message.Say("backup.check.sum"))
	case openErr != nil:
		c.problem(host, message.Say("backup.check.not-open", "error", message.Of(openErr)))
	case sha != "" && !manifest.SameSum(inside.Sum(nil), sha):
		c.problem(host, message.Say("backup.check.contents"))
	}
}
