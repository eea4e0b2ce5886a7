package adbtest_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
)

// rowAnswer is how a handset may answer a row of the command table.
type rowAnswer struct {
	row   *handset.Command
	args  []string
	stdin string
	want  string // a regular expression for stdout, a newline and stderr
}

// shownPage is the answer of am to an intent, whether or not it opened a page.
const shownPage = `^Starting: Intent \{ (act|cmp)=\S+ \}\n(\n$|\nError)`

// rowAnswers has an entry for every shell line preship can send.
var rowAnswers = []rowAnswer{
	{row: handset.GetProp, want: `(?m)^\[ro\.serialno\]: \[\w+\]$`},
	{row: handset.GetProperty, args: []string{"ro.build.version.sdk"}, want: `^\d\d\n\n$`},
	{row: handset.IMEIService, args: []string{"4", "0"}, want: `^(Result: Parcel\(|\nservice: Service iphonesubinfo does not exist\n$)`},
	{row: handset.IMEIService, args: []string{"3", "1"}, want: `^(Result: Parcel\(|\nservice: Service iphonesubinfo does not exist\n$)`},
	{row: handset.ProcSerial, want: `^(0x[0-9a-f]+\n\n|\ncat: /proc/serial_num: No such file or directory\n)$`},
	{row: handset.ListUsers, want: `^Users:\n\tUserInfo\{0:`},
	{row: handset.DumpUser, want: `UserInfo\{0:`},
	{row: handset.DumpAccounts, want: `^User UserInfo\{0:[^\n]*\}:\n  Accounts: \d+\n`},
	{row: handset.DumpPolicy, want: `(?i)device policy|Enabled Device Admins`},
	{row: handset.ListOwners, want: `owner|^\nError: unknown command`},
	{row: handset.DumpBattery, want: `(?m)^  level: \d+$`},
	{row: handset.DiskFree, args: []string{"/data"}, want: `^Filesystem +1K-blocks .*\n/dev/\S+ +\d+ +\d+ +\d+ +\d+% /data\n\n$`},
	{row: handset.ListFeatures, want: `^feature:reqGlEsVersion=0x\d+\n(feature:[a-z.]+\n)+feature:android\.hardware\.wifi\n\n$`},
	{row: handset.ListVolumes, want: `^private mounted null\nemulated`},
	{row: handset.AndroidID, want: `^[0-9a-f]{16}\n\n$`},
	{row: handset.BootCount, want: `^\d+\n\n$`},
	{row: handset.EUICC, want: `^(0|1|null)\n\n$`},
	{row: handset.RepairMode, want: `^(null|1)\n\n$`},
	{row: handset.CurrentUser, want: `^0\n\n$`},
	{row: handset.LockScreen, want: `^(true|false)\n\n$|^\nError while executing command: get-disabled\njava\.lang\.IllegalArgumentException: `},
	{row: handset.FindSU, want: `^\n$`},
	{row: handset.ScreenText, want: `^<\?xml .*</hierarchy>UI hierchary dumped to: /proc/self/fd/1\n\n$`},
	{row: handset.FindDevice, want: `^Row: 0 isLastStatusOpen=[01]\n\n$|Could not find provider|Permission Denial`},
	{row: handset.FindDeviceSession, want: `^Row: 0 lastSessionUserId=\n\n$|Could not find provider|Permission Denial`},
	{row: handset.ThirdPartyApps, want: `^(package:/data/app/\S+=\S+\n)*\n$`},
	{row: handset.PackagePath, args: []string{"com.android.settings"}, want: `^package:/system/\S+\.apk\n\n$`},
	{row: handset.PackageTimes, args: []string{"com.android.settings"}, want: `firstInstallTime=`},
	{row: handset.FindFiles, args: []string{"/sdcard/"}, want: `^/sdcard/\x00/sdcard/`},
	{row: handset.FindFolders, args: []string{"/sdcard/"}, want: `^/sdcard/\x00/sdcard/`},
	{row: handset.ListFolder, args: []string{"/storage"}, want: `^/storage\x00/storage/(emulated|self)\x00`},
	{row: handset.ReadLink, args: []string{"/sdcard"}, want: `^/storage/emulated/0\n\n$`},
	{row: handset.HashFiles, stdin: "/system/bin/ls\x00", want: `^[0-9a-f]{64}  /system/bin/ls\n\n$`},
	{row: handset.HashMany, stdin: "/system/bin/ls\x00/none\x00", want: `^[0-9a-f]{64}  /system/bin/ls\n\nsha256sum: /none: No such file or directory\n$`},
	{row: handset.ReadRest, args: []string{"/system/bin/ls", "4"}, want: `^\n0\+0 records in\n0\+0 records out\n`},
	{row: handset.RowIDs, args: []string{"content://sms"}, want: `^Row: 0 _id=\d+\n|^No result found\.\n\n$`},
	{row: handset.ContentRows, args: []string{"content://com.android.contacts/contacts", "_id:display_name"}, want: `^Row: 0 _id=\d+, display_name=|^No result found\.\n\n$|Permission Denial|no such column`},
	{row: handset.ContentWhere, args: []string{"content://sms", "_id", "_id = 1"}, want: `^Row: 0 _id=1\n\n$|^No result found\.\n\n$`},
	{row: handset.ContentRead, args: []string{"content://com.android.contacts/contacts/as_multi_vcard/0r1-2F51351"}, want: `^BEGIN:VCARD\r\n|^\n$|Permission Denial`},
	{row: handset.ListSettings, args: []string{"global"}, want: `(?m)^boot_count=\d+$`},
	{row: handset.WiFiNetworks, want: `^Network Id|^Unknown command: list-networks\n|^\ncmd: Can't find service: wifi\n$`},
	{row: handset.BatteryStats, want: `^Statistics since last charge:\n|^\nCan't find service: batterystats\n$`},
	{row: handset.HealthService, want: `(?m)^getHealthInfo -> HealthInfo\{|Can't find service: android.hardware.health.IHealth/default\n$`},
	{row: handset.BatteryNode, args: []string{"/sys/class/power_supply/battery/cycle_count"}, want: `^\d+\n\n$|No such file or directory\n$`},
	{row: handset.Uptime, want: `^\d+\.\d\d \d+\.\d\d\n\n$`},
	{row: handset.KernelVersion, want: `^Linux version \d+\.\d+\S* \(builder@build-host\) \(.*\) #1 SMP PREEMPT .*\n\n$`},
	{row: handset.KernelLog, args: []string{"/sys/fs/pstore/console-ramoops-0"}, want: `^\ncat: /sys/fs/pstore/console-ramoops-0: Permission denied\n$|^\[ `},
	{row: handset.SystemEvents, want: `^Drop box contents: \d+ entries\n|Can't find service: dropbox\n$`},
	{row: handset.Temperatures, want: `(?m)^Thermal Status: \d$|Can't find service: thermalservice\n$`},
	{row: handset.DiskSpeed, want: `^Latency: \d+ms|Can't find service: diskstats\n$`},
	{row: handset.NetworkState, want: `(?m)^ *Phone Id=0$|Can't find service: telephony.registry\n$`},
	{row: handset.WiFiState, want: `^Wifi is enabled\n|^Unknown command: status\n|^\ncmd: Can't find service: wifi\n$`},
	{row: handset.BluetoothState, want: `^Bluetooth Status\n|Can't find service: bluetooth_manager\n$`},
	{row: handset.Sensors, want: `(?m)^Sensor List:$|Can't find service: sensorservice\n$`},
	{row: handset.Cameras, want: `(?m)^Number of camera devices: \d+$|Can't find service: media.camera\n$`},
	{row: handset.InputDevices, want: `(?m)^Event Hub State:$|Can't find service: input\n$`},
	{row: handset.ScreenState, want: `(?m)^  mWakefulness=Awake$`},
	{row: handset.Screenshot, want: `^.PNG\r\n`},
	{row: handset.Bugreport, want: `^BEGIN:/data/user_de/0/com\.android\.shell/files/bugreports/bugreport-\S+\.zip\n(PROGRESS:\d+/100\n)+OK:/\S+\.zip\n\n$|not found\n$|^\nusage: bugreportz `},
	{row: handset.RemoveBugreport, args: []string{"/data/user_de/0/com.android.shell/files/bugreports/bugreport-none.zip"}, want: `^\n$`},
	{row: handset.RecordScreen, want: `^\n$`},
	{row: handset.RemoveRecording, want: `^\n$`},
	{row: handset.OpenAccounts, want: shownPage},
	{row: handset.OpenMiAccount, want: shownPage},
	{row: handset.OpenAbout, want: shownPage},
	{row: handset.OpenSecurity, want: shownPage},
	{row: handset.OpenDeveloper, want: shownPage},
	{row: handset.OpenESIM, want: shownPage},
	{row: handset.OpenSettings, want: shownPage},
	{row: handset.MakeFolders, stdin: "/sdcard/Empty\x00", want: `^\n$`},
	{row: handset.MakeFolder, args: []string{"/sdcard/Empty one"}, want: `^\n$`},
	{row: handset.InstallCreate, args: []string{"0", "5"}, want: `^Success: created install session \[\d+\]\n|not found\n`},
	{row: handset.InstallWrite, args: []string{"5", "77", "base.apk"}, stdin: "12345", want: `has no access to session 77`},
	{row: handset.InstallCommit, args: []string{"77"}, want: `has no access to session 77`},
	{row: handset.InstallAbandon, args: []string{"77"}, want: `has no access to session 77`},
	{row: handset.ImportContacts, want: `^Starting: Intent \{ act=\S+ dat=file:///\S+ typ=text/x-vcard \}\n\n$`},
	{row: handset.ScanMedia, args: []string{"external_primary"}, want: `^Result: (Bundle\[\{\}\]|null)\n\n$`},
	{row: handset.TapScreen, args: []string{"1", "1"}, want: `^\n$|INJECT_EVENTS permission`},
	{row: handset.SwipeScreen, args: []string{"1", "5", "1", "9"}, want: `^\n$|INJECT_EVENTS permission`},
	// The last one: it wipes and restarts what can do it.
	{row: handset.TestHarness, want: `^\n$|^\nFailed to enable Test Harness Mode\n$|^\ncmd: Can't find service: testharness\n$`},
}

// lacking are the programs that a version of Android came without.
var lacking = []struct {
	program string
	before  int // API level
}{{"sha256sum", 26}}

// Every profile answers every row of the command table as some handset does.
func TestEveryRowIsAnswered(t *testing.T) {
	t.Parallel()
	covered := map[*handset.Command]bool{}
	for _, a := range rowAnswers {
		covered[a.row] = true
	}
	for _, row := range handset.Commands {
		if !row.Service && !covered[row] {
			t.Errorf("%s (%s) has no expectation here", row.Name, row.Line)
		}
	}
	for _, profile := range adbtest.Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			dev, sdk := serve(t, profile)
			for _, a := range rowAnswers {
				checkRow(t, dev, sdk, a)
			}
		})
	}
}

func checkRow(t *testing.T, dev *adb.Device, sdk int, a rowAnswer) {
	t.Helper()
	line := a.row.Must(a.args...)
	got, err := dev.Shell(t.Context(), line.String(), strings.NewReader(a.stdin))
	if a.row == handset.TestHarness && errors.Is(err, adb.ErrGone) {
		return // it went before it answered
	}
	if err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	stdout, stderr := string(got.Stdout), string(got.Stderr)
	if got.Exit < 0 && strings.HasSuffix(stdout, "not found\n") { // no shell_v2: one stream
		stdout, stderr = stderr, stdout
	}
	if program, missing := strings.CutSuffix(stderr, ": inaccessible or not found\n"); missing {
		for _, l := range lacking {
			if strings.HasSuffix(program, l.program) && sdk < l.before {
				return
			}
		}
	}
	both := stdout + "\n" + stderr
	if got.Exit < 0 && stderr == "" { // it may be the message that went to the same stream
		both += "\n" + stdout
	}
	if !regexp.MustCompile(a.want).MatchString(both) {
		t.Errorf("%s\n got %q, stderr %q, exit %d\nwant %s", line, stdout, stderr, got.Exit, a.want)
	}
}

// serve reaches an emulated handset through the server front.
func serve(t *testing.T, profile string) (dev *adb.Device, sdk int) {
	t.Helper()
	p, err := adbtest.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	dev = serveProfile(t, p)
	answer, err := dev.Shell(t.Context(), handset.GetProperty.Must("ro.build.version.sdk").String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sdk, err = strconv.Atoi(strings.TrimSpace(string(answer.Stdout))); err != nil {
		t.Fatal(err)
	}
	return dev, sdk
}

func serveProfile(t *testing.T, p *adbtest.Profile) *adb.Device {
	t.Helper()
	h := adbtest.New(p)
	server, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Close()
		_ = h.Close()
	})
	client, err := adb.New(adb.Options{Addr: server.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return client.Device(h.Serial())
}
