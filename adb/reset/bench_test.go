package reset

import (
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/dump"
)

func TestFitsBench(t *testing.T) {
	google := handset.Vendor(dump.Properties{"ro.product.manufacturer": "Google"})
	const (
		debug = "google/sdk_gphone64_x86_64/emu64xa:14/UE1A.230829.050/12077443:userdebug/dev-keys"
		sold  = "google/panther/panther:14/AP2A.240905.003/12231197:user/release-keys"
	)
	fact := func(v string) handset.Fact { return handset.Fact{Value: v} }
	for _, tt := range []struct {
		name string
		id   handset.Identity
		want bool
	}{
		{"an emulator", handset.Identity{Vendor: google, Kind: handset.KindEmulator, Fingerprint: fact(sold), SDK: fact("34")}, true},
		{"a debuggable build", handset.Identity{Vendor: google, Kind: handset.KindDevice, Fingerprint: fact(debug), SDK: fact("34")}, true},
		{"a handset as sold", handset.Identity{Vendor: google, Kind: handset.KindDevice, Fingerprint: fact(sold), SDK: fact("34"), RootSign: fact("debuggable build")}, false},
		{"nothing known of the build", handset.Identity{Vendor: google, Kind: handset.KindDevice, SDK: fact("34")}, false},
		{"Android 9", handset.Identity{Vendor: google, Kind: handset.KindEmulator, SDK: fact("28")}, false},
		{"no version known", handset.Identity{Vendor: google, Kind: handset.KindEmulator}, false},
		{"a vendor's handset, emulated", handset.Identity{Vendor: handset.Vendors[0], Kind: handset.KindEmulator, SDK: fact("34")}, false},
		{"no vendor", handset.Identity{Kind: handset.KindEmulator, SDK: fact("34")}, false},
	} {
		if got, why := fitsBench(tt.id); got != tt.want || why.Empty() {
			t.Errorf("%s: %t (%s), want %t", tt.name, got, why, tt.want)
		}
	}
}
