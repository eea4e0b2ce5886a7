package backup_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
	"preship/backup"
	"preship/backup/manifest"
	"preship/report/casedir"
)

// The environment that makes the test binary a backup that is killed.
const (
	killAt     = "PRESHIP_TEST_KILL_AT" // the step at which it is killed; 0: it runs to the end and prints all steps
	killServer = "PRESHIP_TEST_KILL_SERVER"
	killSerial = "PRESHIP_TEST_KILL_SERIAL"
	killCase   = "PRESHIP_TEST_KILL_CASE"
)

// beKilled makes a backup and kills its own process at the step, because a kill from
// outside would come at another moment.
func beKilled(at string) int {
	last, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return 2
	}
	var mu sync.Mutex
	var steps []string
	o := backup.Stepping(backup.Options{Streams: 2, Take: filesAndCalls}, func(at string) {
		mu.Lock()
		defer mu.Unlock()
		if steps = append(steps, at); int64(len(steps)) == last {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
			select {} // the signal will arrive
		}
	})
	client, err := adb.New(adb.Options{Addr: os.Getenv(killServer)})
	if err == nil {
		dev := client.Device(os.Getenv(killSerial))
		err = runIn(context.Background(), os.Getenv(killCase), dev, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(strings.Join(steps, " "))
	return 0
}

func runIn(ctx context.Context, dir string, dev *adb.Device, o backup.Options) error {
	c, err := casedir.Open(dir)
	if errors.Is(err, casedir.ErrNotCase) {
		c, err = casedir.Create(dir, time.Now())
	}
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = backup.Run(ctx, dev, asker{dev}, c, o)
	return err
}

// child returns a command that runs this test binary as a backup of r's handset into dir.
func (r *rig) child(dir string, at int) *exec.Cmd {
	cmd := exec.CommandContext(r.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprint(killAt, "=", at), killServer+"="+r.server, killSerial+"="+r.handset.Serial(), killCase+"="+dir)
	return cmd
}

// treesToKill returns the files of a handset at two times: some stay, some change, some
// are deleted, and some are new.
func treesToKill() (before, after string) {
	var a, b strings.Builder
	for i := range 24 {
		line := func(w *strings.Builder, version int) {
			fmt.Fprintf(w, "data - - 2026-03-%02dT10:00:00Z /sdcard/Notes/%02d.txt %d %d\n", version, i, 100*i+4000*version, 100*i+version)
		}
		switch {
		case i < 6: // stays
			line(&a, 1)
			line(&b, 1)
		case i < 14: // changes
			line(&a, 1)
			line(&b, 2)
		case i < 16: // goes
			line(&a, 1)
		default: // comes
			line(&b, 1)
		}
	}
	return a.String(), b.String()
}

// TestRunKilledAtAnyStep kills a second backup at fifty of its steps towards the disk.
// Every file that the journal calls proved exists, no file is partial, no proved file is
// replaced by an unproved one, and the next run is complete.
func TestRunKilledAtAnyStep(t *testing.T) {
	t.Parallel()
	before, after := treesToKill()
	old := newRig(t, before)
	old.mustRun()
	now := old.later(after)
	versions := old.versions(now)

	out, err := now.child(copyCase(t, old.dir), 0).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for k, at := range pointsToKill(t, strings.Fields(string(out)), 50) {
		t.Run(fmt.Sprint("step ", at), func(t *testing.T) {
			t.Parallel()
			r := &rig{t: t, handset: now.handset, device: now.device, server: now.server, dir: copyCase(t, old.dir), options: backup.Options{Take: filesAndCalls}}
			out, err := r.child(r.dir, at).CombinedOutput()
			if err == nil {
				t.Fatalf("was not killed: %s", out)
			}
			r.holdsProved(versions)
			if k < 15 { // a second time: the handset is disconnected and does not return
				lost := r.later(after,
					adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: 3000},   // after the listing
					adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "shell,v2,raw:content"}, // after all files were read
				)
				lost.options.Wait, lost.options.Streams = 50*time.Millisecond, 1
				if _, err := lost.run(context.Background()); !errors.Is(err, link.ErrLost) {
					t.Fatalf("got error %v, want ErrLost", err)
				}
				r.holdsProved(versions)
			}
			b := r.mustRun()
			if b.Files.Listed != 22 || b.Files.Proved != 22 {
				t.Errorf("files %+v, want 22 proved", b.Files)
			}
			r.holdsProved(versions)
			entries, _ := r.manifest()
			for path, e := range entries {
				if e.Type == manifest.TypeFile && e.Status == manifest.StatusProved {
					r.holdsEntry(e, r.original(path))
				}
			}
		})
	}
}

// pointsToKill picks as many steps as asked: all steps that sync, write the journal or
// place a file, and some of the others.
func pointsToKill(t *testing.T, steps []string, many int) (points []int) {
	t.Helper()
	var rest []int
	for i, at := range steps {
		switch at {
		case "durable", "journal", "sync", "promote", "manifest":
			points = append(points, i+1)
		default:
			rest = append(rest, i+1)
		}
	}
	if len(points) < 12 || len(rest) < many {
		t.Fatalf("%d and %d steps: %v", len(points), len(rest), steps)
	}
	for more := many - len(points); len(points) < many; {
		points = append(points, rest[(many-len(points)-1)*len(rest)/more])
	}
	return points
}

// versions returns the hashes of all versions of the handset's files, by path.
func (r *rig) versions(others ...*rig) map[string]map[string]bool {
	r.t.Helper()
	all := map[string]map[string]bool{}
	for _, one := range append(others, r) {
		for i := range 24 {
			path := fmt.Sprintf("/storage/emulated/0/Notes/%02d.txt", i)
			var b bytes.Buffer
			if _, err := one.device.PullFile(context.Background(), path, &b); err != nil {
				continue // not there at that time
			}
			sum := sha256.Sum256(b.Bytes())
			if all[path] == nil {
				all[path] = map[string]bool{}
			}
			all[path][hex.EncodeToString(sum[:])] = true
		}
	}
	return all
}

// holdsProved asserts that every file that the journal calls proved is on the disk, and
// that no file is partial.
func (r *rig) holdsProved(versions map[string]map[string]bool) {
	r.t.Helper()
	type line struct {
		Path   string `json:"path"`
		SHA256 string `json:"sha256"`
		Staged bool   `json:"staged"`
	}
	f, err := os.Open(filepath.Join(r.dir, "backup", "journal.jsonl"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer f.Close()
	proved := map[string]line{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var l line
		if json.Unmarshal(lines.Bytes(), &l) == nil {
			proved[l.Path] = l
		}
	}
	if len(proved) < 16 {
		r.t.Errorf("the journal has %d files, fewer than were proved before", len(proved))
	}
	for path, l := range proved {
		at := filepath.Join(r.dir, "backup", path)
		if aside := filepath.Join(r.dir, "backup", "unproved", path); l.Staged && exists(aside) {
			at = aside
		}
		if got := hashOf(r.t, at); got != l.SHA256 {
			r.t.Errorf("%s was proved and is another: %s", path, got)
		}
	}
	top := filepath.Join(r.dir, "backup", "storage")
	err = filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		path := strings.TrimPrefix(filepath.ToSlash(name), filepath.ToSlash(filepath.Join(r.dir, "backup")))
		if !versions[path][hashOf(r.t, name)] {
			r.t.Errorf("%s looks whole and is nothing the handset ever had", path)
		}
		return nil
	})
	if err != nil {
		r.t.Error(err)
	}
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

func hashOf(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// copyCase copies a case, with its times.
func copyCase(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "case")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}
