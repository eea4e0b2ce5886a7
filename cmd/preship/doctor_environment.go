package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preship/adb"
	"preship/report"
)

// redirections are the variables that change what adb or preship does, and what
// each means. The names are those of adb help and of AOSP's client.
var redirections = []struct {
	name  string
	means string
}{
	{"ADB_SERVER_SOCKET", "the adb server is looked for there"},
	{"ANDROID_ADB_SERVER_ADDRESS", "the adb server is looked for on that computer"},
	{"ANDROID_ADB_SERVER_PORT", "the adb server is looked for at that port"},
	{"ANDROID_SERIAL", "that handset is taken unless --serial names another"},
	{"ADB_VENDOR_KEYS", "the adb server offers the keys there beside its own"},
	{"ADB_LIBUSB", "the adb server's way to USB; when handsets are missing, try without"},
	{"ADB_MDNS_OPENSCREEN", "how the adb server hears handsets on the network"},
	{"ADB_MDNS_AUTO_CONNECT", "which handsets on the network the adb server connects to by itself"},
	{"ADB_LOCAL_TRANSPORT_MAX_PORT", "how far the adb server looks for emulators"},
	{"ADB_TRACE", "adb writes what it does, and slows down"},
}

func checkEnvironment(_ context.Context, x *examination) symptom {
	var set []string
	for _, r := range redirections {
		if v := x.env.Getenv(r.name); v != "" {
			set = append(set, fmt.Sprintf("%s=%s (%s)", r.name, v, r.means))
		}
	}
	if len(set) == 0 {
		return symptom{status: report.StatusPass, found: "nothing is redirected"}
	}
	s := symptom{status: report.StatusPass, found: strings.Join(set, "; ")}
	serial := x.env.Getenv("ANDROID_SERIAL")
	listed := slices.ContainsFunc(x.infos, func(d adb.DeviceInfo) bool { return d.Serial == serial })
	if serial != "" && x.globals.serial == "" && x.infosErr == nil && !listed {
		s.status = report.StatusFail
		s.next = append(s.next, "the handset ANDROID_SERIAL names is not there: plug it in, or unset the variable")
	}
	if x.env.Getenv("ADB_SERVER_SOCKET") != "" && (x.env.Getenv("ANDROID_ADB_SERVER_PORT") != "" || x.env.Getenv("ANDROID_ADB_SERVER_ADDRESS") != "") {
		s.next = append(s.next, "ADB_SERVER_SOCKET wins over ANDROID_ADB_SERVER_PORT and ANDROID_ADB_SERVER_ADDRESS")
	}
	return s
}
