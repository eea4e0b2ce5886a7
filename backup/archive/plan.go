package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"preship/backup/manifest"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/safefile"
)

// ErrChanged means that a file of the case changed while the case was archived.
var ErrChanged = message.Error(message.Say("archive.error.changed"), nil)

// JournalName is the file of a case that says how far archiving it has come.
const JournalName = casedir.ArchiveJournalName

// file is one file or folder of a case: a line of the index.
type file struct {
	Path     string `json:"path,omitempty"`
	Raw      []byte `json:"raw,omitempty"` // the path, if it is not UTF-8
	Dir      bool   `json:"dir,omitempty"`
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // nanoseconds since 1970
	SHA256   string `json:"sha256,omitempty"`
	Object   string `json:"object,omitempty"` // the object that holds it; else the packs do
	At       int64  `json:"at,omitempty"`     // where it begins in the packs, end to end
}

func (f *file) path() string {
	if len(f.Raw) > 0 {
		return string(f.Raw)
	}
	return f.Path
}

// plan is what one run archives: the files in the order of the packs.
type plan struct {
	root  *os.Root
	files []file
	bytes int64    // in the packs
	packs []string // the SHA-256 of the contents of each pack
	size  int64    // of a pack but the last
}

// planOf lists the files of a case. A link, or anything else that is neither a file nor a
// folder, is [safefile.ErrNotRegular].
func planOf(ctx context.Context, root *os.Root, size int64) (*plan, error) {
	p := &plan{root: root, size: size}
	return p, p.walk(ctx, ".")
}

// walk adds the entries of a folder, in the order of its names, which may be any bytes.
func (p *plan) walk(ctx context.Context, dir string) error {
	in, err := p.root.Open(dir)
	if err != nil {
		return err
	}
	entries, err := in.ReadDir(-1)
	if err := errors.Join(err, in.Close(), ctx.Err()); err != nil {
		return err
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, d := range entries {
		name := path.Join(dir, d.Name())
		if left(name) {
			continue
		}
		if err := p.add(name, d); err != nil {
			return err
		}
		if d.IsDir() {
			if err := p.walk(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *plan) add(name string, d fs.DirEntry) error {
	fi, err := d.Info()
	if err != nil {
		return err
	}
	if !fi.IsDir() && !fi.Mode().IsRegular() {
		return fmt.Errorf("%s: %w", manifest.Display(name), safefile.ErrNotRegular)
	}
	f := file{Path: name, Dir: fi.IsDir(), Modified: fi.ModTime().UnixNano()}
	if !utf8.ValidString(name) {
		f.Path, f.Raw = "", []byte(name)
	}
	switch {
	case f.Dir:
	case packaged(name):
		f.Size, f.Object = fi.Size(), filePrefix+name+".age"
	default:
		f.Size, f.At = fi.Size(), p.bytes
		p.bytes += f.Size
	}
	p.files = append(p.files, f)
	return nil
}

// left reports whether a file is about this run or this computer, and not of the case.
func left(name string) bool {
	return name == casedir.LockFileName || name == JournalName || strings.HasSuffix(name, safefile.TempSuffix)
}

// packaged reports whether a file becomes its own object: those beside the saved data,
// if their names can be names of objects.
func packaged(name string) bool {
	for _, outside := range []string{casedir.BackupDir, casedir.PrivateDir, casedir.CaseFileName, casedir.StartName} {
		if name == outside || strings.HasPrefix(name, outside+"/") {
			return false
		}
	}
	return validName(filePrefix + name + ".age")
}

// hash reads every file, and notes the SHA-256 of each and of each pack.
func (p *plan) hash(ctx context.Context, read func(int)) error {
	packs := &packHash{size: p.size, sum: sha256.New()}
	buf := make([]byte, 1<<20)
	for i := range p.files {
		f := &p.files[i]
		if f.Dir {
			continue
		}
		sum := sha256.New()
		to := io.Writer(sum)
		if f.Object == "" {
			to = io.MultiWriter(sum, packs)
		}
		if err := p.copy(ctx, to, f, 0, f.Size, buf, read); err != nil {
			return err
		}
		f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	}
	p.packs = packs.end()
	return nil
}

// copy writes a part of a file. The error is [ErrChanged] if the file has other bytes than
// it had: fewer, or more after its end.
func (p *plan) copy(ctx context.Context, to io.Writer, f *file, from, n int64, buf []byte, read func(int)) error {
	in, err := safefile.OpenRegular(p.root, f.path())
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := in.Seek(from, io.SeekStart); err != nil {
		return err
	}
	took, err := io.CopyBuffer(struct{ io.Writer }{to}, io.LimitReader(counted{reader{ctx, in}, read}, n), buf)
	if err != nil {
		return err
	}
	one, err := in.Read(buf[:1])
	if took != n || from+n == f.Size && one != 0 || err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", manifest.Display(f.path()), ErrChanged)
	}
	return nil
}

// counted tells how much is read; tell may be nil.
type counted struct {
	io.Reader
	tell func(int)
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if c.tell != nil {
		c.tell(n)
	}
	return n, err
}

// span returns where pack n begins and ends in the packs, end to end.
func (p *plan) span(n int) (from, to int64) {
	return int64(n) * p.size, min(int64(n+1)*p.size, p.bytes)
}

// pack writes the contents of pack n. The error is [ErrChanged] if they are not those that
// were hashed.
func (p *plan) pack(ctx context.Context, n int, w io.Writer, read func(int)) error {
	from, to := p.span(n)
	sum := sha256.New()
	buf := make([]byte, 1<<20)
	for i := range p.files {
		f := &p.files[i]
		if f.Dir || f.Object != "" || f.At >= to || f.At+f.Size <= from {
			continue
		}
		start, end := max(from-f.At, 0), min(to-f.At, f.Size)
		if err := p.copy(ctx, io.MultiWriter(w, sum), f, start, end-start, buf, read); err != nil {
			return err
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != p.packs[n] {
		return ErrChanged
	}
	return nil
}

// indexHead is the first line of the index.
type indexHead struct {
	Case  string `json:"case"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"` // in the packs
	Pack  int64  `json:"pack"`  // the bytes of a pack but the last
}

// writeIndex writes the index: the head, and a line for each file.
func (p *plan) writeIndex(id string, w io.Writer) error {
	out := json.NewEncoder(w)
	if err := out.Encode(indexHead{id, len(p.files), p.bytes, p.size}); err != nil {
		return err
	}
	for i := range p.files {
		if err := out.Encode(&p.files[i]); err != nil {
			return err
		}
	}
	return nil
}

// digest is the SHA-256 of the index: two runs with the same archive the same.
func (p *plan) digest(id string) string {
	sum := sha256.New()
	_ = p.writeIndex(id, sum) // a hash takes every write
	return hex.EncodeToString(sum.Sum(nil))
}

// packHash hashes a stream in pieces of a size.
type packHash struct {
	size, n int64
	sum     hash.Hash
	sums    []string
}

func (h *packHash) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		k := min(int64(len(rest)), h.size-h.n)
		h.sum.Write(rest[:k])
		rest, h.n = rest[k:], h.n+k
		if h.n == h.size {
			h.next()
		}
	}
	return len(b), nil
}

func (h *packHash) next() {
	h.sums = append(h.sums, hex.EncodeToString(h.sum.Sum(nil)))
	h.sum.Reset()
	h.n = 0
}

func (h *packHash) end() []string {
	if h.n > 0 {
		h.next()
	}
	return h.sums
}
