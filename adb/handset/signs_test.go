package handset

import (
	"testing"

	"preship/adb/handset/dump"
)

// Each of the four properties names the maker's system by itself.
func TestNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p    dump.Properties
		want bool
	}{
		{dump.Properties{uiName: "V125", buildName: "21.11.17"}, true},
		{dump.Properties{osName: "OS2.0", buildName: "1"}, true},
		{dump.Properties{buildName: "V12.0.23.0.RFQMIXM"}, true},
		{dump.Properties{buildName: "OS2.0.6.0.TKHCNXM"}, true},
		{dump.Properties{buildName: "21.11.17"}, false},
		{nil, false},
	} {
		if got := (build{Properties: tt.p}).named(); got != tt.want {
			t.Errorf("%v: named %t, want %t", tt.p, got, tt.want)
		}
	}
}

// A maker's own name of a model is its codename, or words of a known form behind it.
func TestOddModDevice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		device, mod string
		odd         bool
	}{
		{"sunny", "", false},
		{"sunny", "sunny", false},
		{"sunny", "mojito_global", false}, // a sister model
		{"laurel_sprout", "laurel_sprout", false},
		{"laurel_sprout", "laurel_sprout_global", false},
		{"laurel_sprout", "laurel_sproutx_global", true},
		{"laurel_sprout", "laurel_sprout_somebodys", true},
		{"sunny", "sunny_somebodys_global", true},
		{"sunny", "_global", true},
		{"", "_global", true},
		{"", "sunny_global", false},
	} {
		p := dump.Properties{"ro.product.device": tt.device, "ro.product.mod_device": tt.mod}
		if saw := oddModDevice(build{Properties: p}); saw.Empty() == tt.odd {
			t.Errorf("%q of %q: %q, want it odd: %t", tt.mod, tt.device, saw, tt.odd)
		}
	}
}

// A lock property is missed from the API level on that has it.
func TestMissingLocks(t *testing.T) {
	t.Parallel()
	for sdk, missing := range map[int]string{
		0: "", 23: "", 24: "missing: ro.boot.verifiedbootstate, ro.boot.flash.locked", 28: "missing: ro.boot.verifiedbootstate, ro.boot.flash.locked",
		29: "missing: ro.boot.verifiedbootstate, ro.boot.flash.locked, ro.boot.vbmeta.device_state",
	} {
		saw := missingLocks(build{Properties: dump.Properties{}, sdk: sdk})
		if saw.String() != missing {
			t.Errorf("API level %d: %q, want %q", sdk, saw, missing)
		}
	}
}

// One lock property that says a word of its own, or two that differ, is a sign; one alone
// is not.
func TestDisagreeing(t *testing.T) {
	t.Parallel()
	const flash, state = "ro.boot.flash.locked", "ro.secureboot.lockstate"
	for _, tt := range []struct {
		p    dump.Properties
		sign bool
	}{
		{nil, false},
		{dump.Properties{flash: "1"}, false},
		{dump.Properties{flash: "0", state: "unlocked"}, false},
		{dump.Properties{flash: "2"}, true},
		{dump.Properties{flash: "1", state: "unlocked"}, true},
		{dump.Properties{flash: "1", state: "maybe"}, true},
	} {
		if saw := disagreeing(build{Properties: tt.p}); saw.Empty() == tt.sign {
			t.Errorf("%v: %q, want a sign: %t", tt.p, saw, tt.sign)
		}
	}
}

// The name and the version of a HyperOS say which property they come from.
func TestSourcesOfHyperOS(t *testing.T) {
	t.Parallel()
	const version = "OS2.0.207.0.VMNCNXM"
	for _, tt := range []struct {
		p             dump.Properties
		name, version string
	}{
		{dump.Properties{buildName: version}, buildName, buildName},
		{dump.Properties{osName: "OS2.0", buildName: version}, osName, buildName},
		{dump.Properties{osName: "OS2.0", osBuild: version, buildName: version}, osName, osBuild},
	} {
		if os := systemOf(tt.p, "ref", Vendors[0]); os.Name.Source != tt.name || os.Version.Source != tt.version || os.Version.Value != version {
			t.Errorf("%v: %+v, want the name of %q and the version of %q", tt.p, os, tt.name, tt.version)
		}
	}
}

// A build that nothing names is a sign, and a build that is not told is none.
func TestNoMakersBuild(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p    dump.Properties
		sign bool
	}{
		{nil, false},
		{dump.Properties{buildName: "1725548012"}, true},
		{dump.Properties{buildName: "1725548012", uiName: "V125"}, false},
	} {
		if saw := noMakersBuild(build{Properties: tt.p}); saw.Empty() == tt.sign {
			t.Errorf("%v: %q, want a sign: %t", tt.p, saw, tt.sign)
		}
	}
}
