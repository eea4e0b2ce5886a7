package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/listing"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

var (
	// ErrNoSpace means that the computer's disk cannot hold the backup.
	ErrNoSpace = disk.ErrNoSpace
	// ErrNoStorage: the handset showed no shared storage at all.
	ErrNoStorage = message.Error(message.Say("error.no-storage"), nil)
)

// Options are how a backup is made. The zero value is right for most.
type Options struct {
	Prove   manifest.Prove // empty means ProveHash
	Streams int            // sync streams that read at the same time; 0 means 4
	Wait    time.Duration  // how long a handset that left may take to return; 0 means 5 minutes
	// Encrypt says to whom a new backup is encrypted. One that is begun stays as
	// it was begun.
	Encrypt agefile.Encryption
	// Key, where it is given, is tried on what is encrypted: that it opens is then
	// known before anything is erased.
	Key *agefile.Key
	// Progress is told how far the backup is, often and by one goroutine at a
	// time. It must not block. Nil tells nobody.
	Progress func(meter.Progress)
	// Say tells the owner, before anything is copied, what they can do on the
	// handset for more to be saved. Nil tells nobody.
	Say func(text string)

	create func(parts *os.Root, name string) (disk.File, error) // nil: on the disk
	naming *disk.Naming                                         // nil: what the disk can hold
	step   func(at string)                                      // told before every step towards the disk
	free   func(dir string) (int64, error)                      // nil: as the disk says
}

const (
	defaultStreams = 4
	defaultWait    = 5 * time.Minute
	// spareSpace is what has to be left on the disk after the backup: manifest,
	// journal, and room for the computer itself.
	spareSpace = 256 << 20
)

// Run saves all of a handset's shared storage into the case and proves it. Run
// again on the same case it goes on where it was interrupted, and later copies
// only what has changed.
//
// The handset may leave at any time: Run waits for it. What the handset does not
// give, or what could not be proved, is no error; it is in the findings and, by
// name and reason, in the manifest. An error means that the backup did not come
// to its end: link.ErrLost, ErrNoSpace, the context's, one of the host's disk, or one
// of the connection that waiting cannot mend. The result then tells what was
// reached, and once the listing was done so does the manifest.
//
// Run owns backup/ and backup.manifest.json in the case while it runs.
func Run(ctx context.Context, dev *adb.Device, r handset.Reader, c *casedir.Case, o Options) (report.Backup, error) {
	j := newJob(dev, c, o)
	seal, err := agefile.OpenEnvelope(c.Root(), o.Encrypt, o.Key)
	if err != nil {
		return j.result(err), err
	}
	j.roots, j.unknown, err = listing.Find(ctx, r, j.link)
	if err != nil {
		return j.result(err), err
	}
	j.store, err = disk.OpenStore(c.Root(), seal)
	if err != nil {
		return j.result(err), err
	}
	j.keep.Use(j.store)
	j.plan.SetEncrypted(seal != nil)
	if o.create != nil {
		j.store.Create = o.create
	}
	err = errors.Join(j.run(ctx), j.close())
	if disk.IsFull(err) {
		err = fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return j.result(err), err
}
