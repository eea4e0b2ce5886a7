package health

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"preship/adb/handset/dump"
	"preship/testdata"
)

// capture returns what an emulated handset prints for a service.
func capture(t testing.TB, profile, service string) string {
	t.Helper()
	archive, err := testdata.Handsets.ReadFile("handsets/" + profile + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(archive).Files {
		if f.Name == "dumpsys/"+service+".txt" {
			return string(f.Data)
		}
	}
	t.Fatalf("%s has no dumpsys/%s.txt", profile, service)
	return ""
}

func shown[T any](v T, err error) (string, error) { return fmt.Sprintf("%+v", v), err }

func number(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

func span(d *time.Duration) time.Duration {
	if d == nil {
		return -1
	}
	return *d
}

// parsers are all parsers, for the table and the fuzz target.
var parsers = map[string]func([]byte) (string, error){
	"capacity": func(b []byte) (string, error) {
		c, err := ParseCapacity(b)
		return fmt.Sprintf("estimated %s learned %s least %s most %s used %s in %v", number(c.Estimated), number(c.Learned), number(c.LeastLearned), number(c.MostLearned), number(c.Used), span(c.OnBattery)), err
	},
	"hal": func(b []byte) (string, error) {
		h, err := ParseHAL(b)
		return fmt.Sprintf("cycles %s full %s design %s health %s %v", number(h.Cycles), number(h.FullMicroAh), number(h.DesignMicroAh), number(h.StateOfHealth), h.Storages), err
	},
	"node":   func(b []byte) (string, error) { return shown(ParseNode(b)) },
	"uptime": func(b []byte) (string, error) { return shown(ParseUptime(b)) },
	"events": func(b []byte) (string, error) {
		e, err := ParseEvents(b)
		var all []string
		for _, ev := range e.List {
			all = append(all, ev.At.Format("01-02")+" "+ev.Tag+" "+ev.Process)
		}
		return fmt.Sprintf("%d: %s", e.Kept, strings.Join(all, ", ")), err
	},
	"kernel": func(b []byte) (string, error) { return ParseKernel(b) },
	"log": func(b []byte) (string, error) {
		l, err := ParseKernelLog(b)
		return fmt.Sprintf("%q %v", l.Stop, l.Signs), err
	},
	"update": func(b []byte) (string, error) {
		since, err := ParsePendingUpdate(b)
		return since.Format(time.DateTime), err
	},
	"thermal": func(b []byte) (string, error) { return shown(ParseThermal(b)) },
	"disk": func(b []byte) (string, error) {
		d, err := ParseDiskSpeed(b)
		return "write " + number(d.WriteKBs) + " latency " + number(d.LatencyMS), err
	},
	"services": func(b []byte) (string, error) {
		list, err := ParseServices(b)
		var all []string
		for _, s := range list {
			all = append(all, fmt.Sprintf("%d %s/%s %s dBm %s bars", s.Phone, s.Voice, s.Data, number(s.DBm), number(s.Level)))
		}
		return strings.Join(all, ", "), err
	},
	"wifi": func(b []byte) (string, error) {
		on, connected, err := ParseWiFi(b)
		if connected == nil {
			return fmt.Sprint(on), err
		}
		return fmt.Sprint(on, *connected), err
	},
	"bluetooth": func(b []byte) (string, error) { return shown(ParseBluetooth(b)) },
	"sensors": func(b []byte) (string, error) {
		list, err := ParseSensors(b)
		var all []string
		for _, s := range list {
			all = append(all, fmt.Sprintf("%s %t", s.Kind, s.Seen))
		}
		return strings.Join(all, ", "), err
	},
	"cameras": func(b []byte) (string, error) { return shown(ParseCameras(b)) },
	"touch":   func(b []byte) (string, error) { return shown(ParseTouch(b)) },
	"power":   func(b []byte) (string, error) { return shown(ParseWakefulness(b)) },
}

// strength is what the telephony registry prints for cells with these signals.
func strength(signals ...string) string {
	return "  Phone Id=0\n    mSignalStrength=SignalStrength:{mLte=CellSignalStrengthLte: rsrp=" + strings.Join(signals, ",mLte=CellSignalStrengthLte: rsrp=") + "}\n"
}

func TestParsers(t *testing.T) {
	t.Parallel()
	events := capture(t, "redmi-8a", "dropbox")
	hal := capture(t, "xiaomi-15-pro", "android.hardware.health.IHealth/default")
	stats := capture(t, "mi-5s", "batterystats")
	thermal := capture(t, "redmi-8a", "thermalservice")
	radio := capture(t, "redmi-note-10", "telephony.registry")
	sensors := capture(t, "redmi-note-10", "sensorservice")
	touch := capture(t, "redmi-note-10", "input")
	panicked := "[    0.000000] Linux version 4.14.117-perf\n[84233.118402] Watchdog bark! Now = 84233.118395\n[84233.121004] Causing a watchdog bite!\n" +
		"[84233.121960] Kernel panic - not syncing: Apps watchdog bark\n[84233.122471] ---[ end Kernel panic - not syncing: Apps watchdog bark ]---\n"
	for _, tt := range []struct {
		parser, name, in, want string
		err                    error
	}{
		{"capacity", "a worn battery", stats, "estimated 3100 learned 2080 least 2040 most 2170 used 2310 in 9h12m4s", nil},
		{"capacity", "nothing learned", capture(t, "redmi-8a", "batterystats"), "estimated 5000 learned - least - most - used 2310 in 9h12m4s", nil},
		{"capacity", "0 mAh is not known", strings.Replace(stats, "Last learned battery capacity: 2080", "Last learned battery capacity: 0", 1), "estimated 3100 learned - least 2040 most 2170 used 2310 in 9h12m4s", nil},
		{"capacity", "days, and no minutes", strings.Replace(stats, "9h 12m 4s", "2d 3h 4s", 1), "estimated 3100 learned 2080 least 2040 most 2170 used 2310 in 51h0m4s", nil},
		{"capacity", "no drain", strings.NewReplacer("Discharge: 2310", "Discharge: x", "Time on battery", "Time off").Replace(stats), "estimated 3100 learned 2080 least 2040 most 2170 used - in -1ns", nil},
		{"capacity", "two values", stats + "  Last learned battery capacity: 3000 mAh\n", "", dump.ErrMalformed},
		{"capacity", "history only", "Battery History (2% used):\n", "", dump.ErrNoHeading},
		{"hal", "of a worn storage", hal, "cycles 316 full 5791000 design 6100000 health - [{2 10 11}]", nil},
		{"hal", "HIDL", "\ngetHealthInfo -> {.legacy = {.legacy = {.batteryCycleCount = 45, .batteryFullCharge = 4100000}}, .storageInfos = [{.eol = 1, .lifetimeA = 2, .lifetimeB = 1}]}\n", "cycles 45 full 4100000 design - health - [{1 2 1}]", nil},
		{"hal", "0 is not known", "getHealthInfo -> HealthInfo{batteryCycleCount: 0, batteryFullChargeUah: 0, storageInfos: []}\n", "cycles - full - design - health - []", nil},
		{"hal", "the rest counts where one value is not known", "getHealthInfo -> HealthInfo{batteryCycleCount: 0, batteryStateOfHealth: 88}\n", "cycles - full - design - health 88 []", nil},
		{"hal", "the state of a new battery", "getHealthInfo -> HealthInfo{batteryStateOfHealth: 100}\n", "cycles - full - design - health 100 []", nil},
		{"hal", "state of health", "getHealthInfo -> HealthInfo{batteryStateOfHealth: 88}\n", "cycles - full - design - health 88 []", nil},
		{"hal", "impossible state of health", "getHealthInfo -> HealthInfo{batteryStateOfHealth: 188}\n", "", dump.ErrMalformed},
		{"hal", "a percent too many", "getHealthInfo -> HealthInfo{batteryStateOfHealth: 101}\n", "", dump.ErrMalformed},
		{"hal", "two values", "getHealthInfo -> HealthInfo{batteryCycleCount: 3, batteryCycleCount: 4}\n", "", dump.ErrMalformed},
		{"hal", "life out of range", "getHealthInfo -> HealthInfo{storageInfos: [StorageInfo{eol: 1, lifetimeA: 99, lifetimeB: 1}]}\n", "cycles - full - design - health - []", nil},
		{"hal", "the ends of the range", "getHealthInfo -> HealthInfo{storageInfos: [StorageInfo{eol: 3, lifetimeA: 11, lifetimeB: 11}]}\n", "cycles - full - design - health - [{3 11 11}]", nil},
		{"hal", "beyond the ends of the range", "getHealthInfo -> HealthInfo{storageInfos: [StorageInfo{eol: 4, lifetimeA: 1, lifetimeB: 1}, StorageInfo{eol: 1, lifetimeA: 12, lifetimeB: 1}, StorageInfo{eol: 1, lifetimeA: 1, lifetimeB: 12}, StorageInfo{eol: 1, lifetimeA: 1, lifetimeB: 2}]}\n", "cycles - full - design - health - [{1 1 2}]", nil},
		{"hal", "no service", "Can't find service: android.hardware.health.IHealth/default\n", "", dump.ErrNoHeading},
		{"node", "a number", "316\n", "316", nil},
		{"node", "a new battery", "0\n", "0", nil},
		{"node", "refused", "cat: /sys/class/power_supply/battery/cycle_count: Permission denied\n", "", dump.ErrMalformed},
		{"node", "negative", "-1\n", "", dump.ErrMalformed},
		{"uptime", "two days", "183600.55 700000.10\n", "51h0m0s", nil},
		{"uptime", "just started", "0.00 0.00\n", "0s", nil},
		{"uptime", "negative", "-5.00 3.00\n", "", dump.ErrMalformed},
		{"uptime", "a word", "up 700.00\n", "", dump.ErrMalformed},
		{"uptime", "three decades", "999999999.00 1.00\n", "277777h46m39s", nil},
		{"uptime", "more than three decades", "1000000000.00 1.00\n", "", dump.ErrMalformed},
		{"uptime", "empty", "", "", dump.ErrMalformed},
		{"events", "of a restarting handset", events, "8: 11-20 SYSTEM_LAST_KMSG , 11-22 system_server_watchdog system_server, 11-22 SYSTEM_RESTART , 11-24 data_app_crash com.example.game, 11-24 data_app_crash com.example.game, 11-25 data_app_anr com.example.chat, 11-25 SYSTEM_LAST_KMSG , 11-25 SYSTEM_BOOT ", nil},
		{"events", "none", capture(t, "mi-5s", "dropbox"), "0: ", nil},
		{"events", "cut off", events[:len(events)-60], "", dump.ErrTruncated},
		{"events", "contents lost", "Drop box contents: 1 entries\n\n2026-01-02 03:04:05 data_app_anr (contents lost)\n", "1: 01-02 data_app_anr ", nil},
		{"events", "impossible date", "Drop box contents: 1 entries\n\n2026-13-02 03:04:05 data_app_anr (text, 1 bytes)\n", "", dump.ErrMalformed},
		{"events", "one more than the handset counted", "Drop box contents: 0 entries\n\n2026-01-02 03:04:05 data_app_anr (contents lost)\n", "0: 01-02 data_app_anr ", nil},
		{"events", "a process before the first event", "Drop box contents: 1 entries\n\n  Process: com.example.stray\n2026-01-02 03:04:05 data_app_anr (contents lost)\n", "1: 01-02 data_app_anr ", nil},
		{"events", "two processes of one event", "Drop box contents: 1 entries\n\n2026-01-02 03:04:05 data_app_anr (text, 1 bytes)\n    Process: com.example.chat\n    Process: com.example.game\n", "1: 01-02 data_app_anr com.example.chat", nil},
		{"events", "empty", "", "", dump.ErrNoHeading},
		{"events", "refused", "Permission Denial: can't dump DropBoxManagerService\n", "", dump.ErrNoHeading},
		{"kernel", "of a phone", "Linux version 4.14.190-perf-g0a1b2c3 (builder@host) (Android (6443078 based on r383902) clang version 11.0.1, LLD 11.0.1) #1 SMP PREEMPT Fri Jul 29 11:02:31 CST 2022\n", "4.14.190-perf-g0a1b2c3 #1 SMP PREEMPT Fri Jul 29 11:02:31 CST 2022", nil},
		{"kernel", "refused", "cat: /proc/version: Permission denied\n", "", dump.ErrNoHeading},
		{"kernel", "two lines", "Linux version 4 (a) #1 x\nsecret\n", "", dump.ErrNoHeading},
		{"log", "a panic of the watchdog", panicked, `"Apps watchdog bark" map[panic:1 watchdog:2]`, nil},
		{"log", "older prefixes", "<0>[  257.557680] Kernel panic - not syncing: Fatal exception in interrupt\n<6>[  256.1] x\n", `"Fatal exception in interrupt" map[panic:1]`, nil},
		{"log", "an oops of a driver", "[  257.228916] Internal error: Oops: 817 [#1] SMP ARM\n[  257.228917] Unable to handle kernel NULL pointer dereference at virtual address 0\n", `"" map[oops:2]`, nil},
		{"log", "under voltage", "[    0.553210] PMIC@SID0: Power-off reason: Triggered from UVLO (Under Voltage Lock Out)\n", `"" map[power:1]`, nil},
		{"log", "an ordinary power key", "[    0.553210] PMIC@SID0: Power-off reason: Triggered from KPDPWR_N (Long Power Key Hold)\n", `"" map[]`, nil},
		{"log", "heat", "[ 9812.004410] thermal thermal_zone15: critical temperature reached (115 C), shutting down\n", `"" map[heat:1]`, nil},
		{"log", "a storage that fails", "[  102.000001] blk_update_request: I/O error, dev sda, sector 20971520\n[  102.000002] EXT4-fs error (device dm-5): ext4_find_entry:1455: inode #2: comm init\n[  102.000003] F2FS-fs (dm-8): inconsistent node block, nid:7\n", `"" map[storage:3]`, nil},
		{"log", "words of an app", "[    1.000000] init: starting\nI/app: Kernel panic - not syncing: hello\n", `"" map[]`, nil},
		{"log", "after words of an app", "I/app: hello\n[    1.000000] Kernel panic - not syncing: x\n", `"x" map[panic:1]`, nil},
		{"log", "refused", "cat: /proc/last_kmsg: Permission denied\n", "", dump.ErrNoHeading},
		{"log", "empty", "", "", dump.ErrNoHeading},
		{"update", "one waits", "Current Device Policy Manager state:\n  Pending System Update: SystemUpdateInfo (receivedTime = 1795000000000, mSecurityPatchState = 0, mOriginalBuild = Xiaomi/x)\n", "2026-11-18 11:06:40", nil},
		{"update", "nothing noted", "Current Device Policy Manager state:\n  Enabled Device Admins (User 0, provisioningState: 0):\n", "0001-01-01 00:00:00", nil},
		{"update", "no time", "Current Device Policy Manager state:\n  Pending System Update: null\n", "0001-01-01 00:00:00", nil},
		{"update", "empty", "", "", dump.ErrNoHeading},
		{"thermal", "throttling", thermal, "{Status:3 Temperatures:[{Name:cpu-1-0 Kind:cpu Celsius:78.4 Status:3} {Name:battery Kind:battery Celsius:46 Status:2} {Name:xo_therm Kind:skin Celsius:47.5 Status:3}]}", nil},
		{"thermal", "the hardware states nothing", "Thermal Status: 0\nCached temperatures:\n\tTemperature{mValue=31.5, mType=3, mName=skin, mStatus=0}\n", "{Status:0 Temperatures:[{Name:skin Kind:skin Celsius:31.5 Status:0}]}", nil},
		{"thermal", "voltages, and a sensor that is not fitted", "Thermal Status: 0\nCurrent temperatures from HAL:\n\tTemperature{mValue=4200.0, mType=6, mName=vbat, mStatus=0}\n\tTemperature{mValue=0.0, mType=0, mName=x, mStatus=0}\n", "{Status:0 Temperatures:[]}", nil},
		{"thermal", "the first status counts", "Thermal Status: 0\nThermal Status: 3\n", "{Status:0 Temperatures:[]}", nil},
		{"thermal", "the rest counts where one sensor is not fitted", "Thermal Status: 0\nCurrent temperatures from HAL:\n\tTemperature{mValue=0.0, mType=0, mName=x, mStatus=0}\n\tTemperature{mValue=31.5, mType=3, mName=skin, mStatus=0}\n", "{Status:0 Temperatures:[{Name:skin Kind:skin Celsius:31.5 Status:0}]}", nil},
		{"thermal", "a sensor before its heading, and other text after it", "Thermal Status: 0\n\tTemperature{mValue=31.5, mType=3, mName=early, mStatus=0}\nCurrent temperatures from HAL:\n\tkilled: false\n\tTemperature{mValue=31.5, mType=3, mName=skin, mStatus=0}\n", "{Status:0 Temperatures:[{Name:skin Kind:skin Celsius:31.5 Status:0}]}", nil},
		{"thermal", "the ends of the range", "Thermal Status: 0\nCurrent temperatures from HAL:\n\tTemperature{mValue=-40.0, mType=0, mName=a, mStatus=0}\n\tTemperature{mValue=-40.1, mType=0, mName=b, mStatus=0}\n\tTemperature{mValue=150.0, mType=0, mName=c, mStatus=0}\n\tTemperature{mValue=150.1, mType=0, mName=d, mStatus=0}\n", "{Status:0 Temperatures:[{Name:a Kind:cpu Celsius:-40 Status:0} {Name:c Kind:cpu Celsius:150 Status:0}]}", nil},
		{"thermal", "empty", "", "", dump.ErrNoHeading},
		{"disk", "speed", capture(t, "redmi-8a", "diskstats"), "write 9120 latency 3", nil},
		{"disk", "no speed", "Latency: 0ms [512B Data Write]\nRecent Disk Write Speed data unavailable\n", "write - latency 0", nil},
		{"disk", "empty", "", "", dump.ErrNoHeading},
		{"services", "one of two slots", radio, "0 IN_SERVICE/IN_SERVICE -101 dBm 3 bars, 1 OUT_OF_SERVICE/OUT_OF_SERVICE - dBm - bars", nil},
		{"services", "Android 8", "  Phone Id=0\n    mServiceState=0 0 voice home data home Example Mobile 21401\n", "0 IN_SERVICE/IN_SERVICE - dBm - bars", nil},
		{"services", "what was told before does not count", "  Phone Id=0\n    mServiceState={mVoiceRegState=1(OUT_OF_SERVICE), mDataRegState=1(OUT_OF_SERVICE)}\nlocal logs:\n  Phone Id=1\n    mServiceState={mVoiceRegState=0(IN_SERVICE)}\n", "0 OUT_OF_SERVICE/OUT_OF_SERVICE - dBm - bars", nil},
		{"services", "a slot without a state", "  Phone Id=0\n    mCallState=0\n", "", dump.ErrNoHeading},
		{"services", "a state without a slot", "    mServiceState=0 0 voice home data home\n", "", dump.ErrNoHeading},
		{"services", "a state that Android has not", "  Phone Id=0\n    mServiceState={mVoiceRegState=4(NEW), mDataRegState=3(POWER_OFF)}\n", "0 /POWER_OFF - dBm - bars", nil},
		{"services", "the stronger of two cells, whatever the order", strength("-101 level=1", "-80 level=3") + strings.ReplaceAll(strength("-80 level=3", "-101 level=1"), "Id=0", "Id=1"), "0 / -80 dBm 3 bars, 1 / -80 dBm 3 bars", nil},
		{"services", "the first of two cells alike", strength("-101 level=2", "-80 level=2"), "0 / -101 dBm 2 bars", nil},
		{"services", "the strongest signal", strength("-20 level=4"), "0 / -20 dBm 4 bars", nil},
		{"services", "stronger than a signal can be", strength("-19 level=4", "-21 level=3"), "0 / -21 dBm 3 bars", nil},
		{"services", "the weakest signal", strength("-150 level=0"), "0 / -150 dBm 0 bars", nil},
		{"services", "weaker than a signal can be", strength("-151 level=1", "-149 level=0"), "0 / -149 dBm 0 bars", nil},
		{"services", "empty", "", "", dump.ErrNoHeading},
		{"wifi", "connected", "Wifi is enabled\nWifi is connected to \"home\"\n", "true true", nil},
		{"wifi", "alone", "Wifi is enabled\nWifi is not connected\n", "true false", nil},
		{"wifi", "off", "Wifi is disabled\n", "false", nil},
		{"wifi", "empty", "", "", dump.ErrNoHeading},
		{"bluetooth", "on", capture(t, "redmi-8a", "bluetooth_manager"), "true", nil},
		{"bluetooth", "off", "Bluetooth Status\n  enabled: false\n  state: OFF\n", "false", nil},
		{"bluetooth", "another list", "enabled: true\n", "", dump.ErrNoHeading},
		{"sensors", "all", sensors, "accelerometer true, magnetic_field false, gyroscope false, light true, proximity false, gravity false", nil},
		{"sensors", "Android 7", "Sensor List:\n0000000000) Accelerometer sensor      | The Android Open Source Project | ver: 1 | type: android.sensor.accelerometer(1) | perm: n/a | flags: 0x00000000\n", "accelerometer false", nil},
		{"sensors", "an empty list", "Sensor List:\nFusion States:\n", "", dump.ErrNoHeading},
		{"cameras", "both sides", capture(t, "redmi-8a", "media.camera"), "{Count:2 Facing:[back front]}", nil},
		{"cameras", "0", "Number of camera devices: 0\n", "{Count:0 Facing:[]}", nil},
		{"cameras", "empty", "", "", dump.ErrNoHeading},
		{"touch", "a panel", touch, "[fts_ts]", nil},
		{"touch", "bits of Android 10", "Event Hub State:\n  Devices:\n    3: synaptics\n      Classes: 0x00000015\n      Path: /dev/input/event1\n", "[synaptics]", nil},
		{"touch", "a touch pad without several fingers", "Event Hub State:\n  Devices:\n    3: goodix_fp\n      Classes: 0x00000001\n      Path: /dev/input/event1\n", "[]", nil},
		{"touch", "a virtual one", "Event Hub State:\n  Devices:\n    3: virtual\n      Classes: TOUCH | TOUCH_MT | VIRTUAL\n      Path: <virtual>\n", "[]", nil},
		{"touch", "gone", capture(t, "redmi-k40", "input"), "[]", nil},
		{"touch", "in another section", touch + "Input Reader State:\n    9: other_ts\n      Classes: TOUCH | TOUCH_MT\n      Path: /dev/input/event9\n", "[fts_ts]", nil},
		{"touch", "after an empty line", "Event Hub State:\n\n    3: synaptics\n      Classes: TOUCH | TOUCH_MT\n      Path: /dev/input/event1\n", "[synaptics]", nil},
		{"touch", "before the section", "    3: synaptics\n      Classes: TOUCH | TOUCH_MT\n      Path: /dev/input/event1\n", "", dump.ErrNoHeading},
		{"touch", "a device file before a name", "Event Hub State:\n      Classes: TOUCH | TOUCH_MT\n      Path: /dev/input/event1\n    3: gpio-keys\n", "[]", nil},
		{"touch", "two device files of one panel", "Event Hub State:\n    3: synaptics\n      Classes: TOUCH | TOUCH_MT\n      Path: /dev/input/event1\n      Path: /dev/input/event2\n", "[synaptics]", nil},
		{"touch", "empty", "", "", dump.ErrNoHeading},
		{"power", "off", "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mDirty=0x0\n  mWakefulness=Asleep\n  mWakefulnessChanging=false\n", "[Asleep]", nil},
		{"power", "on", "Power Manager State:\r\n  mWakefulness=Awake\r\n", "[Awake]", nil},
		{"power", "an unknown state", "Power Manager State:\n  mWakefulness=Gone\n", "", dump.ErrNoHeading},
		{"power", "in another line", "Wake Locks: mWakefulness=Asleep\n", "", dump.ErrNoHeading},
		{"power", "two states", "  mWakefulness=Awake\n  mWakefulness=Asleep\n", "", dump.ErrMalformed},
		{"power", "empty", "", "", dump.ErrNoHeading},
	} {
		got, err := parsers[tt.parser]([]byte(tt.in))
		if !errors.Is(err, tt.err) || tt.err == nil && got != tt.want {
			t.Errorf("%s, %s:\n got %s, %v\nwant %s, %v", tt.parser, tt.name, got, err, tt.want, tt.err)
		}
	}
}

func TestBootReasons(t *testing.T) {
	t.Parallel()
	list := ParseBootHistory("kernel_panic,1795730472\nreboot,userrequested,1795523000\n\x1b[2J\nshutdown,thermal,1795227064\nreboot,ota\n")
	var got []string
	for _, r := range list {
		got = append(got, fmt.Sprintf("%s %t %s", r.Reason, r.Unasked(), r.At.Format(time.DateOnly)))
	}
	want := "kernel_panic true 2026-11-26; reboot,userrequested false 2026-11-24; shutdown,thermal true 2026-11-21; reboot,ota false 0001-01-01"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	for _, reason := range []string{"reboot,powerloss", "reboot,undervoltage,pmic", "watchdog,apc", "reboot,RescueParty", "uvlo", "shutdown,thermal,battery", "reboot,uvlo,pmic,main", "kernel_panic,oom"} {
		if r, ok := ParseBootReason(reason); !ok || !r.Unasked() {
			t.Errorf("%q does not count as a start that nobody asked for", reason)
		}
	}
	for _, reason := range []string{"reboot", "reboot,adb", "cold", "warm", "powerkey", "usb", "", "watch dog", "hard,hw_reset", "reboot,longkey", "reboot,`db"} {
		if r, ok := ParseBootReason(reason); ok && r.Unasked() {
			t.Errorf("%q counts as a start that nobody asked for", reason)
		}
	}
}

// A reason that ends in a number has a time where the number can be one: 2001 to 2286.
func TestBootTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value, reason string
		at            int64 // 0: without a time
	}{
		{"reboot,1000000001", "reboot", 1000000001},
		{"reboot,9999999999", "reboot", 9999999999},
		{"reboot,1000000000", "reboot,1000000000", 0},
		{"reboot,10000000000", "reboot,10000000000", 0},
		{"reboot,5", "reboot,5", 0},
		{"reboot,99999999999999999999", "reboot,99999999999999999999", 0},
		{"1795730472", "1795730472", 0},
	} {
		r, ok := ParseBootReason(tt.value)
		var at int64
		if !r.At.IsZero() {
			at = r.At.Unix()
		}
		if !ok || r.Reason != tt.reason || at != tt.at {
			t.Errorf("%q: got %q at %d, %t, want %q at %d", tt.value, r.Reason, at, ok, tt.reason, tt.at)
		}
	}
}

// Lists without an end are refused, or cut where the newest come first.
func TestMost(t *testing.T) {
	t.Parallel()
	if n := len(ParseBootHistory(strings.Repeat("reboot,ota\n", 101))); n != 100 {
		t.Errorf("a history of 101 starts: got %d, want 100", n)
	}
	for _, tt := range []struct {
		parser, head, row string
		most              int
	}{
		{"events", "Drop box contents: 1 entries\n", "2026-01-02 03:04:05 data_app_anr (contents lost)\n", maxEvents},
		{"sensors", "Sensor List:\n", "0x01000001) x | y | ver: 1 | type: android.sensor.light(5) | perm: n/a |\n", maxList},
		{"thermal", "Thermal Status: 0\nCached temperatures:\n", "\tTemperature{mValue=31.5, mType=3, mName=skin, mStatus=0}\n", maxList},
	} {
		if _, err := parsers[tt.parser]([]byte(tt.head + strings.Repeat(tt.row, tt.most))); err != nil {
			t.Errorf("%s: %d rows: %v", tt.parser, tt.most, err)
		}
		if _, err := parsers[tt.parser]([]byte(tt.head + strings.Repeat(tt.row, tt.most+1))); !errors.Is(err, dump.ErrTooLarge) {
			t.Errorf("%s: %d rows: got %v, want %v", tt.parser, tt.most+1, err, dump.ErrTooLarge)
		}
	}
}

func TestPicks(t *testing.T) {
	t.Parallel()
	thermal := Thermal{Temperatures: []Temperature{{Name: "a", Kind: "cpu", Celsius: -5}, {Name: "b", Kind: "cpu", Celsius: 40}, {Name: "c", Kind: "cpu", Celsius: 40}, {Name: "d", Kind: "cpu", Celsius: 30}, {Name: "e", Kind: "skin", Celsius: -5}}}
	for kind, want := range map[string]string{"cpu": "b true", "skin": "e true", "gpu": " false"} {
		if hottest, ok := thermal.Hottest(kind); fmt.Sprint(hottest.Name, " ", ok) != want {
			t.Errorf("hottest %s: got %s %t, want %s", kind, hottest.Name, ok, want)
		}
	}
	events := Events{List: []Event{{Tag: "SYSTEM_RESTART"}, {Tag: "SYSTEM_BOOT"}, {Tag: "data_app_anr"}, {Tag: "SYSTEM_RESTART"}}}
	if got := fmt.Sprint(len(events.With(SystemTags...)), len(events.With(AppTags...)), len(events.With())); got != "2 1 0" {
		t.Errorf("events of the system, of apps and of no tag: got %s, want 2 1 0", got)
	}
	// A feature that is not a sensor, a sensor that is listed, and two that are not.
	features := []string{"android.hardware.nfc", "android.hardware.sensor.light", "android.hardware.sensor.proximity", "android.hardware.sensor.compass"}
	if got := fmt.Sprint(Absent(features, []Sensor{{Kind: "light"}, {Kind: "gyroscope"}})); got != "[magnetic_field proximity]" {
		t.Errorf("absent sensors: got %s, want [magnetic_field proximity]", got)
	}
}

// Whatever a handset prints, no parser returns an unprintable or a huge text.
func FuzzParsers(f *testing.F) {
	for _, profile := range []string{"redmi-8a", "redmi-note-10", "xiaomi-15-pro"} {
		for _, service := range []string{"dropbox", "batterystats", "thermalservice", "diskstats", "telephony.registry", "sensorservice", "media.camera", "input", "bluetooth_manager"} {
			f.Add(capture(f, profile, service))
		}
	}
	f.Add(capture(f, "xiaomi-15-pro", "android.hardware.health.IHealth/default"))
	f.Fuzz(func(t *testing.T, answer string) {
		for name, parse := range parsers {
			text, err := parse([]byte(answer))
			if err != nil {
				text = err.Error()
			}
			if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
				t.Errorf("%s: %q holds a control character", name, text)
			}
		}
		ParseBootHistory(answer)
	})
}
