package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"preship/backup/agefile"
	"preship/report/safefile"
)

// Options say how a case is archived. To is needed.
type Options struct {
	Address string    // of the store, without secrets: a journal for another address is not resumed
	To      []string  // the chain's public keys, as [agefile.ReadRecipients] returns them
	Until   time.Time // how long the store keeps the objects from being deleted; zero: as the store does by itself
	Now     time.Time // when it is written
	// PackBytes is the size of a pack before it is encrypted; 0 means 256 MiB.
	PackBytes int64
	// Progress is called with the bytes done and to do: every file is read twice, and every
	// object once. It may be nil.
	Progress func(done, all int64)
}

const (
	packBytes = 256 << 20
	indexLine = 256 // about as long as a line of the index
)

// Written is an archive that was read back, object by object.
type Written struct {
	Digest string // the SHA-256 of list.json
	Files  int
	Packs  int
	Kept   int   // packs that were there from an earlier run
	Bytes  int64 // of the files
}

// writer is one run of Write.
type writer struct {
	s         Store
	id        string
	o         Options
	plan      *plan
	journal   *journal
	mu        sync.Mutex // of what follows, and of the journal
	objects   []object
	done, all int64
}

// smallAtOnce is how many files of the package are stored at once: each takes a round trip
// or two, and has a few kilobytes.
const smallAtOnce = 8

// Write archives the case in root, whose ID is id. The caller holds the case, and has
// checked that its backup is whole. Write resumes where a run that was killed stopped, and
// reads again what that run wrote. What an earlier archive of the case has that this one
// does not is deleted. A case that is archived again gets a new key.
//
// The error is [ErrChanged] if a file changes meanwhile, [ErrDamaged] if an object is not
// read as it was written, [ErrCannotLock], or one of the disk or the store. The case is not
// changed, apart from its journal.
func Write(ctx context.Context, s Store, root *os.Root, id string, o Options) (w Written, err error) {
	if o.PackBytes == 0 {
		o.PackBytes = packBytes
	}
	run := &writer{s: s, id: id, o: o}
	if run.plan, err = planOf(ctx, root, o.PackBytes); err != nil {
		return w, err
	}
	for _, f := range run.plan.files {
		w.Files++
		w.Bytes += f.Size
	}
	run.all = 3 * w.Bytes
	if err := run.plan.hash(ctx, run.tell); err != nil {
		return w, err
	}
	if run.journal, err = openJournal(root, run.fits, run.fresh); err != nil {
		return w, err
	}
	defer run.journal.f.Close()
	if err := run.key(ctx); err != nil {
		return w, err
	}
	if w.Kept, err = run.packs(ctx); err != nil {
		return w, err
	}
	if err := run.files(ctx); err != nil {
		return w, err
	}
	if err := run.index(ctx); err != nil {
		return w, err
	}
	w.Packs = len(run.plan.packs)
	if w.Digest, err = run.list(ctx); err != nil {
		return w, err
	}
	if err := run.rest(ctx); err != nil {
		return w, err
	}
	// The journal holds the encrypted key: after this the archive alone has it.
	return w, safefile.Remove(root, JournalName)
}

func (w *writer) tell(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done += int64(n); w.o.Progress != nil {
		w.o.Progress(min(w.done, w.all), w.all)
	}
}

// fits reports whether a journal is of the same archive.
func (w *writer) fits(h journalHead) bool {
	return h.Address == w.o.Address && h.Case == w.id && h.Pack == w.o.PackBytes && len(h.Key) > 0 && sameKeys(h.For, w.o.To)
}

// fresh makes a new key for the case, encrypted to the keys of the chain. The secret half is
// kept nowhere else.
func (w *writer) fresh() (journalHead, error) {
	public, secret, err := agefile.NewKey()
	if err != nil {
		return journalHead{}, err
	}
	var wrapped bytes.Buffer
	to, err := agefile.EncryptTo(&wrapped, w.o.To)
	if err == nil {
		_, err = to.Write(secret)
	}
	if err == nil {
		err = to.Close()
	}
	return journalHead{w.o.Address, w.id, public, w.o.To, wrapped.Bytes(), w.o.PackBytes}, err
}

// key stores the key of the case, before anything is encrypted to it.
func (w *writer) key(ctx context.Context) error {
	b := w.journal.head.Key
	o := object{keyName, int64(len(b)), sumOf(b)}
	if _, done := w.journal.done[keyName]; done {
		if err := w.proved(ctx, o, o.SHA256); !errors.Is(err, ErrDamaged) {
			return err
		}
	}
	if err := w.s.Put(ctx, w.id+"/"+keyName, bytes.NewReader(b), w.o.Until); err != nil {
		return fmt.Errorf("%s: %w", keyName, err)
	}
	return w.proved(ctx, o, o.SHA256)
}

// proved reads an object back, and notes it.
func (w *writer) proved(ctx context.Context, o object, contents string) error {
	if err := readBack(ctx, w.s, w.id, o); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.objects = append(w.objects, o)
	return w.journal.add(o, contents)
}

// stored stores an object of some contents and reads it back, unless an earlier run did and
// it is still there as it was.
func (w *writer) stored(ctx context.Context, name, contents string, size int64, write func(io.Writer) error) (kept bool, err error) {
	if line, ok := w.journal.done[name]; ok && line.Contents == contents {
		err := w.proved(ctx, line.object, contents)
		if err == nil {
			w.tell(int(2 * size))
		}
		if !errors.Is(err, ErrDamaged) {
			return true, err
		}
	}
	o, err := put(ctx, w.s, w.id, name, w.journal.head.Recipient, size, w.o.Until, write)
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	if err := w.proved(ctx, o, contents); err != nil {
		return false, err
	}
	w.tell(int(size))
	return false, nil
}

func packName(n int) string { return fmt.Sprintf("%s%05d.age", packPrefix, n) }

func (w *writer) packs(ctx context.Context) (kept int, err error) {
	for n, contents := range w.plan.packs {
		from, to := w.plan.span(n)
		was, err := w.stored(ctx, packName(n), contents, to-from, func(out io.Writer) error { return w.plan.pack(ctx, n, out, w.tell) })
		if err != nil {
			return kept, err
		}
		if was {
			kept++
		}
	}
	return kept, nil
}

// files stores the files of the sealed package.
func (w *writer) files(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(smallAtOnce)
	for i := range w.plan.files {
		if f := &w.plan.files[i]; f.Object != "" {
			g.Go(func() error { return w.file(ctx, f) })
		}
	}
	return g.Wait()
}

func (w *writer) file(ctx context.Context, f *file) error {
	_, err := w.stored(ctx, f.Object, f.SHA256, f.Size, func(out io.Writer) error {
		sum := sha256.New()
		if err := w.plan.copy(ctx, io.MultiWriter(out, sum), f, 0, f.Size, make([]byte, 64<<10), w.tell); err != nil {
			return err
		}
		if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
			return fmt.Errorf("%s: %w", f.Path, ErrChanged)
		}
		return nil
	})
	return err
}

func (w *writer) index(ctx context.Context) error {
	_, err := w.stored(ctx, indexName, w.plan.digest(w.id), int64(len(w.plan.files))*indexLine, func(out io.Writer) error { return w.plan.writeIndex(w.id, out) })
	return err
}

// list stores the list, with which the archive counts.
func (w *writer) list(ctx context.Context) (digest string, err error) {
	l := list{Format: listFormat, Case: w.id, Written: w.o.Now.UTC().Truncate(time.Second), Recipient: w.journal.head.Recipient, For: w.o.To, Objects: w.objects}
	if err := l.check(w.id); err != nil {
		return "", ErrTooMany
	}
	b, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return "", err
	}
	if err := w.s.Put(ctx, w.id+"/"+listName, bytes.NewReader(append(b, '\n')), w.o.Until); err != nil {
		return "", fmt.Errorf("%s: %w", listName, err)
	}
	digest = sumOf(append(b, '\n'))
	_, err = readList(ctx, w.s, w.id, digest)
	return digest, err
}

// rest deletes the objects of an earlier archive of the case that this one does not have,
// also their older versions. What the store keeps stays.
func (w *writer) rest(ctx context.Context) error {
	all, err := versionsOf(ctx, w.s, w.id)
	if err != nil {
		return err
	}
	known := map[string]bool{w.id + "/" + listName: true}
	for _, o := range w.objects {
		known[w.id+"/"+o.Name] = true
	}
	for _, v := range all {
		if v.Latest && known[v.Name] {
			continue
		}
		if err := w.s.Delete(ctx, v); err != nil && !errors.Is(err, ErrRetained) {
			return err
		}
	}
	return nil
}
