package adb

import (
	"context"
	"strings"
)

// Features are the features of a device's own daemon, not reduced to those of the
// server: sync and shell streams only pass through the server.
type Features map[string]bool

// Names of features, AOSP's transport.cpp.
const (
	FeatureShellV2    = "shell_v2"
	FeatureCmd        = "cmd"
	FeatureStatV2     = "stat_v2"
	FeatureLsV2       = "ls_v2"
	FeatureABBExec    = "abb_exec"
	FeatureSendRecvV2 = "sendrecv_v2"
)

// Has reports whether the device offers the feature.
func (f Features) Has(name string) bool { return f[name] }

// Features asks for the device's features. The server knows them, so this costs
// one local question; it is not remembered, because another mode of the same
// device (recovery, after an update) offers others. An empty map is the
// answer of a device without features.
func (d *Device) Features(ctx context.Context) (Features, error) {
	b, err := d.client.askAs(ctx, d.serial, "host-serial:"+d.serial+":features")
	if err != nil {
		return nil, err
	}
	return parseFeatures(string(b)), nil
}

func parseFeatures(s string) Features {
	f := Features{}
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name != "" {
			f[name] = true
		}
	}
	return f
}
