package adb_test

import (
	"slices"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/conformance"
)

// withoutFeatures is a handset of today with some of its daemon's features gone.
func withoutFeatures(t *testing.T, cut ...string) (*adb.Device, *adbtest.Handset) {
	t.Helper()
	p, err := adbtest.Load("redmi-k60")
	if err != nil {
		t.Fatal(err)
	}
	p.Features = slices.DeleteFunc(slices.Clone(p.Features), func(f string) bool { return slices.Contains(cut, f) })
	return serveHandset(t, p, adbtest.WithOwner(adbtest.OwnerHelpful()))
}

// TestEveryFeatureHasItsFallback: whichever of the features a daemon of Android 7
// to 17 lacks, the client gets the same results and uses only offered features.
func TestEveryFeatureHasItsFallback(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cut  []string
		not  string // beginning of a service that must not have been opened
	}{
		{name: "all there"},
		{name: "no shell_v2", cut: []string{adb.FeatureShellV2}, not: "shell,v2"},
		{name: "no stat_v2", cut: []string{adb.FeatureStatV2}},
		{name: "no ls_v2", cut: []string{adb.FeatureLsV2}},
		{name: "no sendrecv_v2", cut: []string{adb.FeatureSendRecvV2}},
		{name: "stat_v2 alone, Android 8", cut: []string{adb.FeatureLsV2, adb.FeatureSendRecvV2, adb.FeatureABBExec}},
		{name: "cmd and shell_v2 alone, Android 7", cut: []string{adb.FeatureStatV2, adb.FeatureLsV2, adb.FeatureSendRecvV2, adb.FeatureABBExec}},
		{name: "none at all", cut: []string{
			adb.FeatureShellV2, adb.FeatureStatV2, adb.FeatureLsV2, adb.FeatureSendRecvV2, adb.FeatureABBExec, adb.FeatureCmd,
		}, not: "shell,v2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dev, h := withoutFeatures(t, tt.cut...)
			ready(t, dev)
			checkHandset(t, dev)
			// The list is of one way of asking; what only the shell protocol can
			// tell is left out if it is absent.
			if !slices.Contains(tt.cut, adb.FeatureShellV2) {
				if err := conformance.Run(t.Context(), struct{ conformance.Peer }{peer{dev}}, conformance.Options{}); err != nil {
					t.Error(err)
				}
			}
			for _, s := range h.Sent() {
				if tt.not != "" && strings.HasPrefix(s.Service, tt.not) {
					t.Errorf("%q was opened", s.Service)
				}
			}
		})
	}
}

func TestEveryProfileMeetsExpectations(t *testing.T) {
	t.Parallel()
	for _, name := range adbtest.Profiles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dev := emulated(t, name, adbtest.WithOwner(adbtest.OwnerHelpful()))
			ready(t, dev)
			features, err := dev.Features(t.Context())
			if err != nil || !features.Has(adb.FeatureShellV2) {
				t.Fatalf("features %v, %v", features, err)
			}
			// The raw requests on a sync stream are of version 2.
			asked := conformance.Peer(peer{dev})
			if !features.Has(adb.FeatureSendRecvV2) || !features.Has(adb.FeatureLsV2) || !features.Has(adb.FeatureStatV2) {
				asked = struct{ conformance.Peer }{asked}
			}
			kind := conformance.Android
			if p, err := adbtest.Load(name); err != nil || p.SDK() < 26 {
				kind = conformance.Android7
			}
			if got, err := conformance.Identify(t.Context(), asked); got != kind {
				t.Errorf("identified as %q, %v; want %q", got, err, kind)
			}
			if err := conformance.Run(t.Context(), asked, conformance.Options{Daemon: kind}); err != nil {
				t.Error(err)
			}
		})
	}
}
