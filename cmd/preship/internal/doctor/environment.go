package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preship/adb"
	"preship/report"
)

// redirections are the variables that change what adb or preship does. The names are those of adb help and of AOSP's client.
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

func checkEnvironment(_ context.Context, f *facts) result {
	var set []string
	for _, r := range redirections {
		if v := f.Console.Getenv(r.name); v != "" {
			set = append(set, fmt.Sprintf("%s=%s (%s)", r.name, v, r.means))
		}
	}
	if len(set) == 0 {
		return result{status: report.StatusPass, found: "nothing is redirected"}
	}
	s := result{status: report.StatusPass, found: strings.Join(set, "; ")}
	serial := f.Console.Getenv("ANDROID_SERIAL")
	listed := slices.ContainsFunc(f.infos, func(d adb.DeviceInfo) bool { return d.Serial == serial })
	if serial != "" && f.Serial == "" && f.infosErr == nil && !listed {
		s.status = report.StatusFail
		s.next = append(s.next, "the handset ANDROID_SERIAL names is not there: plug it in, or unset the variable")
	}
	if f.Console.Getenv("ADB_SERVER_SOCKET") != "" && (f.Console.Getenv("ANDROID_ADB_SERVER_PORT") != "" || f.Console.Getenv("ANDROID_ADB_SERVER_ADDRESS") != "") {
		s.next = append(s.next, "ADB_SERVER_SOCKET wins over ANDROID_ADB_SERVER_PORT and ANDROID_ADB_SERVER_ADDRESS")
	}
	return s
}
