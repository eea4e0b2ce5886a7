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
	"preship/backup/selection"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

var (
	// ErrNoSpace means that the computer's disk cannot hold the backup.
	ErrNoSpace = disk.ErrNoSpace
	// ErrNoStorage means that the handset listed no shared storage.
	ErrNoStorage = message.Error(message.Say("error.no-storage"), nil)
)

// Options are the options of [Run]. The zero value suits most handsets.
type Options struct {
	Prove   manifest.Prove // empty means ProveHash
	Streams int            // sync streams that read at the same time; 0 means 4
	Wait    time.Duration  // how long a disconnected handset may take to return; 0 means 5 minutes
	// Encrypt has the keys that a new backup is encrypted to. A later run of the same
	// case keeps the keys of the first.
	Encrypt agefile.Encryption
	// Key is the secret key of an encrypted backup. If it is not nil, Run tries it, so
	// that the findings can say that it opens the backup.
	Key *agefile.Key
	// Take is what to copy. Data left out is a loss, and not enough for a reset unless its
	// owner accepts that by name.
	Take selection.Selection
	// Language is the language of the pages for the owner; empty is English.
	Language string
	// Progress is called at every change, from one goroutine at a time. It must not
	// block. It may be nil.
	Progress func(meter.Progress)
	// Say is called, before files are copied, with a sentence for the owner: how to save
	// more by a backup that the handset makes itself. It may be nil.
	Say func(message.Sentence)
	// Waits shows that a handset that left is waited for. It may be nil.
	Waits wait.Shower

	create func(parts *os.Root, name string) (disk.File, error) // nil: on the disk
	// nil: as the disk does
	syncAll  func(root *os.Root, hosts []string) error
	syncFile func(root *os.Root, host string) error
	naming   *disk.Naming                     // nil: the names that the disk can hold
	silence  time.Duration                    // the longest silence of sha256sum; 0: that of its row
	step     func(at string)                  // called before every step towards the disk; may be nil
	free     func(dir string) (int64, error)  // nil: the free space of the disk
	system   func(dir string) disk.FileSystem // nil: the file system of the disk
}

const (
	defaultStreams = 4
	defaultWait    = 5 * time.Minute
	// spareSpace is the space, in bytes, that must be left on the disk after the backup,
	// for manifest, journal and the computer itself.
	spareSpace = 256 << 20
)

// Run saves a handset's shared storage, apps and items into the case and proves the
// files. A second run on the same case resumes an interrupted one, and after a complete
// one it copies only what has changed.
//
// If the handset is disconnected, Run waits for it. A file that the handset refuses, or
// that cannot be proved, is no error: it is in the findings and, with its name and reason,
// in the manifest. An error means that the backup is not complete: [link.ErrLost],
// [ErrNoSpace], [ErrNoStorage], the context's, one of the computer's disk, or one of the
// connection that waiting cannot mend. The result then has the files saved so far, and so
// does the manifest if the listing was complete.
//
// Nothing else may write to backup/ and backup.manifest.json of the case while Run runs.
func Run(ctx context.Context, dev *adb.Device, r handset.Reader, c *casedir.Case, o Options) (report.Backup, error) {
	j := newJob(dev, c, o)
	env, err := agefile.OpenEnvelope(c.Root(), o.Encrypt, o.Key)
	if err != nil {
		return j.result(err), err
	}
	j.roots, j.doubts, err = listing.Find(ctx, r, j.link)
	if err != nil {
		return j.result(err), err
	}
	j.store, err = disk.OpenStore(c.Root(), env)
	if err != nil {
		return j.result(err), err
	}
	j.keep.Use(j.store)
	j.keep.Speak(o.Language)
	j.plan.SetEncrypted(env != nil)
	if o.create != nil {
		j.store.Create = o.create
	}
	if o.syncAll != nil {
		j.store.SyncAll, j.store.SyncFile = o.syncAll, o.syncFile
	}
	err = errors.Join(j.run(ctx), j.close())
	if disk.IsFull(err) {
		err = fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return j.result(err), err
}
