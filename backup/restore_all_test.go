package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/report/message"
)

// importing is how a restore waits for an owner who is there.
var importing = restore.Options{ImportWait: 20 * time.Second}

// wholeProfile is a handset with contacts, messages, and apps with splits.
func wholeProfile(p string) string {
	p = strings.Replace(p, "find-device: on", "find-device: off", 1) // set-up would ask for the account
	return android13(p) + "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM/Empty/Deeper\n" +
		"data - - 2026-03-01T10:00:02Z /data/app/~~8sQbT2m3RfyVxkPw==/com.example.game-iaTC9-W1lyR1FxO==/base.apk 70000 9\n"
}

// wipedTwin is a second handset of the rig's profile after a factory reset. It
// keeps the owner beside it.
func wipedTwin(t *testing.T, change func(string) string) *rig {
	t.Helper()
	twin := fullRig(t, "redmi-note-10", change)
	twin.handset.ResetByHand()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for { // the reset takes it off the bus, and its owner sets it up
		res, err := twin.device.Shell(ctx, "settings get secure user_setup_complete; pm list packages -3; ls /sdcard/DCIM", nil)
		if err == nil && strings.HasPrefix(string(res.Stdout), "1\n") && !strings.Contains(string(res.Stdout), "package:") {
			// Its owner also lets the computer see the contacts again.
			if res, err := twin.device.Shell(ctx, "setprop persist.security.adbinput 1", nil); err != nil || res.Exit != 0 {
				t.Fatalf("%v %s", err, res.Stderr)
			}
			return twin
		}
		if ctx.Err() != nil {
			t.Fatalf("the handset did not come back: %v, %s", err, res.Stdout)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestRestoreEverything: saved, wiped, restored, identical: files, folders,
// times, apps with all splits, and the contacts once their owner says yes.
func TestRestoreEverything(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", wholeProfile)
	saved := r.mustRun()
	before, _ := r.manifest()
	twin := wipedTwin(t, wholeProfile)

	res := r.restoreTo(twin, importing)
	if len(res.Problems) > 0 || res.Proved != res.Files || res.Files != saved.Files.Listed {
		t.Errorf("restored %+v", res)
	}
	if res.Apps.Installed != 3 || res.Apps.Proved != 3 || res.Apps.Wanted != 3 {
		t.Errorf("apps %+v", res.Apps)
	}
	c := res.Contacts
	if c.Status != restore.ContactsImported || c.Wanted != 5 || c.Before == nil || *c.Before != 0 || c.After == nil || *c.After != 5 {
		t.Errorf("contacts %+v", c)
	}
	if res.MediaScan != "done" {
		t.Errorf("media scan %q", res.MediaScan)
	}
	if len(res.NotRestored) != 4 || res.NotRestored[0].File != "backup/items/messages.html" {
		t.Errorf("not restored: %v", res.NotRestored)
	}

	after := twin.mustRun()
	if n := after.Items["contacts"]; n == nil || *n != 5 {
		t.Errorf("contacts afterwards: %v", n)
	}
	if a, b := saved.Items["apps"], after.Items["apps"]; *a != 3 || *b != 3 {
		t.Errorf("%d apps, were %d", *b, *a)
	}
	entries, _ := twin.manifest()
	for path, want := range before {
		got := entries[path]
		if strings.HasPrefix(path, "/data/app/") {
			continue
		}
		if got.Type != want.Type || want.Type == manifest.TypeFile && (got.SHA256 != want.SHA256 || got.MTime != want.MTime) {
			t.Errorf("%s came back as %+v, was %+v", path, got, want)
		}
	}
	if again := r.restoreTo(twin, importing); again.Pushed != 0 || again.Apps.Installed != 0 || again.Apps.Present != 3 ||
		again.Contacts.Status != restore.ContactsPresent || again.Folders.Made != 0 {
		t.Errorf("a second time %+v", again)
	}
}

// TestRestoreSendsOnlyRows: whatever a restore sends is a row of the table; what
// adbd is asked past the shell are the same words.
func TestRestoreSendsOnlyRows(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", wholeProfile)
	r.mustRun()
	for _, features := range []string{"", "abb_exec"} {
		change := func(p string) string {
			if features == "" {
				p = strings.Replace(p, "abb_exec", "", 1)
			}
			return wholeProfile(p)
		}
		twin := wipedTwin(t, change)
		past := len(twin.handset.Sent())
		r.restoreTo(twin, importing)
		writes := map[string]int{}
		for _, s := range twin.handset.Sent()[past:] {
			line := s.Line
			if words, ok := strings.CutPrefix(s.Service, "abb_exec:"); ok {
				line = "cmd " + strings.ReplaceAll(words, "\x00", " ")
			}
			if line == "" {
				line = s.Service
			}
			row, ok := handset.Match(line)
			if !ok {
				t.Errorf("sent %q, which is no row", line)
			} else if row.Writes {
				writes[row.Name]++
			}
		}
		for name, want := range map[string]int{"install-create": 3, "install-write": 5, "install-commit": 3, "import-contacts": 1, "scan-media": 1} {
			if writes[name] != want {
				t.Errorf("%s was sent %d times, want %d", name, writes[name], want)
			}
		}
		if writes["make-folders"] == 0 || len(writes) != 6 {
			t.Errorf("writes %v", writes)
		}
	}
}

// TestRestoreOnly: a part not asked for is left alone.
func TestRestoreOnly(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", wholeProfile)
	r.mustRun()
	twin := wipedTwin(t, wholeProfile)
	for _, tt := range []struct {
		only                  restore.Part
		files, apps, contacts bool
	}{{restore.PartContacts, false, false, true}, {restore.PartApps, false, true, false}, {restore.PartFiles, true, false, false}} {
		res := r.restoreTo(twin, restore.Options{Only: []restore.Part{tt.only}, ImportWait: 20 * time.Second})
		if (res.Files > 0) != tt.files || (res.Folders.Wanted > 0) != tt.files || (res.Apps.Wanted > 0) != tt.apps || (res.Contacts.Wanted > 0) != tt.contacts {
			t.Errorf("only %s: %+v", tt.only, res)
		}
	}
}

// TestRestoreApps: an app that fails is named, a newer one stays, a damaged one is not
// sent, and all others are installed.
func TestRestoreApps(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", wholeProfile)
	r.mustRun()
	apps := restore.Options{Only: []restore.Part{restore.PartApps}}
	newer := func(p string) string {
		return strings.Replace(wholeProfile(p), "com.example.notes 1.4 user", "com.example.notes 1.10 user", 1)
	}
	if res := r.restoreTo(fullRig(t, "redmi-note-10", newer), apps); res.Apps.Newer != 1 || res.Apps.Present != 2 || res.Apps.Installed != 0 {
		t.Errorf("a newer version: %+v %v", res.Apps, res.Problems)
	}
	forbidden := func(p string) string {
		return strings.Replace(wholeProfile(p), "[persist.security.adbinstall]: [1]", "[persist.security.adbinstall]: [0]", 1)
	}
	held := fullRig(t, "redmi-note-10", forbidden)
	for _, name := range []string{"com.example.notes", "com.example.game", "com.whatsapp"} {
		if res, err := held.device.Shell(t.Context(), "pm uninstall "+name, nil); err != nil || res.Exit != 0 {
			t.Fatalf("%s: %v %s", name, err, res.Stdout)
		}
	}
	res := r.restoreTo(held, apps)
	if len(res.Problems) != 3 || res.Apps.Installed != 0 || !slices.ContainsFunc(res.Problems, func(p manifest.Problem) bool {
		return p.File == "com.example.notes" && strings.Contains(p.What, "Install via USB")
	}) {
		t.Errorf("forbidden: %+v %v", res.Apps, res.Problems)
	}
	matches, err := filepath.Glob(filepath.Join(r.dir, "backup/data/app/*/com.example.game-*/base.apk"))
	if err != nil || len(matches) != 1 {
		t.Fatal(matches, err)
	}
	if err := flip(matches[0], 300); err != nil {
		t.Fatal(err)
	}
	res = r.restoreTo(wipedTwin(t, wholeProfile), apps)
	if res.Apps.Installed != 2 || res.Apps.Proved != 2 || !slices.ContainsFunc(res.Problems, func(p manifest.Problem) bool {
		return p.File == "com.example.game" && strings.Contains(p.What, "damaged")
	}) {
		t.Errorf("damaged: %+v %v", res.Apps, res.Problems)
	}
}

// TestRestoreContactsNotImported: contacts are called imported only if the handset shows
// them.
func TestRestoreContactsNotImported(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", wholeProfile)
	r.mustRun()
	idle := newRigOwned(t, adbtest.OwnerIdle(), "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n")
	var said []string
	res := r.restoreTo(idle, restore.Options{Only: []restore.Part{restore.PartContacts}, Say: func(s message.Sentence) { said = append(said, s.String()) }})
	if res.Contacts.Status != restore.ContactsUnknown || res.Contacts.File == "" || len(said) != 1 || !strings.Contains(said[0], "Import") {
		t.Errorf("got %+v, said %q", res.Contacts, said)
	}
	if got := idle.original(res.Contacts.File); !strings.Contains(string(got), "FN:李四") {
		t.Errorf("contacts on the handset: %s", got)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "backup/items/contacts.vcf"), []byte("BEGIN:VCARD"), 0o600); err != nil {
		t.Fatal(err)
	}
	if res := r.restoreTo(idle, restore.Options{Only: []restore.Part{restore.PartContacts}}); len(res.Problems) != 1 {
		t.Errorf("damaged contacts: %v", res.Problems)
	}
}

// TestRestoreWithoutTheCard: a storage the handset has not is named once.
func TestRestoreWithoutTheCard(t *testing.T) {
	t.Parallel()
	r := newRigWith(t, "volume: emulated;0 mounted null\nvolume: public:179,65 mounted 6132-3A29\n",
		someFiles+"text - - 2026-03-01T10:00:00Z /storage/6132-3A29/music/k.txt \"on the card\"\n")
	r.mustRun()
	res := r.restoreTo(newRig(t, "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n"), restore.Options{})
	if len(res.Problems) != 1 || res.Problems[0].File != "/storage/6132-3A29" || res.Proved != 12 {
		t.Errorf("got %+v", res)
	}
}

// TestRestoreToAnotherCard: the files of a card go to another card if somebody says so, under
// its number, and nowhere if nobody does.
func TestRestoreToAnotherCard(t *testing.T) {
	t.Parallel()
	card := func(number, tree string) (keys, files string) {
		return "volume: emulated;0 mounted null\nvolume: public:179,65 mounted " + number + "\n", someFiles + strings.ReplaceAll(tree, "CARD", "/storage/"+number)
	}
	keys, tree := card("6132-3A29", "dir - - 2026-03-01T10:00:00Z CARD/empty\ntext - - 2026-03-01T10:00:00Z CARD/music/k.txt \"on the card\"\n")
	r := newRigWith(t, keys, tree)
	r.mustRun()
	for _, tt := range []struct {
		name, in string
		options  restore.Options
		moved    bool
		problem  string
	}{
		{"nobody is asked", "ABCD-1234", restore.Options{}, false, "--card=ABCD-1234"},
		{"the answer is no", "ABCD-1234", restore.Options{AskCard: func(context.Context, string, string) (bool, error) { return false, nil }}, false, "--card=ABCD-1234"},
		{"the answer is yes", "ABCD-1234", restore.Options{AskCard: func(_ context.Context, saved, other string) (bool, error) {
			return saved == "6132-3A29" && other == "ABCD-1234", nil
		}}, true, ""},
		{"by its number", "ABCD-1234", restore.Options{Card: "ABCD-1234"}, true, ""},
		{"another number", "ABCD-1234", restore.Options{Card: "FFFF-0000"}, false, "no such storage"},
		{"the same card", "6132-3A29", restore.Options{Card: "ABCD-1234"}, false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keys, tree := card(tt.in, "dir - - 2026-03-01T10:00:00Z CARD/other\n")
			other := newRigWith(t, keys, tree)
			res := r.restoreTo(other, tt.options)
			if len(res.Problems) > 1 || (len(res.Problems) == 1) != (tt.problem != "") || tt.problem != "" && !strings.Contains(res.Problems[0].What, tt.problem) {
				t.Fatalf("problems %v", res.Problems)
			}
			want := int64(13)
			if tt.problem != "" {
				want = 12
			}
			if res.Proved != want || tt.moved && string(other.original("/storage/ABCD-1234/music/k.txt")) != "on the card" {
				t.Errorf("%+v", res)
			}
		})
	}
}

// TestRestoreChecksTheSpaceFirst: nothing is sent to a handset that cannot hold it all. Files
// that are there already need no space.
func TestRestoreChecksTheSpaceFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	full := newRigWith(t, "storage: 1000000 800000\n", "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n") // 204.8 MB are free
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := restore.Run(t.Context(), full.device, root, restore.Options{}); !errors.Is(err, restore.ErrNoRoom) || !strings.Contains(err.Error(), "/storage/emulated/0") {
		t.Errorf("got error %v, want ErrNoRoom", err)
	}
	if n := full.opened("sync:"); full.shells("mkdir") > 0 || len(full.handset.Sent()) == 0 || n > 1 {
		t.Errorf("something was sent: %d streams", n)
	}
	if res := r.restoreTo(full, restore.Options{DryRun: true, Only: []restore.Part{restore.PartFiles}}); len(res.Problems) != 1 || !strings.Contains(res.Problems[0].What, "too little space") {
		t.Errorf("a dry run: %+v", res.Problems)
	}
	again := newRigWith(t, "storage: 1000000 800000\n", someFiles)
	if res := r.restoreTo(again, restore.Options{Only: []restore.Part{restore.PartFiles}}); res.Present != 12 || len(res.Problems) != 0 {
		t.Errorf("what is there already: %+v", res)
	}
}

// TestRestoreSaysDatesItCannotSend: adb sends dates from 1970 to 2106 only. The gallery is
// told of every volume.
func TestRestoreSaysDatesItCannotSend(t *testing.T) {
	t.Parallel()
	const card = "storage: 100000000 800000\nvolume: public:179,65 mounted 6132-3A29\n"
	r := newRigWith(t, card, "text - - 1969-07-20T20:17:40Z /sdcard/DCIM/moon.txt \"old\"\ntext - - 2026-03-01T10:00:00Z /storage/6132-3A29/DCIM/k.txt \"on the card\"\n")
	r.mustRun()
	to := newRigWith(t, card, "dir - - 2026-03-01T10:00:00Z /storage/6132-3A29/DCIM\n")
	res := r.restoreTo(to, restore.Options{Only: []restore.Part{restore.PartFiles}})
	if res.Proved != 2 || res.Undated != 1 || len(res.Problems) != 0 {
		t.Errorf("%+v", res)
	}
	var scanned []string
	for _, s := range to.handset.Sent() {
		if strings.Contains(s.Line, "scan_volume") {
			scanned = append(scanned, s.Line)
		}
	}
	if len(scanned) != 2 || !strings.Contains(strings.Join(scanned, "\n"), "6132-3a29") {
		t.Errorf("scanned %q, want the shared storage and the card", scanned)
	}
}
