package backup_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/testdata"
)

var featuresLine = regexp.MustCompile(`(?m)^features:.*$`)

// TestRestoreRoundTrip: of every handset that is emulated, and of every list of
// features that an adbd may have, what a backup will lack is foreseen, and all shared
// storage is saved, wiped and restored, and then it is identical in bytes, dates and empty
// folders.
func TestRestoreRoundTrip(t *testing.T) {
	t.Parallel()
	profiles := map[string]string{}
	names, err := fs.Glob(testdata.Handsets, "handsets/*.txtar")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d profiles, %v", len(names), err)
	}
	for _, name := range names {
		b, err := testdata.Handsets.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		profiles[strings.TrimSuffix(path.Base(name), ".txtar")] = string(b)
	}
	old := profiles["redmi-5a"]
	for _, features := range []string{
		"-", // Android 6 has no features
		"cmd", "shell_v2", "cmd stat_v2", "shell_v2 cmd stat_v2", "shell_v2 cmd ls_v2", "shell_v2 cmd sendrecv_v2",
		"shell_v2 cmd stat_v2 ls_v2", "shell_v2 cmd ls_v2 sendrecv_v2", "shell_v2 cmd stat_v2 sendrecv_v2",
	} {
		profiles["with the features "+features] = featuresLine.ReplaceAllString(old, strings.TrimSpace("features: "+features))
	}
	for name, profile := range profiles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			circle(t, profile)
		})
	}
}

// othersFile matches files in the storages of other users.
var othersFile = regexp.MustCompile(`^/storage/emulated/[1-9][0-9]*(/|$)`)

func circle(t *testing.T, profile string) {
	r := newRigOf(t, []byte(profile))
	r.foreseeing()
	before, _ := r.manifest()
	profile = strings.Replace(profile, "find-device: on", "find-device: off", 1) // set-up would ask for the account
	twin := newRigOf(t, []byte(profile)).onlyFiles()
	twin.wipe()

	res := r.restoreTo(twin, restore.Options{Only: []restore.Part{restore.PartFiles}})
	// The wipe takes every user but the owner, and so the place of their files.
	ofOthers := 0
	for path := range before {
		if othersFile.MatchString(path) {
			ofOthers++
		}
	}
	if (len(res.Problems) > 0) != (ofOthers > 0) || res.Files == 0 || res.Proved != res.Files || res.Pushed+res.Present != res.Files {
		t.Errorf("restored %+v", res)
	}
	twin.mustRun()
	after, _ := twin.manifest()
	files, inside := 0, 0
	for path, want := range before {
		if strings.HasPrefix(path, "/data/app/") || want.Status == manifest.StatusUnreadable || othersFile.MatchString(path) {
			continue
		}
		got := after[path]
		if want.Type == manifest.TypeFile {
			files++
		}
		if want.Type == manifest.TypeFile && strings.HasPrefix(path, "/storage/emulated/") {
			inside++
		}
		if got.Type != want.Type || want.Type == manifest.TypeFile && (want.SHA256 != "" && got.SHA256 != want.SHA256 || got.Size != want.Size || got.MTime != want.MTime) {
			t.Errorf("%s came back as %+v, was %+v", path, got, want)
		}
	}
	// A card is not wiped.
	if int64(files) != res.Files || int64(inside) != res.Pushed {
		t.Errorf("%d files were compared, %d of them in the wiped folders; %d restored, %d sent", files, inside, res.Files, res.Pushed)
	}
	if again := r.restoreTo(twin, restore.Options{Only: []restore.Part{restore.PartFiles}}); again.Pushed != 0 || again.Present != res.Files || again.Folders.Made != 0 {
		t.Errorf("a second time %+v", again)
	}
}

// wipe resets the handset and waits until its owner has set it up again.
func (r *rig) wipe() {
	r.t.Helper()
	r.handset.ResetByHand()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	for { // the reset takes it off the bus, and its owner sets it up
		res, err := r.device.Shell(ctx, "settings get secure user_setup_complete; ls /sdcard/DCIM", nil)
		if err == nil && strings.HasPrefix(string(res.Stdout), "1") {
			return
		}
		if ctx.Err() != nil {
			r.t.Fatal(fmt.Errorf("the handset did not come back: %w, %s", err, res.Stdout))
		}
		time.Sleep(20 * time.Millisecond)
	}
}
