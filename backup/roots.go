package backup

import (
	"context"
	"fmt"
	"strings"

	"preship/adb/handset"
)

// ownerRoot is the shared storage of the owner, user 0. It is there on every
// handset; /sdcard is a chain of symlinks to it.
const ownerRoot = "/storage/emulated/0"

// findRoots asks the handset for its storages. Where it does not answer, the
// owner's own storage is backed up all the same, and the listing says what was
// not known.
func findRoots(ctx context.Context, r handset.Reader) (roots []Root, notes []string, err error) {
	line := handset.ListVolumes.Must()
	ctx, cancel := context.WithTimeout(ctx, line.Command().Limit())
	defer cancel()
	a, err := r.Ask(ctx, line)
	if err != nil {
		return nil, nil, fmt.Errorf("volumes: %w", err)
	}
	volumes, err := handset.ParseVolumes(a.Stdout)
	if err != nil {
		notes = append(notes, fmt.Sprintf("the storages of the handset are not known, only %s was looked at: %v", ownerRoot, err))
		return []Root{{Path: ownerRoot}}, notes, nil
	}
	roots, notes = rootsOf(volumes)
	return roots, notes, nil
}

// rootsOf turns volumes into the folders to list.
func rootsOf(volumes []handset.Volume) (roots []Root, notes []string) {
	roots = []Root{{Path: ownerRoot}}
	for _, v := range volumes {
		user, emulated := emulatedUser(v.ID)
		switch {
		case emulated && user == "0":
			roots[0].Volume = v.ID
		case emulated && strings.HasPrefix(v.State, "mounted"):
			roots = append(roots, Root{Path: "/storage/emulated/" + user, Volume: v.ID})
		case v.Path() != "":
			roots = append(roots, Root{Path: v.Path(), Volume: v.ID})
		case strings.HasPrefix(v.ID, "public:") && v.Inside:
			notes = append(notes, fmt.Sprintf("storage %s is in the handset but %s: nothing of it was read", v.ID, v.State))
		}
	}
	return roots, notes
}

// emulatedUser returns whose shared storage a volume is: "emulated;0",
// "emulated:179,66;10", or plain "emulated" before Android 11, which is user 0's.
func emulatedUser(id string) (user string, ok bool) {
	if !strings.HasPrefix(id, "emulated") {
		return "", false
	}
	_, user, found := strings.Cut(id, ";")
	if !found {
		return "0", true
	}
	return user, strings.Trim(user, "0123456789") == "" && user != ""
}
