package fault_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/symptom"
	"preship/testdata"
	"preship/verify/fault"
)

// answers replays a handset, by line. A line that is not there is refused as Android
// refuses a service that it does not have.
type answers map[string]string

func (a answers) Ask(_ context.Context, line handset.Line) (handset.Answer, error) {
	text, ok := a[line.String()]
	switch {
	case text == "-":
		return handset.Answer{}, errors.New("no answer")
	case !ok:
		return handset.Answer{Stderr: []byte("Can't find service\n")}, nil
	}
	return handset.Answer{Stdout: []byte(text), Ref: "evidence/0001-x.txt"}, nil
}

const (
	lineFeatures = "pm list features"
	lineEvents   = "dumpsys dropbox"
	lineBattery  = "dumpsys battery"
	lineDisk     = "df -k /data"
	lineHAL      = "dumpsys android.hardware.health.IHealth/default"
	lineWiFi     = "cmd wifi status"
	linePolicy   = "dumpsys device_policy"
)

// of are the answers of a shipped profile, with some changed.
func of(t *testing.T, profile string, changes answers) answers {
	t.Helper()
	archive, err := testdata.Handsets.ReadFile("handsets/" + profile + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	a := answers{
		lineFeatures: "feature:android.hardware.camera\nfeature:android.hardware.camera.front\nfeature:android.hardware.sensor.accelerometer\nfeature:android.hardware.sensor.gyroscope\nfeature:android.hardware.wifi\n",
		lineBattery:  "Current Battery Service state:\n  USB powered: true\n  status: 2\n  health: 2\n  level: 63\n  scale: 100\n  temperature: 281\n",
		lineDisk:     "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block/dm-5 112640000 48211968 64428032 43% /data\n",
		lineWiFi:     "Wifi is enabled\nWifi is not connected\n", "cat /proc/uptime": "183600.55 700000.10\n",
	}
	for _, f := range txtar.Parse(archive).Files {
		if service, ok := strings.CutPrefix(f.Name, "dumpsys/"); ok {
			a["dumpsys "+strings.TrimSuffix(service, ".txt")] = string(f.Data)
		}
		if f.Name == "getprop.txt" {
			a["getprop"] = string(f.Data)
		}
	}
	a["dumpsys batterystats --charged"] = a["dumpsys batterystats"]
	maps.Copy(a, changes)
	return a
}

func collect(t *testing.T, a answers, opts fault.Options) report.Fault {
	t.Helper()
	id, err := handset.Identify(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	opts.Now = func() time.Time { return time.Unix(1795730472, 0) }
	f, err := fault.Collect(t.Context(), a, id, opts)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFindings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		profile string
		changes answers
		check   string
		want    report.Status
		says    string
	}{
		{"mi-5s", nil, check.FaultBatteryWear, report.StatusWarn, "67 %"},
		{"redmi-8a", nil, check.FaultBatteryWear, report.StatusUnknown, "does not show"},
		{"xiaomi-15-pro", nil, check.FaultBatteryWear, report.StatusPass, "95 %"},
		{"redmi-8a", answers{"cat /sys/class/power_supply/battery/charge_full": "3500000\n", "cat /sys/class/power_supply/battery/charge_full_design": "5000000\n"}, check.FaultBatteryWear, report.StatusWarn, "70 %"},
		{"redmi-8a", answers{"cat /sys/class/power_supply/battery/charge_full": "5000000\n", "cat /sys/class/power_supply/battery/charge_full_design": "5000000\n"}, check.FaultBatteryWear, report.StatusUnknown, "does not show"}, // the chip has measured nothing
		{"redmi-8a", nil, check.FaultBattery, report.StatusPass, "good state"},
		{"redmi-8a", answers{lineBattery: "Current Battery Service state:\n  health: 4\n  level: 63\n  temperature: 281\n"}, check.FaultBattery, report.StatusWarn, "dead"},
		{"redmi-8a", answers{lineBattery: "Current Battery Service state:\n  health: 2\n  level: 63\n  temperature: 470\n"}, check.FaultBattery, report.StatusWarn, "hot"},
		{"redmi-8a", answers{lineBattery: "Current Battery Service state:\n  health: 1\n  level: 63\n  temperature: 281\n"}, check.FaultBattery, report.StatusUnknown, ""},
		{"redmi-8a", answers{lineBattery: ""}, check.FaultBattery, report.StatusUnknown, ""},
		{"redmi-8a", nil, check.FaultRestarts, report.StatusWarn, "restarted 2 times"},
		{"redmi-8a", answers{"getprop": "[ro.boot.bootreason]: [reboot,userrequested]\n[ro.build.version.sdk]: [29]\n"}, check.FaultRestarts, report.StatusWarn, "crashed or froze 1 time."},
		{"redmi-note-10", answers{"getprop": "[ro.boot.bootreason]: [reboot]\n[ro.build.version.sdk]: [31]\n"}, check.FaultRestarts, report.StatusPass, ""},
		{"redmi-note-10", answers{"getprop": "[ro.boot.bootreason]: [reboot]\n[ro.build.version.sdk]: [31]\n", lineEvents: ""}, check.FaultRestarts, report.StatusUnknown, ""},
		{"redmi-note-10", answers{"getprop": "[ro.build.version.sdk]: [31]\n"}, check.FaultRestarts, report.StatusUnknown, ""}, // no reason
		{"redmi-8a", nil, check.FaultCrashes, report.StatusWarn, "3 times, most often app 1"},
		{"mi-5s", nil, check.FaultCrashes, report.StatusPass, ""},
		{"redmi-8a", answers{lineEvents: "Permission Denial\n"}, check.FaultCrashes, report.StatusUnknown, ""},
		{"redmi-8a", answers{"cat /proc/last_kmsg": "[    1.000000] Kernel panic - not syncing: Fatal exception\n"}, check.FaultKernelLog, report.StatusWarn, "a kernel panic"},
		{"redmi-8a", answers{"cat /sys/fs/pstore/console-ramoops-0": "[    1.000000] init: starting\n"}, check.FaultKernelLog, report.StatusPass, "no sign"},
		{"redmi-8a", nil, check.FaultKernelLog, report.StatusUnknown, "does not show"},
		{"redmi-8a", nil, check.FaultBuild, report.StatusPass, "not among"},
		{"redmi-8a", answers{"getprop": "[ro.build.version.incremental]: [V12.5.1.0.SKBMIXM]\n[ro.build.version.sdk]: [31]\n"}, check.FaultBuild, report.StatusWarn, "no longer start with this build: https://"},
		{"redmi-8a", answers{"getprop": "[ro.build.version.incremental]: [V12.5.1.0.SKBMIXM.1]\n[ro.build.version.sdk]: [31]\n"}, check.FaultBuild, report.StatusPass, ""}, // nearly the same
		{"redmi-8a", answers{"getprop": "[ro.build.version.incremental]: [OS2.0.7.0.VLQMIXM]\n[ro.build.version.sdk]: [35]\n"}, check.FaultBuild, report.StatusWarn, "stays black"},
		{"redmi-8a", answers{"getprop": "[ro.build.version.sdk]: [31]\n"}, check.FaultBuild, report.StatusUnknown, ""},
		{"redmi-8a", answers{linePolicy: "Current Device Policy Manager state:\n  Pending System Update: SystemUpdateInfo (receivedTime = 1795000000000, mSecurityPatchState = 0, mOriginalBuild = x)\n"}, check.FaultUpdate, report.StatusWarn, "since 2026-11-18"},
		{"redmi-8a", answers{linePolicy: "Current Device Policy Manager state:\n"}, check.FaultUpdate, report.StatusUnknown, ""},
		{"redmi-8a", nil, check.FaultThermal, report.StatusWarn, "severely"},
		{"redmi-note-10", nil, check.FaultThermal, report.StatusPass, ""},
		{"redmi-note-10", answers{"dumpsys thermalservice": "Thermal Status: 0\n"}, check.FaultThermal, report.StatusUnknown, ""},
		{"redmi-8a", nil, check.FaultStorageSpace, report.StatusPass, "66.0 GB"},
		{"redmi-8a", answers{lineDisk: "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block/dm-5 112640000 112000000 640000 99% /data\n"}, check.FaultStorageSpace, report.StatusWarn, "0.7 GB"},
		{"redmi-8a", answers{lineDisk: "", "df -k /sdcard": ""}, check.FaultStorageSpace, report.StatusUnknown, ""},
		{"xiaomi-15-pro", nil, check.FaultStorageWear, report.StatusWarn, "nearly over"},
		{"xiaomi-15-pro", answers{lineHAL: "getHealthInfo -> HealthInfo{storageInfos: [StorageInfo{eol: 1, lifetimeA: 3, lifetimeB: 2}]}\n"}, check.FaultStorageWear, report.StatusPass, "30 %"},
		{"xiaomi-15-pro", answers{lineHAL: "getHealthInfo -> HealthInfo{storageInfos: []}\n"}, check.FaultStorageWear, report.StatusUnknown, ""},
		{"redmi-note-10", nil, check.FaultNetwork, report.StatusPass, ""},
		{"redmi-8a", nil, check.FaultNetwork, report.StatusWarn, "SIM card is in"},
		{"redmi-8a", answers{"dumpsys telephony.registry": "  Phone Id=0\n    mServiceState={mVoiceRegState=3(POWER_OFF), mDataRegState=3(POWER_OFF)}\n"}, check.FaultNetwork, report.StatusUnknown, "flight mode"},
		{"redmi-8a", answers{"dumpsys telephony.registry": ""}, check.FaultNetwork, report.StatusUnknown, ""},
		{"redmi-note-10", nil, check.FaultWiFi, report.StatusUnknown, "not connected"},
		{"redmi-note-10", answers{lineWiFi: "Wifi is enabled\nWifi is connected to \"x\"\n"}, check.FaultWiFi, report.StatusPass, ""},
		{"redmi-note-10", nil, check.FaultBluetooth, report.StatusPass, ""},
		{"redmi-note-10", nil, check.FaultSensors, report.StatusPass, ""},
		{"redmi-k40", nil, check.FaultSensors, report.StatusWarn, "gyroscope"},
		{"redmi-note-10", answers{lineFeatures: ""}, check.FaultSensors, report.StatusUnknown, "not known"},
		{"redmi-note-10", nil, check.FaultCameras, report.StatusPass, "4 cameras"},
		{"redmi-note-10", answers{"dumpsys media.camera": "Number of camera devices: 0\n"}, check.FaultCameras, report.StatusWarn, "back, front"},
		{"redmi-note-10", answers{"dumpsys media.camera": "Number of camera devices: 1\n"}, check.FaultCameras, report.StatusWarn, "lists 1 camera"},
		{"redmi-note-10", nil, check.FaultTouch, report.StatusPass, ""},
		{"redmi-k40", nil, check.FaultTouch, report.StatusWarn, "no touch screen"},
		{"mi-5s", nil, check.FaultTouch, report.StatusUnknown, ""},
	} {
		f := collect(t, of(t, tt.profile, tt.changes), fault.Options{})
		found, ok := f.Findings.ByID(tt.check)
		if !ok || found.Status != tt.want || !strings.Contains(found.Summary, tt.says) {
			t.Errorf("%s %v: %s is %s, %q; want %s, %q", tt.profile, slices.Sorted(maps.Keys(tt.changes)), tt.check, found.Status, found.Summary, tt.want, tt.says)
		}
	}
}

// Why the handset does not show something is its own sentence.
func TestReasons(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		says message.ID
		a    handset.Answer
		err  error
	}{
		{"fault.why.denied", handset.Answer{Exit: 1, Stderr: []byte("cat: /x: Permission denied\n")}, nil},
		{"fault.why.denied", handset.Answer{Exit: -1, Stdout: []byte("/system/bin/cat: /x: Permission denied\n")}, nil},
		{"fault.why.no-service", handset.Answer{Stderr: []byte("Can't find service: sensorservice\n")}, nil},
		{"fault.why.empty", handset.Answer{}, nil},
		{"fault.why.failed", handset.Answer{Exit: 20}, nil},
		{"fault.why.unusable", handset.Answer{Stdout: []byte("Senzory:\n")}, nil},
		{"fault.why.unanswered", handset.Answer{}, errors.New("protocol error")},
		{"fault.why.late", handset.Answer{}, &handset.LateError{Limit: 10 * time.Second}},
		{"fault.why.version", handset.Answer{Exit: 127, Stderr: []byte("/system/bin/sh: x: not found\n")}, nil},
	} {
		a := of(t, "redmi-note-10", nil)
		id, err := handset.Identify(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		f, err := fault.Collect(t.Context(), always{tt.a, tt.err}, id, fault.Options{Parts: []string{"sensors"}, Now: time.Now})
		found, _ := f.Findings.ByID(check.FaultSensors)
		if err != nil || found.Status != report.StatusUnknown || found.Seen().ID() != tt.says {
			t.Errorf("%+v, %v: %v %q, want %s", tt.a, tt.err, found.Status, found.Seen().ID(), tt.says)
		}
	}
}

// always answers every line alike.
type always struct {
	a   handset.Answer
	err error
}

func (r always) Ask(context.Context, handset.Line) (handset.Answer, error) { return r.a, r.err }

// The list of builds is whole: each row has words and a public address.
func TestBuilds(t *testing.T) {
	t.Parallel()
	for build, r := range fault.Builds() {
		if !strings.HasPrefix(r.Source, "https://") || fault.Reports[r.What] == "" || strings.ContainsAny(build, " *") {
			t.Errorf("%s: %+v", build, r)
		}
	}
	if len(fault.Builds()) < 5 {
		t.Errorf("%d builds", len(fault.Builds()))
	}
}

// A handset that answers nothing, or something else, leaves no pass and no sign of a fault.
func TestSilentHandset(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", "\n", "Permission denied\n", "-", strings.Repeat("x", 1<<20)} {
		a := answers{}
		for line := range of(t, "xiaomi-15-pro", nil) {
			a[line] = answer
		}
		a["getprop"] = "[ro.build.version.sdk]: [37]\n"
		f := collect(t, a, fault.Options{})
		for _, found := range f.Findings {
			if found.Status != report.StatusUnknown {
				t.Errorf("answer %.20q: %s is %s: %s", answer, found.ID, found.Status, found.Summary)
			}
		}
		if f.Crashes != nil || f.Thermal != nil || f.Sensors != nil || f.Cameras != nil || f.Touch != nil {
			t.Errorf("answer %.20q: %+v", answer, f)
		}
	}
}

// Names of the owner's apps come with the owner's consent alone.
func TestAppNames(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{false, true} {
		f := collect(t, of(t, "redmi-8a", nil), fault.Options{AppNames: named})
		text := fmt.Sprintf("%+v", f.Crashes)
		for _, found := range f.Findings {
			text += found.Summary + found.Observed
		}
		if strings.Contains(text, "com.example.game") != named {
			t.Errorf("consent %t: %s", named, text)
		}
		if apps := f.Crashes.Apps; len(apps) != 2 || apps[0].Crashes != 2 || apps[1].Freezes != 1 || f.Crashes.Total != 3 {
			t.Errorf("counted %+v", f.Crashes)
		}
	}
}

// Only the parts of a kind are asked, and every part of every kind is known.
func TestParts(t *testing.T) {
	t.Parallel()
	asked := answers{}
	for line := range of(t, "redmi-8a", nil) {
		asked[line] = ""
	}
	asked["getprop"] = "[ro.build.version.sdk]: [37]\n"
	f := collect(t, asked, fault.Options{Parts: []string{"thermal"}})
	if len(f.Findings) != 1 || f.Findings[0].ID != check.FaultThermal {
		t.Errorf("found %v", f.Findings)
	}
	for _, k := range symptom.Kinds {
		for _, part := range k.Parts {
			if !slices.Contains(fault.Parts(), part) {
				t.Errorf("%s: no part is called %q", k.ID, part)
			}
		}
	}
}

// counted counts what a handset is asked, and how much it answers.
type counted struct {
	answers
	asked map[string]int
	bytes int
}

func (c *counted) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	a, err := c.answers.Ask(ctx, line)
	c.asked[line.String()]++
	c.bytes += len(a.Stdout)
	return a, err
}

// A handset that keeps a thousand events and prints much of everything is asked each
// question once, and no log is read.
func TestLargeAnswers(t *testing.T) {
	t.Parallel()
	var events strings.Builder
	const kept = 1000
	fmt.Fprintf(&events, "Drop box contents: %d entries\n", kept)
	for i := range kept {
		at := time.Date(2026, 11, 1, 0, 0, i, 0, time.UTC).Format(time.DateTime)
		fmt.Fprintf(&events, "========================================\n%s data_app_crash (text, 1000 bytes)\n    Process: com.example.game/%s\n", at, strings.Repeat("x", 900))
	}
	logs := strings.Repeat("11-22 14:03:05.123  1000  1000 E AndroidRuntime: something happened that is long\n", 4<<20/80)
	c := &counted{answers: of(t, "xiaomi-15-pro", answers{lineEvents: events.String()}), asked: map[string]int{}}
	for line, text := range c.answers {
		if strings.HasPrefix(line, "dumpsys ") && line != lineEvents && line != lineBattery {
			c.answers[line] = text + logs // 4 MB behind each answer
		}
	}
	id, err := handset.Identify(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	clear(c.asked)
	c.bytes = 0
	f, err := fault.Collect(t.Context(), c, id, fault.Options{Now: time.Now})
	if err != nil || f.Crashes == nil || f.Crashes.Total != kept || f.Battery.Cycles == nil {
		t.Fatalf("%v: crashes %+v, battery %+v", err, f.Crashes, f.Battery)
	}
	for line, n := range c.asked {
		if n > 1 || strings.Contains(line, "logcat") {
			t.Errorf("%q is asked %d times", line, n)
		}
	}
	t.Logf("%d questions, %d bytes of answers, %d of them events", len(c.asked), c.bytes, events.Len())
	if len(c.asked) > 20 || events.Len() < 1e6 {
		t.Errorf("%d questions, %d bytes of events", len(c.asked), events.Len())
	}
}

// What the battery gave since the last full charge is among the signs.
func TestDrain(t *testing.T) {
	t.Parallel()
	f := collect(t, of(t, "mi-5s", nil), fault.Options{Parts: []string{"battery"}})
	wear, _ := f.Findings.ByID(check.FaultBatteryWear)
	if f.Battery.Used == nil || *f.Battery.Used != 2310 || *f.Battery.OnBattery != 33124 || !strings.Contains(wear.Observed, "2310 mAh used in 9 h 12 min since the last full charge") {
		t.Errorf("battery %+v, seen %q", f.Battery, wear.Observed)
	}
}
