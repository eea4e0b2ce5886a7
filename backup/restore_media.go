package backup

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/backup/query"
)

// scanSince is the first API level whose media index can be asked to look again.
const scanSince = 30

// scanMedia has the handset index its storages. Before Android 11 it does that
// only by itself, when it starts.
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

// sdk is the handset's API level, 0 when it does not say.
func (r *restorer) sdk(ctx context.Context) (int, error) {
	a, err := query.Ask(ctx, r.link, handset.GetProperty.Must("ro.build.version.sdk"))
	if err != nil && !errors.Is(err, query.ErrRefused) {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(a.Stdout)))
	if err != nil {
		return 0, nil //nolint:nilerr // an answer that is no number says nothing
	}
	return n, nil
}
