package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/report"
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
var systemFolders = []string{"Android/", "MIUI/", "LOST.DIR/"}

// systemNames are files the media index makes wherever it looks.
var systemNames = map[string]bool{".nomedia": true, ".thumbnails": true, ".database_uuid": true}

var (
	errNoList    = errors.New("the answer is no list of files")
	errCutList   = errors.New("the list of files breaks off")
	errNotListed = errors.New("folders could not be listed")
)

func askFiles(ctx context.Context, l *look) result {
	a, err := ask(ctx, l, handset.FindFiles.Must(storageRoot))
	if err != nil {
		return unknown("the files could not be listed: " + reason(err))
	}
	n, err := ownersFiles(a)
	if err != nil {
		return unknown("the files could not be counted: "+reason(err), a.Ref)
	}
	l.out.Files = &n
	if n > 0 {
		return result{report.StatusFail, fmt.Sprintf("%d files or folders of an owner lie on shared storage", n), strconv.FormatInt(n, 10), []string{a.Ref}}
	}
	return result{report.StatusPass, "no files of the owner lie on shared storage", "0", []string{a.Ref}}
}

// ownersFiles counts, in a find -print0 from storageRoot, what a fresh system
// would not have there: everything that holds nothing else and is neither a
// folder nor a file of the system's.
func ownersFiles(a handset.Answer) (int64, error) {
	names, err := listed(a)
	if err != nil {
		return 0, err
	}
	holds := map[string]bool{}
	for _, name := range names {
		holds[path.Dir(name)] = true
	}
	var n int64
	for _, name := range names {
		if !holds[name] && !freshFolders[name] && !ofSystem(name) {
			n++
		}
	}
	return n, nil
}

func ofSystem(name string) bool {
	for _, folder := range systemFolders {
		if strings.HasPrefix(name+"/", folder) {
			return true
		}
	}
	return systemNames[path.Base(name)]
}

// listed returns the names below storageRoot. An answer without the root itself
// says nothing, and one that complains about a folder outside the system's own
// is not complete.
func listed(a handset.Answer) ([]string, error) {
	for line := range bytes.Lines(a.Stderr) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.Contains(line, []byte(storageRoot+"Android/")) {
			return nil, fmt.Errorf("%w: %s", errNotListed, handset.Printable(line, 120))
		}
	}
	if a.Exit > 0 && len(bytes.TrimSpace(a.Stderr)) == 0 {
		return nil, fmt.Errorf("%w: exit status %d", errNotListed, a.Exit)
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
			return nil, fmt.Errorf("%w: it holds %q", errNoList, handset.Printable(entry, 80))
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
