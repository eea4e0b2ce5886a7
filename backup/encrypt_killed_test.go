package backup_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/backup"
	"preship/backup/agefile"
)

// TestRunEncryptedKilledAtAnyStep kills a second run of an encrypted backup. Every copy can
// then be opened and is a version that the handset had, and the next run is complete.
// Neither run has a secret.
func TestRunEncryptedKilledAtAnyStep(t *testing.T) {
	t.Parallel()
	before, after := treesToKill()
	old := newRig(t, before)
	var key *agefile.Key
	old.options.Encrypt.To, key = ageKey(t)
	old.mustRun()
	now := old.later(after)
	versions := old.versions(now)
	out, err := now.child(copyCase(t, old.dir), 0).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, at := range pointsToKill(t, strings.Fields(string(out)), 16) {
		t.Run(fmt.Sprint("step ", at), func(t *testing.T) {
			t.Parallel()
			r := &rig{t: t, handset: now.handset, device: now.device, server: now.server, dir: copyCase(t, old.dir), options: backup.Options{Take: filesAndCalls}}
			if out, err := r.child(r.dir, at).CombinedOutput(); err == nil {
				t.Fatalf("was not killed: %s", out)
			}
			r.holdsEncrypted(versions, key)
			if b := r.mustRun(); b.Files.Listed != 22 || b.Files.Proved != 22 {
				t.Errorf("files %+v, want 22 proved", b.Files)
			}
			r.holdsEncrypted(versions, key)
			r.mustOpen(key)
		})
	}
}

// holdsEncrypted asserts that every copy can be opened, and has contents that the handset
// had at some time.
func (r *rig) holdsEncrypted(versions map[string]map[string]bool, key *agefile.Key) {
	r.t.Helper()
	top := filepath.Join(r.dir, "backup")
	seen := 0
	err := filepath.WalkDir(filepath.Join(top, "storage"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		path, ok := strings.CutSuffix(strings.TrimPrefix(filepath.ToSlash(name), filepath.ToSlash(top)), ".age")
		data, err := os.ReadFile(name)
		if err != nil || !ok {
			return fmt.Errorf("%s is not encrypted: %w", name, err)
		}
		plain, err := backup.Decrypt(bytes.NewReader(data), key)
		sum := sha256.Sum256(plain)
		if err != nil || !versions[path][hex.EncodeToString(sum[:])] {
			r.t.Errorf("%s looks whole and is nothing the handset ever had (%v)", path, err)
		}
		seen++
		return nil
	})
	if err != nil || seen < 14 {
		r.t.Errorf("%d files, error %v", seen, err)
	}
}
