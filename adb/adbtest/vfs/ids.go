package vfs

import (
	"fmt"
	"strconv"
	"strings"
)

// Android's fixed users and groups, android_filesystem_config.h, as far as
// they own anything uid shell gets to see.
var androidIDs = map[uint32]string{
	0: "root", 1000: "system", 1001: "radio", 1003: "graphics", 1004: "input", 1005: "audio", 1007: "log",
	1011: "adb", 1013: "media", 1015: "sdcard_rw", 1023: "media_rw", 1028: "sdcard_r", 1077: "external_storage",
	1078: "ext_data_rw", 1079: "ext_obb_rw", 2000: "shell", 2002: "misc", 3001: "net_bt_admin", 3002: "net_bt",
	3003: "inet", 3006: "net_bw_stats", 3009: "readproc", 3011: "uhid", 3012: "readtracefs", 9997: "everybody",
}

const firstAppID = 10000

// IDName returns the name of a uid or gid as bionic has it: a fixed name, or
// u<user>_a<app>.
func IDName(id uint32) string {
	if s, ok := androidIDs[id]; ok {
		return s
	}
	user, app := id/100000, id%100000
	if app >= firstAppID && app < 20000 {
		return fmt.Sprintf("u%d_a%d", user, app-firstAppID)
	}
	return strconv.FormatUint(uint64(id), 10)
}

// IDOf returns the uid or gid of a name. It takes a number as it is.
func IDOf(name string) (uint32, bool) {
	for id, s := range androidIDs {
		if s == name {
			return id, true
		}
	}
	if rest, ok := strings.CutPrefix(name, "u"); ok {
		if u, a, ok := strings.Cut(rest, "_a"); ok {
			user, err1 := strconv.ParseUint(u, 10, 16)
			app, err2 := strconv.ParseUint(a, 10, 16)
			if err1 == nil && err2 == nil && app < 10000 {
				return uint32(user)*100000 + firstAppID + uint32(app), true
			}
		}
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return uint32(n), err == nil
}
