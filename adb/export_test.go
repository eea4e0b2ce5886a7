package adb

import "context"

// SyncV1 opens a sync stream as to a device that has neither stat_v2, ls_v2 nor
// sendrecv_v2. Every daemon still answers the first version.
func (d *Device) SyncV1(ctx context.Context) (*Sync, error) { return d.openSync(ctx, Features{}) }
