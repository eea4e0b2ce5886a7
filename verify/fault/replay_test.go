package fault_test

import (
	"strings"
	"testing"

	"preship/report"
	"preship/report/check"
	"preship/verify/fault"
)

// Dumps of faulty and of sound phones as their owners published them, with other names of
// apps and hosts. What the report says of each is what a technician reads.
const (
	// Xiaomi 13T Pro, Android 16: warm, with a status that says how far it slows down.
	hotPhone = "IsStatusOverride: false\nThermalEventListeners:\n\tcallbacks: 4\n\tkilled: false\n\tbroadcasts count: -1\nThermal Status: 3\n" +
		"Cached temperatures:\n\tTemperature{mValue=84.208, mType=0, mName=CPU, mStatus=0}\n\tTemperature{mValue=48.517, mType=3, mName=SKIN, mStatus=0}\n\tTemperature{mValue=42.2, mType=2, mName=BATTERY, mStatus=0}\n" +
		"HAL Ready: true\nCurrent temperatures from HAL:\n\tTemperature{mValue=57.9, mType=0, mName=CPU, mStatus=0}\n\tTemperature{mValue=34.351, mType=3, mName=SKIN, mStatus=0}\n" +
		"Temperature static thresholds from HAL:\n\tTemperatureThreshold{mType=3, mName=SKIN, mHotThrottlingThresholds=[NaN, NaN, NaN, 50.0, 70.0, 80.0, 90.0]}\n"

	// A health service that holds more than when new, and counts the charge in mAh.
	newBattery = "ac: 0 usb: 1 wireless: 0 dock: 0 current_max: 500000 voltage_max: 5000000\nstatus: 2 health: 2 present: 1\nlevel: 59 voltage: 4000 temp: 360\ncharge counter: 4622\ncurrent now: -212\ncycle count: 60\nFull charge: 8065000\n\n" +
		"getHealthInfo -> HealthInfo{chargerAcOnline: false, chargerUsbOnline: true, batteryStatus: CHARGING, batteryHealth: GOOD, batteryLevel: 59, batteryCycleCount: 60, batteryFullChargeUah: 8065000, batteryChargeCounterUah: 4622, diskStats: [], storageInfos: [], batteryFullChargeDesignCapacityUah: 8000000, chargingPolicy: INVALID, batteryHealthData: (null)}\n"

	// A chip that repeats the capacity when new; Android learned less.
	learnedLess = "Statistics since last charge:\n  System starts: 0, currently on battery: false\n  Estimated battery capacity: 4500 mAh\n  Last learned battery capacity: 3870 mAh\n  Min learned battery capacity: 3810 mAh\n  Max learned battery capacity: 3990 mAh\n"
	// HyperOS, with decimals.
	learnedMost = "Statistics since last charge:\n  Estimated battery capacity: 4680.5 mAh\n  Last learned battery capacity: 4612.9 mAh\n  Min learned battery capacity: 4599.8 mAh\n  Max learned battery capacity: 4701.2 mAh\n"

	// Android 9: two freezes of a program that came with the handset, one crash of an app;
	// what Android calls wtf is no crash.
	frozen = "Drop box contents: 11 entries\nMax entries: 1000\n\n2018-11-22 02:43:47 keymaster (data, 52 bytes)\n" +
		"2018-11-22 06:51:37 system_app_anr (compressed text, 14799 bytes)\n    Process: com.google.android.gms.persistent/PID: 24113/Flags: 0xa8c83ec ...\n" +
		"2018-11-23 09:00:20 system_app_wtf (text, 947 bytes)\n    Process: com.android.vending/PID: 10025/Flags: 0x38cabec5/Package: com ...\n" +
		"2018-11-23 09:02:23 system_app_anr (compressed text, 7443 bytes)\n    Process: com.google.android.gms/PID: 27251/Flags: 0xa8c83ec5/Package: ...\n" +
		"2018-11-23 13:20:42 system_server_wtf (text, 1155 bytes)\n    Process: system_server/Subject: ActivityManager/Build: google/crosshat ...\n" +
		"2018-11-23 13:21:41 data_app_wtf (text, 2955 bytes)\n    Process: com.example.pay/PID: 9605/Flags: 0x38d83e44/Package: com.nh ...\n" +
		"2018-11-23 13:21:43 SYSTEM_TOMBSTONE (compressed text, 6298 bytes)\n    isPrevious: true/Build: google/crosshatch/crosshatch:9/PQ1A.181105.017 ...\n" +
		"2018-11-23 13:21:43 SYSTEM_TOMBSTONE (compressed text, 6249 bytes)\n    isPrevious: true/Build: google/crosshatch/crosshatch:9/PQ1A.181105.017 ...\n" +
		"2018-11-23 13:21:44 SYSTEM_TOMBSTONE (compressed text, 6278 bytes)\n    isPrevious: true/Build: google/crosshatch/crosshatch:9/PQ1A.181105.017 ...\n" +
		"2018-11-23 18:34:10 data_app_crash (text, 2616 bytes)\n    Process: com.example.pictures/PID: 11374/Flags: 0x30e8be46/Pa ...\n" +
		"2018-11-23 21:22:33 system_app_wtf (compressed text, 1038 bytes)\n    Process: com.android.vending/PID: 1712/Flags: 0x38cabec5/Package: com. ...\n\nUsage: dumpsys dropbox [--print|--file] [YYYY-mm-dd] [HH:MM:SS] [tag]\n"

	// A camera service that crashes, on Android 16: each tombstone is there as text and as data.
	cameraCrash = "Drop box contents: 5 entries\nMax entries: 1000\n\n2026-07-11 07:43:28 SYSTEM_BOOT (text, 528 bytes)\n    Boot reason: reboot\n" +
		"2026-07-11 20:25:52 SYSTEM_TOMBSTONE_PROTO_WITH_HEADERS (compressed data, 27792 bytes)\n2026-07-11 20:25:52 SYSTEM_TOMBSTONE (compressed text, 6573 bytes)\n    Cmdline: /vendor/bin/hw/camera.provider-service_64\n" +
		"2026-07-12 10:50:14 clockpackage (text, 43 bytes)\n2026-07-12 17:52:22 data_app_anr (compressed text, 18561 bytes)\n    Subject: Input dispatching timed out (bc0 com.example.chat/com.example.ui.LaunchActivity is not resp ...\n"

	// The supply failed for a moment. The last line of the history is damaged.
	powerLoss = "[persist.sys.boot.reason]: []\n[persist.sys.boot.reason.history]: [reboot,powerloss,1659352492\nreboot,adb,1663120966\nreboot,`db,1661299722]\n[ro.build.version.sdk]: [33]\n"
	// Android's watchdog stopped the system, and then the handset was too hot.
	tooHot = "[sys.boot.reason]: [shutdown,thermal]\n[persist.sys.boot.reason.history]: [shutdown,thermal,1790000000\nreboot,userrequested,1789000000]\n[ro.boot.bootreason]: [reboot]\n[ro.build.version.sdk]: [35]\n"

	// A full and slow storage.
	fullDisk = "Latency: 0ms [512B Data Write]\nRecent Disk Write Speed (kB/s) = 14998\nData-Free: 1208200K / 6082144K total = 19% free\nSystem-Free: 0K / 580644K total = 0% free\nFile-based Encryption: true\n"
)

func TestPublishedDumps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changes answers
		check   string
		want    report.Status
		says    string // and then, the signs
	}{
		{"hot", answers{"dumpsys thermalservice": hotPhone}, check.FaultThermal, report.StatusWarn, "The handset slows down for heat: severely. surface 34.4 °C, processor 57.9 °C"},
		{"warm, and not slowed", answers{"dumpsys thermalservice": strings.Replace(hotPhone, "Status: 3", "Status: 0", 1)}, check.FaultThermal, report.StatusPass, "The handset does not slow down for heat now. surface 34.4 °C, processor 57.9 °C"},
		{"more than when new", answers{lineHAL: newBattery, "getprop": "[ro.build.version.sdk]: [36]\n"}, check.FaultBatteryWear, report.StatusPass, "The battery holds 100 % of its capacity when new. 60 charge cycles, 8000 mAh when new, 8065 mAh now"},
		{"learned less", answers{"dumpsys batterystats --charged": learnedLess, nodePath("charge_full"): "4500000\n", nodePath("charge_full_design"): "4500000\n", nodePath("cycle_count"): "430\n"}, check.FaultBatteryWear, report.StatusPass, "The battery holds 86 % of its capacity when new. 430 charge cycles, 4500 mAh when new, 4500 mAh now, 3870 mAh as Android learned it"},
		{"learned with decimals", answers{"dumpsys batterystats --charged": learnedMost}, check.FaultBatteryWear, report.StatusPass, "The battery holds 99 % of its capacity when new. 4680 mAh when new, 4612 mAh as Android learned it"},
		{"frozen", answers{lineEvents: frozen}, check.FaultCrashes, report.StatusWarn, "Apps crashed or froze 3 times; no app stands out."},
		{"a camera that crashes", answers{lineEvents: cameraCrash, "getprop": "[ro.boot.bootreason]: [reboot]\n[ro.build.version.sdk]: [36]\n"}, check.FaultRestarts, report.StatusPass, "The handset keeps no record of an unexpected restart. SYSTEM_TOMBSTONE 1"},
		{"a freeze without a name", answers{lineEvents: cameraCrash}, check.FaultCrashes, report.StatusWarn, "An app crashed or froze 1 time: app 1."},
		{"power lost", answers{"getprop": powerLoss}, check.FaultRestarts, report.StatusWarn, "The handset restarted 1 time without being asked to. reboot,powerloss"},
		{"switched off by heat", answers{"getprop": tooHot}, check.FaultRestarts, report.StatusWarn, "The handset restarted 1 time without being asked to. shutdown,thermal"},
		{"full", answers{"dumpsys diskstats": fullDisk, lineDisk: "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block/dm-5 6082144 5873944 208200 97% /data\n"}, check.FaultStorageSpace, report.StatusWarn, "The storage is nearly full: 0.2 GB are free. 213 MB of 6228 MB are free, it wrote 15.0 MB/s when Android last measured"},
	} {
		f := collect(t, of(t, "redmi-8a", tt.changes), fault.Options{})
		found, _ := f.Findings.ByID(tt.check)
		if said := strings.TrimSpace(found.Summary + " " + found.Observed); found.Status != tt.want || !strings.HasPrefix(said, tt.says) {
			t.Errorf("%s: %s\n got %s\nwant %s", tt.name, found.Status, said, tt.says)
		}
	}
}

func nodePath(name string) string { return "cat /sys/class/power_supply/battery/" + name }
