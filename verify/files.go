package verify

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/message"
)

// storageRoot ends in a slash because /sdcard is a link, which find does not follow.
const storageRoot = "/sdcard/"

// freshFolders are what a system makes on shared storage by itself. They may be
// there, empty.
var freshFolders = map[string]bool{
	"Alarms": true, "Android": true, "Audiobooks": true, "DCIM": true, "DCIM/Camera": true, "Documents": true,
	"Download": true, "Movies": true, "Music": true, "Notifications": true, "Pictures": true,
	"Pictures/Screenshots": true, "DCIM/Screenshots": true, "Podcasts": true, "Recordings": true, "Ringtones": true,
}

// systemFolders hold files of the system and of apps, not the owner's.
var systemFolders = []string{"Android/data/", "Android/obb/", "MIUI/", "LOST.DIR/"}

// ownersFolders are inside them all the same: messengers keep received pictures
// in the first one, the others are the vendor's own backup, recorder and gallery.
var ownersFolders = []string{"Android/media/", "MIUI/backup/", "MIUI/sound_recorder/", "MIUI/Gallery/", "MIUI/screenrecorder/"}

// systemNames are files the media index makes wherever it looks.
var systemNames = map[string]bool{".nomedia": true, ".thumbnails": true, ".database_uuid": true}

var (
	errNoList    = message.Error(message.Say("error.list.foreign"), nil)
	errCutList   = message.Error(message.Say("error.list.cut"), nil)
	errNotListed = message.Error(message.Say("error.list.refused"), nil)
)

const filesUntold = "clean.files.not-listed"

func askFiles(ctx context.Context, l *look) result {
	a, err := handset.Ask(ctx, l, handset.FindFiles.Must(storageRoot))
	if err != nil {
		return unknown(filesUntold, reason(err))
	}
	names, err := listed(a)
	if err != nil {
		return unknown(filesUntold, reason(err), a.Ref)
	}
	f, _ := handset.Ask(ctx, l, handset.FindFolders.Must(storageRoot))
	folders, err := listed(f)
	if err != nil {
		folders = nil // then every name that holds nothing counts as a file
	}
	where := ownersFiles(names, folders)
	var n int64
	for _, count := range where {
		n += count
	}
	l.out.Files = &n
	refs := []string{a.Ref, f.Ref}
	if n > 0 {
		return result{report.StatusFail, message.Say("clean.files.there", "count", n), message.AsIs(counted(where)), refs}
	}
	return result{report.StatusPass, message.Say("clean.files.clear"), message.Say("clean.seen.names", "count", len(names)), refs}
}

const elsewhere = "elsewhere"

// ownersFiles counts the files that a fresh system would not have on its storage, by
// folder: everything that is neither a folder nor a file of the system. The names of
// folders that a person made are left out: they can be private.
func ownersFiles(names, folders []string) map[string]int64 {
	holds := map[string]bool{}
	for _, name := range folders {
		holds[name] = true
	}
	for _, name := range names {
		holds[path.Dir(name)] = true
	}
	where := map[string]int64{}
	for _, name := range names {
		if holds[name] || freshFolders[name] || ofSystem(name) {
			continue
		}
		top, _, inside := strings.Cut(name, "/")
		if !inside || !freshFolders[top] && top != "MIUI" {
			top = elsewhere
		}
		where[top]++
	}
	return where
}

// counted writes the counts, the most important folders first.
func counted(where map[string]int64) string {
	var parts []string
	for _, top := range slices.Sorted(maps.Keys(where)) {
		parts = append(parts, fmt.Sprintf("%s: %d", top, where[top]))
	}
	return join(parts)
}

func ofSystem(name string) bool {
	within := func(folder string) bool { return strings.HasPrefix(name+"/", folder) }
	if systemNames[path.Base(name)] {
		return true
	}
	return slices.ContainsFunc(systemFolders, within) && !slices.ContainsFunc(ownersFolders, within)
}

// listed returns the names below storageRoot. An answer without the root itself
// says nothing, and one that complains about a folder outside the system's own
// is not complete.
func listed(a handset.Answer) ([]string, error) {
	for line := range bytes.Lines(a.Stderr) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.Contains(line, []byte(storageRoot+"Android/")) {
			return nil, fmt.Errorf("%w: %s", errNotListed, withoutNames(line))
		}
	}
	if a.Exit > 0 && len(bytes.TrimSpace(a.Stderr)) == 0 {
		return nil, message.Detail(errNotListed, message.Say("error.detail.status", "status", strconv.Itoa(a.Exit)))
	}
	if !bytes.HasSuffix(a.Stdout, []byte{0}) {
		return nil, errCutList
	}
	var names []string
	rooted := false
	for entry := range bytes.SplitSeq(bytes.TrimSuffix(a.Stdout, []byte{0}), []byte{0}) {
		name, ok := strings.CutPrefix(string(entry), storageRoot)
		switch {
		case !ok:
			return nil, message.Detail(errNoList, message.Say("error.detail.holds", "text", strconv.Quote(withoutNames(entry))))
		case name == "":
			rooted = true
		default:
			names = append(names, strings.TrimLeft(name, "/"))
		}
	}
	if !rooted {
		return nil, errNoList
	}
	return names, nil
}

// withoutNames masks the file names in a tool's output: they can be private, and the
// report shows the text.
func withoutNames(said []byte) string {
	return dump.Printable(bytes.TrimSpace(dump.Complaints(said)), 120)
}
