package backup_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"preship/backup/meter"
	"preship/backup/restore"
)

// TestRestoreResumes: a restore that was ended in the middle of a file leaves
// nothing the next one stumbles over.
func TestRestoreResumes(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	twin := newRig(t, "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n")
	for _, after := range []int64{1, 4, 9} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := restore.Run(ctx, twin.device, root, restore.Options{Wait: time.Second, Progress: func(p meter.Progress) {
			if p.FilesDone == after {
				cancel()
			}
		}})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("ended after %d files: %v", after, err)
		}
	}
	res := r.restoreTo(twin, restore.Options{})
	if len(res.Problems) > 0 || res.Proved != 12 || res.Present < 9 || res.Pushed != 12-res.Present {
		t.Errorf("going on: %+v", res)
	}
}
