package mask

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/pattern"
)

// mask returns an answer to a line fit to leave the computer.
type mask func(line handset.Line, said []byte) []byte

// rows says for each row which parts of its answer may leave the computer. It lists
// the parts to keep, and not the parts to mask, because a vendor's next version may print
// anything.
var rows = map[*handset.Command]mask{
	handset.GetProp:      maskProperties, // IMSI, own number, networks, addresses and what its owner called it are among them
	handset.GetProperty:  maskProperty,
	handset.IMEIService:  keeping(`Result: Parcel\([0-9a-f ]*(?:'[^']{0,16}')?\)?`, `\s*0x[0-9a-f]{8}:[0-9a-f ]+'.{0,16}'\)?`, `service: Service \w+ does not exist`),
	handset.ListFeatures: keeping(`feature:reqGlEsVersion=0x[0-9a-f]{1,8}`, `feature:(?:android|com\.google|com\.miui|com\.xiaomi)\.[\w.]{1,100}(?:=\d{1,10})?`),
	handset.ProcSerial:   keeping(`(?:0x)?[0-9a-fA-F]{4,64}`),
	handset.ListUsers:    maskUsers, // users are named after people
	handset.DumpUser:     maskUserDump,
	handset.DumpAccounts: maskAccounts,
	handset.DumpPolicy:   maskPolicy, // the name of the organisation, and of each administrator
	handset.ListOwners:   keeping(`no owners`, `\d{1,2} owners?:`, `User +\d{1,9}: admin=[\w.$/]{1,256}(?:,[A-Za-z]{1,40})*`),
	handset.DumpBattery:  keeping(`[A-Z][\w ]{0,40}:`, `\s*[A-Za-z][\w ]{0,40}: ?(?:-?\d{1,12}|true|false|[A-Z][A-Za-z-]{1,11})?`),
	handset.DiskFree:     keeping(`Filesystem +[\w %-]{1,80} Mounted on`, `[\w./-]{1,80}(?: +\d{1,15}){3} +\d{1,3}% +/(?:data|storage/emulated|sdcard)?`),
	handset.ListVolumes:  maskVolumes, // the number of an SD card
	handset.AndroidID:    maskAndroidID,
	handset.BootCount:    keeping(oneNumber),
	handset.EUICC:        keeping(oneNumber),
	handset.RepairMode:   keeping(oneNumber),
	handset.CurrentUser:  keeping(oneNumber),
	handset.LockScreen:   keeping(`true|false`),
	handset.FindSU:       keeping(`/(?:system|sbin|vendor|data/local|data/adb|su|debug_ramdisk)(?:/[\w.-]{1,40}){0,4}`),
	handset.ScreenText:   func(_ handset.Line, said []byte) []byte { return Screen(said, nil) },

	handset.FindDevice:        keeping(`Row: \d{1,9} isLastStatusOpen=(?:0|1|true|false|NULL|null)?`, emptyResult),
	handset.FindDeviceSession: maskSession, // the number of a Mi account

	handset.ThirdPartyApps: maskApps,
	handset.PackagePath:    maskAppPath,
	handset.PackageTimes:   keeping(`Packages:`, `\s*(?:firstInstallTime|lastUpdateTime|timeStamp)=\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d`),
	handset.FindFiles:      maskNames,
	handset.FindFolders:    maskNames,
	handset.ListFolder:     maskNames,
	handset.ReadLink:       nothingKept, // a name on a card
	handset.HashFiles:      nothingKept,
	handset.HashMany:       nothingKept,
	handset.ReadRest:       nothingKept,
	handset.RowIDs:         keeping(`Row: \d{1,9} _id=\d{1,18}`, emptyResult),
	handset.ContentRows:    nothingKept,
	handset.ContentWhere:   nothingKept,
	handset.ContentRead:    nothingKept,
	handset.ListSettings:   nothingKept,
	handset.WiFiNetworks:   nothingKept,

	handset.BatteryStats: keeping(`Statistics since last charge:`, `\s*(?:Estimated|Last learned|Min learned|Max learned) battery capacity: \d{1,6}(?:\.\d{1,6})? mAh`,
		`\s*Discharge: \d{1,6}(?:\.\d{1,6})? mAh`, `\s*Time on battery: [\ddhms ]{3,40} \([\d.]{1,8}%\) realtime, [\ddhms ]{3,40} \([\d.]{1,8}%\) uptime`),
	handset.HealthService:  maskHealth, // a battery may print its serial number
	handset.BatteryNode:    keeping(oneNumber),
	handset.Uptime:         keeping(`\d{1,12}\.\d\d \d{1,12}\.\d\d`),
	handset.KernelVersion:  maskKernel, // the computer that built it
	handset.KernelLog:      keeping(`(?:<\d{1,2}>)?\[ *\d{1,7}\.\d{6}\].{0,40} Kernel panic - not syncing: [\w .,:!-]{1,120}`),
	handset.SystemEvents:   maskEvents, // apps of the owner, and what they did
	handset.Temperatures:   keeping(`IsStatusOverride: (?:true|false)`, `Thermal Status: [0-6]`, `HAL Ready: (?:true|false)`, `(?:Cached|Current) temperatures(?: from HAL)?:`, `\s+Temperature\{mValue=-?[\d.]{1,18}, mType=-?\d{1,3}, mName=[\w.-]{1,60}, mStatus=[0-6]\}`),
	handset.DiskSpeed:      keeping(`Latency: \d{1,9}ms \[512B Data Write\]`, `Recent Disk Write Speed (?:\(kB/s\) = \d{1,9}|data unavailable)`, `(?:Data|Cache|System|Metadata)-Free: \d{1,15}K / \d{1,15}K total = \d{1,3}% free`),
	handset.NetworkState:   nothingKept, // numbers, networks and cells
	handset.WiFiState:      keeping(`Wifi is (?:enabled|disabled|not connected)`),
	handset.BluetoothState: keeping(`Bluetooth Status`, `\s*enabled: (?:true|false)`, `\s*state: [A-Z_]{1,20}`),
	handset.Sensors:        keeping(`Sensor List:`, `Recent Sensor events:`, `\s*0[x0][0-9a-f]{8}\) [\w .,()/+-]{1,120}\|[\w .,()/+-]{1,80}\| ver: \d{1,12} \| type: [\w.]{1,80}\(\d{1,9}\) \|.{0,80}`, `[\w .,()/+-]{1,120}: last \d{1,5} events`),
	handset.Cameras:        keeping(`Number of (?:normal )?camera devices: \d{1,3}`, `\s*Facing: (?i:back|front|external)`),
	handset.InputDevices:   keeping(`Event Hub State:`, `\s*Classes: [\w |]{1,200}`, `\s*Path: /dev/input/event\d{1,3}`), // a keyboard is named after its owner
	handset.ScreenState:    keeping(`Power Manager State:`, `\s*mWakefulness=[A-Za-z]{1,16}`),                            // apps that keep it awake
	handset.Screenshot:     nothingKept,

	handset.Bugreport:       keeping(`PROGRESS:\d{1,9}/\d{1,9}`), // the path names the handset's build
	handset.RemoveBugreport: nothingKept,
	handset.RecordScreen:    nothingKept,
	handset.RemoveRecording: nothingKept,

	handset.OpenAccounts:  opened,
	handset.OpenMiAccount: opened,
	handset.OpenAbout:     opened,
	handset.OpenSecurity:  opened,
	handset.OpenDeveloper: opened,
	handset.OpenESIM:      opened,
	handset.OpenSettings:  opened,

	handset.TapScreen:   nothingKept,
	handset.SwipeScreen: nothingKept,
	handset.TestHarness: keeping(`[A-Za-z .]{1,80}`),

	handset.MakeFolders:    nothingKept,
	handset.MakeFolder:     nothingKept,
	handset.InstallCreate:  nothingKept,
	handset.InstallWrite:   nothingKept,
	handset.InstallCommit:  nothingKept,
	handset.InstallAbandon: nothingKept,
	handset.ImportContacts: opened,
	handset.ScanMedia:      nothingKept,

	handset.SyncService:     nothingKept,
	handset.Reboot:          recoverySaid,
	handset.RebootRecovery:  recoverySaid,
	handset.RecoveryDevice:  recoverySaid,
	handset.RecoverySN:      recoverySaid,
	handset.RecoveryVersion: recoverySaid,
	handset.FormatData:      recoverySaid,
}

const (
	oneNumber   = `\s*(?:-?\d{1,12}|null)`
	emptyResult = `No result found\.`
)

var (
	opened       = keeping(`Starting: Intent \{(?: (?:act|cmp|typ|flg)=[\w.$/-]{1,120})*(?: dat=file:///storage/emulated/0/Download/contacts-from-backup\.vcf| dat=file:///\.\.\.)?(?: typ=[\w/-]{1,40})? \}`, `Warning: Activity not started, [\w ,']{1,120}`)
	recoverySaid = keeping(`[A-Za-z0-9_][\w.,:+!?' -]{0,80}`)
)

var (
	keptUser    = pattern.New(`^(\s*)UserInfo\{(\d{1,9}):.*:([0-9a-f]{1,8})\}((?: running| [A-Za-z]{1,24}=(?:\d{1,9}|true|false)| <[a-z ]{1,20}>)*)$`)
	userWords   = pattern.New(`^\s*(?:Current user: \d{1,9}|Users:|none|null|[a-z]+(?:_[a-z0-9]+){1,12}|(?:[A-Z][a-z]+ ){0,4}[Rr]estrictions:|(?:Type|State): [A-Za-z_.]{1,80}|Flags: \d{1,9}(?: \([A-Z|_]{1,200}\))?|(?:Has profile owner|Device managed|Supports switchable users|All guests ephemeral): (?:true|false)|Device owner id: ?-?\d{1,9}|Max users: \d{1,6}|Started users state: [\[{][\d=, ]{0,200}[\]}])$`)
	policyWords = pattern.New(`^\s*(?:Current Device Policy Manager state:|Device Owner: ?|Profile Owner \(User \d{1,9}\): ?|admin=ComponentInfo\{[\w.$/]{1,256}\}|Enabled Device Admins \(User \d{1,9}(?:, provisioningState: \d{1,4})?\):|Pending System Update: SystemUpdateInfo \(receivedTime = \d{12,14}, [\w =,-]{0,80}(?:, mOriginalBuild = \S{1,120})?\)?)$`)
	sessionRow  = pattern.New(`^(Row: \d{1,9} lastSessionUserId=)(.*)$`)
	keptVolume  = pattern.New(`^((?:private|public|emulated|obb|asec|stub|disk)[0-9A-Za-z:;,._-]*) ([a-z_]+) ?(\S*)$`)
	androidID   = pattern.New(`^[0-9a-f]{8,16}$`)
)

// maskUserRow takes the name out of a user's row.
func maskUserRow(line string) (string, bool) {
	m := keptUser().FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	return fmt.Sprintf("%sUserInfo{%s:%s:%s}%s", m[1], m[2], dump.Masked, m[3], m[4]), true
}

func maskUsers(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		if strings.TrimSpace(line) == "Users:" {
			return line, true
		}
		return maskUserRow(line)
	})
}

func maskUserDump(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		if userWords().MatchString(line) {
			return line, true
		}
		return maskUserRow(line)
	})
}

// maskPolicy keeps what [ParsePolicy] reads: who owns the handset or a profile.
func maskPolicy(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) { return line, policyWords().MatchString(line) })
}

// maskVolumes takes out the number that an SD card was formatted with.
func maskVolumes(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		m := keptVolume().FindStringSubmatch(strings.TrimRight(line, " "))
		if m == nil {
			return "", false
		}
		uuid := m[3]
		if uuid != "" && uuid != "null" {
			uuid = dump.Masked
		}
		return strings.TrimRight(m[1]+" "+m[2]+" "+uuid, " "), true
	})
}

// maskAndroidID keeps two digits at each end, enough to see that the ID changed.
func maskAndroidID(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		if !androidID().MatchString(line) {
			return line, line == "null"
		}
		return line[:2] + dump.Masked + line[len(line)-2:], true
	})
}

func maskSession(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		m := sessionRow().FindStringSubmatch(line)
		switch {
		case line == "No result found.":
			return line, true
		case m == nil:
			return "", false
		case slices.Contains([]string{"", "NULL", "null", "0"}, strings.TrimSpace(m[2])):
			return line, true
		}
		return m[1] + dump.Masked, true
	})
}

// systemApp matches apps of Android and of vendors, which say nothing of the person
// who uses the handset.
var systemApp = pattern.New(`^(?:android|com\.(?:android|google\.android|miui|xiaomi)(?:\.[A-Za-z0-9_]{1,80}){1,6})$`)

// appName returns an app's name as it may leave the computer.
func appName(name string) string {
	if systemApp().MatchString(name) || slices.Contains(handset.RootApps, name) {
		return name
	}
	return dump.Masked
}

var appPath = pattern.New(`^package:/(system|system_ext|product|vendor|apex|data|mnt)/.*\.apk$`)

// maskApps keeps one line an app.
func maskApps(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		at := strings.LastIndexByte(line, '=')
		if !strings.HasPrefix(line, "package:/") || at < 0 {
			return "", false
		}
		return "package:" + dump.Masked + "=" + appName(line[at+1:]), true
	})
}

// maskAppPath keeps the folder of an app, which says whether it came with the system.
func maskAppPath(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		m := appPath().FindStringSubmatch(line)
		if m == nil {
			return "", false
		}
		return "package:/" + m[1] + "/" + dump.Masked, true
	})
}

// maskNames keeps of each name the standard folder, its depth, and its extension.
func maskNames(_ handset.Line, said []byte) []byte {
	const root = "/sdcard/"
	if !bytes.HasSuffix(said, []byte{0}) {
		return nothingKept(handset.Line{}, said)
	}
	var out bytes.Buffer
	dropped := 0
	for name := range bytes.SplitSeq(bytes.TrimSuffix(said, []byte{0}), []byte{0}) {
		rest, ok := strings.CutPrefix(string(name), root)
		if !ok {
			dropped++
			continue
		}
		out.WriteString(root + maskName(strings.TrimLeft(rest, "/")))
		out.WriteByte(0)
	}
	dump.NotKept(&out, dropped)
	return out.Bytes()
}

func maskName(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		switch {
		case part == "", i == 0 && report.StandardFolder(part):
		case i == len(parts)-1 && report.UsualExtension(path.Ext(part)):
			parts[i] = dump.Masked + path.Ext(part)
		default:
			parts[i] = dump.Masked
		}
	}
	return strings.Join(parts, "/")
}
