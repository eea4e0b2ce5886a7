package restore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
)

// scanSince is the first API level with a command to scan the media.
const scanSince = 30

// scanMedia starts the media scan. Before Android 11 only a restart does.
func (st *storages) scanMedia(ctx context.Context) error {
	sdk, err := st.sdk(ctx)
	if err != nil {
		return err
	}
	if sdk < scanSince {
		st.result.MediaScan = "restart"
		return nil
	}
	st.result.MediaScan = "done"
	for _, volume := range st.volumes() {
		line, err := handset.ScanMedia.With(volume)
		if err != nil {
			continue // no name of a volume: such a folder holds no card
		}
		a, err := query.Ask(ctx, st.link, line)
		if err == nil {
			err = query.Refusal(a)
		}
		switch {
		case errors.Is(err, query.ErrRefused):
			st.result.MediaScan = "restart"
		case err != nil:
			return err
		}
	}
	return nil
}

// volumes returns the names of Android's media volumes that files were restored to: that of
// the shared storage, and for a card its UUID in lower case.
func (st *storages) volumes() []string {
	volumes := []string{"external_primary"}
	for _, root := range slices.Sorted(maps.Keys(st.sizes)) {
		if card, ok := strings.CutPrefix(root, "/storage/"); ok && !strings.HasPrefix(root, manifest.UsersRoot) && !st.lacks(&manifest.Entry{Path: root}) {
			volumes = append(volumes, strings.ToLower(card))
		}
	}
	return volumes
}

// sdk returns the handset's API level, 0 if it is unknown.
func (st *storages) sdk(ctx context.Context) (int, error) {
	a, err := query.Ask(ctx, st.link, handset.GetProperty.Must("ro.build.version.sdk"))
	if err != nil && !errors.Is(err, query.ErrRefused) {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(a.Stdout)))
	if err != nil {
		return 0, nil //nolint:nilerr // another answer means that the level is unknown
	}
	return n, nil
}
