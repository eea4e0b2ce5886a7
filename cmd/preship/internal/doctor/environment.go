package doctor

import (
	"context"
	"slices"

	"preship/adb"
	"preship/report"
	"preship/report/message"
)

// redirections are the variables that change what adb or preship does. The names are those of adb help and of AOSP's client.
var redirections = []struct {
	name  string
	means message.ID
}{
	{"ADB_SERVER_SOCKET", "doctor.environment.socket"},
	{"ANDROID_ADB_SERVER_ADDRESS", "doctor.environment.address"},
	{"ANDROID_ADB_SERVER_PORT", "doctor.environment.port"},
	{"ANDROID_SERIAL", "doctor.environment.serial"},
	{"ADB_VENDOR_KEYS", "doctor.environment.keys"},
	{"ADB_LIBUSB", "doctor.environment.libusb"},
	{"ADB_MDNS_OPENSCREEN", "doctor.environment.mdns"},
	{"ADB_MDNS_AUTO_CONNECT", "doctor.environment.mdns-connect"},
	{"ADB_LOCAL_TRANSPORT_MAX_PORT", "doctor.environment.emulators"},
	{"ADB_TRACE", "doctor.environment.trace"},
}

func checkEnvironment(_ context.Context, f *facts) result {
	var set []message.Sentence
	for _, r := range redirections {
		if v := f.Console.Getenv(r.name); v != "" {
			set = append(set, message.Say("doctor.environment.set", "variable", r.name+"="+v, "means", message.Say(r.means)))
		}
	}
	if len(set) == 0 {
		return result{status: report.StatusPass, found: message.Say("doctor.environment.none")}
	}
	s := result{status: report.StatusPass, found: message.Join(message.Semicolon, set...)}
	serial := f.Console.Getenv("ANDROID_SERIAL")
	listed := slices.ContainsFunc(f.infos, func(d adb.DeviceInfo) bool { return d.Serial == serial })
	if serial != "" && f.Serial == "" && f.infosErr == nil && !listed {
		s.status = report.StatusFail
		s.next = append(s.next, message.Say("doctor.environment.absent"))
	}
	if f.Console.Getenv("ADB_SERVER_SOCKET") != "" && (f.Console.Getenv("ANDROID_ADB_SERVER_PORT") != "" || f.Console.Getenv("ANDROID_ADB_SERVER_ADDRESS") != "") {
		s.next = append(s.next, message.Say("doctor.environment.wins"))
	}
	return s
}
