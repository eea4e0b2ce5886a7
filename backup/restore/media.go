package restore

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/backup/query"
)

// scanSince is the first API level with a command to scan the media.
const scanSince = 30

// scanMedia starts the media scan. Before Android 11 only a restart does.
func (r *restorer) scanMedia(ctx context.Context) error {
	sdk, err := r.sdk(ctx)
	if err != nil {
		return err
	}
	if sdk < scanSince {
		r.result.MediaScan = "restart"
		return nil
	}
	a, err := query.Ask(ctx, r.link, handset.ScanMedia.Must("external_primary"))
	if err == nil {
		err = query.Refusal(a)
	}
	switch {
	case errors.Is(err, query.ErrRefused):
		r.result.MediaScan = "restart"
		return nil
	case err != nil:
		return err
	}
	r.result.MediaScan = "done"
	return nil
}

// sdk returns the handset's API level, 0 if it is unknown.
func (r *restorer) sdk(ctx context.Context) (int, error) {
	a, err := query.Ask(ctx, r.link, handset.GetProperty.Must("ro.build.version.sdk"))
	if err != nil && !errors.Is(err, query.ErrRefused) {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(a.Stdout)))
	if err != nil {
		return 0, nil //nolint:nilerr // another answer means that the level is unknown
	}
	return n, nil
}
