package mask

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/pattern"
)

// maskProperties keeps every key of getprop's answer, and the values of those
// keys that say what the handset is, how it is built and how it is locked, and
// which one it is: IMEI and serial numbers are in the report as well. Every
// other value is masked. It is a list of what stays, not of what goes, because
// vendors add keys with every version, and any may hold a telephone number.
//
// Text outside of a record is not kept, nor is a record that is cut off.
func maskProperties(_ handset.Line, said []byte) []byte {
	var out bytes.Buffer
	dropped := 0
	for _, r := range dump.Records(said) {
		if r.Whole {
			fmt.Fprintf(&out, "[%s]: [%s]\n", maskKey(r.Key), maskValue(r.Key, r.Value))
		} else {
			dropped++
		}
	}
	dump.NotKept(&out, dropped)
	return out.Bytes()
}

// maskProperty masks the answer to getprop of one key.
func maskProperty(line handset.Line, said []byte) []byte {
	key := line.Args()[0]
	value := strings.TrimRight(dump.Text(said), "\n")
	return []byte(maskValue(key, value) + "\n")
}

var (
	plainKey = pattern.New(`^[A-Za-z][A-Za-z0-9_.@/-]{0,91}$`)
	longRun  = pattern.New(`[0-9]{7}|(?:[0-9A-Fa-f]{2}[:_-]){5}`)
	appInKey = pattern.New(`(?:(?:^|\.)com|.\.org)\.([A-Za-z0-9_-]+)`)
)

// maskKey masks a key that has a number in it, because some name a SIM card, or an
// app of the owner's, whose name some debugging keys have.
func maskKey(key string) string {
	if !plainKey().MatchString(key) || longRun().MatchString(key) {
		return dump.Masked
	}
	if !strings.Contains(key, "com.") && !strings.Contains(key, ".org.") {
		return key // appInKey matches none, and takes longer
	}
	for _, m := range appInKey().FindAllStringSubmatch(key, -1) {
		if !slices.Contains([]string{"android", "google", "miui", "xiaomi", "qualcomm", "qti"}, m[1]) {
			return dump.Masked
		}
	}
	return key
}

// saysNothing are values that identify nothing under any key.
var saysNothing = []string{"", "0", "1", "-1", "true", "false", "yes", "no", "on", "off", "null", "unknown", "none", "running", "stopped", "restarting"}

func maskValue(key, value string) string {
	switch {
	case slices.Contains(saysNothing, value):
		return value
	case (key == "persist.sys.boot.reason.history" || key == "sys.boot.reason") && bootReasons().MatchString(value):
		return value
	case identifies(key) && identifier().MatchString(value):
		return value
	case tellsBuild(key) && len(value) <= maxPlain && plainValue().MatchString(value) && !looksPersonal().MatchString(value):
		return value
	}
	return dump.Masked
}

// maxPlain is the most bytes of a value that says how a system was built.
const maxPlain = 512

var (
	bootReasons   = pattern.New(`^[a-z0-9_,\n-]{1,400}$`)
	identifier    = pattern.New(`^[0-9A-Za-z/,_-]{4,80}$`)
	plainValue    = pattern.New(`^[\p{L}\p{N} ._:/,;+()@=|-]+$`)
	looksPersonal = pattern.New(`^\+?[0-9]{14,20}$|(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z.]{2,}`)
)

// identifies reports whether a key holds an identifier that the report shows.
func identifies(key string) bool {
	if key == "ro.serialno" || key == "ro.boot.serialno" || key == "ro.boot.cpuid" {
		return true
	}
	for _, v := range handset.Vendors {
		if slices.Contains(v.MEID, key) || slices.Contains(v.SN, key) || slices.Contains(v.BoardSN, key) {
			return true
		}
		for _, slots := range v.IMEIProperties {
			if slices.Contains(slots, key) {
				return true
			}
		}
	}
	return false
}

var (
	// Written when the system was built, so that no owner can be in them. Every
	// partition has its own.
	buildKey   = pattern.New(`^ro\.(?:(?:odm|vendor|system|system_ext|product|bootimage|vendor_dlkm|odm_dlkm|system_dlkm)\.)?build\.(?:ab_update|characteristics|date|date\.utc|description|display\.id|fingerprint|flavor|hardware\.version|host|id|keys|product|security_patch|selinux|tags|type|user|version\.[a-z_]{1,40})$`)
	productKey = pattern.New(`^ro\.product\.(?:(?:odm|vendor|system|system_ext|product|bootimage)\.)?(?:board|brand|cert|cpu\.abi[a-z0-9]{0,8}|device|first_api_level|manufacturer|marketname|locale|mod_device|model|name)$`)
	buildKeys  = []string{
		"gsm.sim.state", "gsm.version.baseband",
		"ro.board.platform", "ro.boot.cert", "ro.boot.flash.locked", "ro.boot.hwc", "ro.boot.hwlevel", "ro.boot.hwname", "ro.boot.hwversion", "ro.boot.mode",
		"ro.boot.product.hardware.sku", "ro.boot.qemu", "ro.boot.secureboot", "ro.boot.slot_suffix", "ro.boot.vbmeta.device_state", "ro.boot.verifiedbootstate",
		"ro.boot.veritymode", "ro.boot.warranty_bit", "ro.bootloader", "ro.bootmode", "ro.com.google.gmsversion", "ro.crypto.state", "ro.crypto.type",
		"ro.fota.oem", "ro.frp.pst", "ro.hardware", "ro.mi.os.flavor", "ro.mi.os.version.code", "ro.mi.os.version.incremental", "ro.mi.os.version.name",
		"ro.miui.build.region", "ro.miui.cust_device", "ro.miui.cust_variant", "ro.miui.region", "ro.miui.ui.version.code", "ro.miui.ui.version.name", "ro.miui.version.code_time",
		"ro.modversion", "ro.preship.emulated", "ro.rom.zone", "ro.secureboot.lockstate", "ro.soc.manufacturer", "ro.soc.model", "ro.telephony.sim_slots.count",
		"ro.treble.enabled", "ro.vndk.version", "sys.usb.config", "sys.usb.state",
	}
)

// tellsBuild reports whether a key says what the handset is and how it was built.
func tellsBuild(key string) bool {
	return strings.HasPrefix(key, "ro.") && (buildKey().MatchString(key) || productKey().MatchString(key)) || slices.Contains(buildKeys, key)
}
