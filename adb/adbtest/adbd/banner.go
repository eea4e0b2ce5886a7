package adbd

import (
	"strings"

	"preship/adb/adbtest/bus"
	"preship/adb/internal/wire"
)

// protocols lists the version of adbd by that of Android. Source: adb.h of the
// releases; version 0x01000001 and the 1 MiB payload came with Android 9.
var protocols = []struct {
	sdk              int // this and later
	version, maxData uint32
}{
	{sdk: 28, version: wire.VersionSkipChecksum, maxData: wire.MaxPayload},
	{sdk: 24, version: wire.VersionMin, maxData: 256 << 10},
	{sdk: 0, version: wire.VersionMin, maxData: wire.MaxPayloadV1},
}

// protocol returns the version and the largest message data that adbd offers.
func (d *Services) protocol() (version, maxData uint32) {
	for _, row := range protocols {
		if d.SDK() >= row.sdk {
			return row.version, row.maxData
		}
	}
	return wire.VersionMin, wire.MaxPayloadV1
}

// bannerProperties are the properties in the banner, in adbd's order.
var bannerProperties = []string{"ro.product.name", "ro.product.model", "ro.product.device"}

// banner returns the first answer of adbd: the state, properties and features of the
// handset. A recovery's assistant sends only its state.
func (d *Services) banner() string {
	state, _ := d.Bus.Presence()
	if state == bus.Sideload {
		return "sideload::"
	}
	var parts []string
	for _, name := range bannerProperties {
		parts = append(parts, name+"="+d.Prop(name))
	}
	if len(d.Profile.Features) > 0 {
		parts = append(parts, "features="+strings.Join(d.Profile.Features, ","))
	}
	return state + "::" + strings.Join(parts, ";")
}
