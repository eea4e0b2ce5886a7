package backup

import (
	"io"
	"os"
	"sync"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/plan"
)

// copies opens the copies on the computer for the checks that read them. It is safe
// for concurrent use.
type copies struct {
	root *os.Root
	plan *plan.Plan
	key  *agefile.Key // opens encrypted copies of an earlier run; nil: they stay closed

	mu  sync.Mutex
	own map[uint32]*agefile.Key // opens encrypted copies that this run wrote
}

// wrote keeps the key of an encrypted copy in memory if the run will read the copy.
func (c *copies) wrote(i uint32, key agefile.FileKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if manifest.IsLocalBackup(c.plan.Path(i)) {
		c.own[i] = key.Key()
	}
}

// open opens the copy of an entry. The caller closes it.
func (c *copies) open(i uint32) (io.ReadCloser, error) {
	key := c.key
	c.mu.Lock()
	if own := c.own[i]; own != nil {
		key = own
	}
	c.mu.Unlock()
	return agefile.Open(c.root, c.plan.InCase(i), c.plan.Stored(i).Stored(), key)
}
