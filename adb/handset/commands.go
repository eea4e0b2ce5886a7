package handset

import (
	"regexp"
	"time"

	"preship/report/pattern"
)

// The rows that ask who a handset is and what locks it. All of them only read.
var (
	GetProp      = &Command{Name: "properties", Line: "getprop", Why: "IMEI, serial numbers, model, OS, bootloader and lock states"}
	GetProperty  = &Command{Name: "property", Line: "getprop {property}", Why: "one property, while waiting for it to change"}
	IMEIService  = &Command{Name: "imei-service", Line: "service call iphonesubinfo {code} i32 {slot} s16 com.android.shell", Why: "the IMEI of a slot, to compare with the properties or where none holds it", Since: 22, Timeout: 10 * time.Second, Only: map[string][]string{"code": {"3", "4"}, "slot": {"0", "1"}}}
	ListFeatures = &Command{Name: "features", Line: "pm list features", Why: "whether a tablet has a modem, where its telephony service does not answer"}
	ProcSerial   = &Command{Name: "cpu-serial", Line: "cat /proc/serial_num", Why: "the processor's number, which recovery answers too"}
	ListUsers    = &Command{Name: "users", Line: "pm list users", Why: "owner, second space, dual apps, work profile"}
	DumpUser     = &Command{Name: "user-restrictions", Line: "dumpsys user", Why: "restrictions that forbid a factory reset"}
	DumpAccounts = &Command{Name: "accounts", Line: "dumpsys account", Why: "which accounts are signed in, for each user"}
	DumpPolicy   = &Command{Name: "device-policy", Line: "dumpsys device_policy", Why: "device owner and work profile owner, and whether an update waits"}
	ListOwners   = &Command{Name: "owners", Line: "dpm list-owners", Why: "device owner and profile owners", Since: 31}
	DumpBattery  = &Command{Name: "battery", Line: "dumpsys battery", Why: "charge, health and temperature"}
	DiskFree     = &Command{Name: "disk-free", Line: "df -k {path}", Why: "space used and free"}
	ListVolumes  = &Command{Name: "volumes", Line: "sm list-volumes all", Why: "SD card and USB storage inside"}
	AndroidID    = &Command{Name: "android-id", Line: "settings get secure android_id", Why: "changes with a factory reset"}
	BootCount    = &Command{Name: "boot-count", Line: "settings get global boot_count", Why: "starts again with a factory reset", Since: 24}
	EUICC        = &Command{Name: "esim", Line: "settings get global euicc_provisioned", Why: "whether an eSIM profile was ever used"}
	RepairMode   = &Command{Name: "repair-mode", Line: "settings get global repair_mode_active", Why: "whether Android's repair mode shows a temporary system in place of the owner's"}
	CurrentUser  = &Command{Name: "current-user", Line: "am get-current-user", Why: "whose space the handset shows: the owner's, or another user's", Since: 24}
	LockScreen   = &Command{Name: "screen-lock", Line: "locksettings get-disabled", Why: "whether a screen lock is set"}
	FindSU       = &Command{Name: "root-signs", Line: "which su", Why: "a sign that the handset is rooted"}
	ScreenText   = &Command{Name: "screen-text", Line: "uiautomator dump --compressed /proc/self/fd/1", Why: "which page the handset shows"}
)

// The Find Device provider may hold a query until its app is ready, or for
// good (facts: a lastSessionUserId query hung), hence the short times.
var (
	FindDevice        = &Command{Name: "find-device", Line: "content query --uri content://com.xiaomi.finddevice.provider/isLastStatusOpen", Why: "whether Find Device is on", Timeout: 10 * time.Second}
	FindDeviceSession = &Command{Name: "find-device-session", Line: "content query --uri content://com.xiaomi.finddevice.provider/lastSessionUserId", Why: "whether a lender's lock holds the handset", Timeout: 10 * time.Second}
)

// The rows of the backup and of the checks after a reset. All of them only read.
var (
	ThirdPartyApps = &Command{Name: "apps", Line: "pm list packages -3 -f --user 0", Why: "the owner's apps"}
	PackagePath    = &Command{Name: "app-path", Line: "pm path --user 0 {package}", Why: "the files of one app"}
	PackageTimes   = &Command{Name: "app-times", Line: "dumpsys package {package}", Why: "when an app was first installed"}
	FindFiles      = &Command{Name: "find-files", Line: "find {root} -print0", Why: "the list of the owner's files, and every folder that cannot be read", Streams: true}
	FindFolders    = &Command{Name: "find-folders", Line: "find {root} -type d -print0", Why: "which of the names found are folders: an empty one holds nothing of the owner's", Streams: true}
	ListFolder     = &Command{Name: "list-folder", Line: "find {root} -maxdepth 1 -print0", Why: "which storages there are: those of other users and cards that no list of volumes names"}
	ReadLink       = &Command{Name: "read-link", Line: "readlink -f {path}", Why: "which storage a link leads to"}
	HashFiles      = &Command{Name: "hash-files", Line: "xargs -0 sha256sum", Why: "the handset's own SHA-256 of each file, the names given by standard input", Streams: true, Rate: slowestDisk, Timeout: 20 * time.Second}
	HashMany       = &Command{Name: "hash-many", Line: `x=$(xargs -0 sha256sum); e=$?; print -r -- "$x"; exit $e`, Why: "the same for many small files, the answer in one piece: sha256sum writes each line by itself, which takes adb longer than to hash", Streams: true, Rate: slowestDisk, Timeout: 20 * time.Second}
	ReadRest       = &Command{Name: "read-rest", Line: "dd if={path} bs=1048576 skip={blocks}", Why: "a large file from where the connection broke on", Streams: true, Timeout: 20 * time.Second}
	RowIDs         = &Command{Name: "row-ids", Line: "content query --uri {uri} --projection _id", Why: "how many contacts, messages or calls there are", Timeout: 2 * time.Minute}
	ContentRows    = &Command{Name: "rows", Line: "content query --uri {uri} --projection {columns}", Why: "contacts, messages, call log and calendar", Timeout: 10 * time.Minute}
	ContentWhere   = &Command{Name: "rows-where", Line: "content query --uri {uri} --projection {columns} --where {condition}", Why: "rows whose value is missing, which the plain listing cannot tell", Timeout: 2 * time.Minute}
	ContentRead    = &Command{Name: "content-read", Line: "content read --uri {uri}", Why: "vCards, and pictures in messages", Timeout: 10 * time.Minute}
	ListSettings   = &Command{Name: "settings", Line: "settings list {namespace}", Why: "a copy of the handset's settings", Only: map[string][]string{"namespace": {"system", "secure", "global"}}}
	WiFiNetworks   = &Command{Name: "wifi-networks", Line: "cmd wifi list-networks", Why: "names of saved networks, without their keys", Since: 30}
)

// The rows of the fault report. All of them only read. A maker's health service and the
// nodes of the battery's chip are closed to adb on many handsets, which is then an unknown.
var (
	BatteryStats   = &Command{Name: "battery-stats", Line: "dumpsys batterystats --charged", Why: "the capacity that Android learned of the battery"}
	HealthService  = &Command{Name: "health-service", Line: "dumpsys android.hardware.health.IHealth/default", Why: "charge cycles, capacity and wear of battery and storage", Since: 33, Timeout: 10 * time.Second}
	BatteryNode    = &Command{Name: "battery-node", Line: "cat {node}", Why: "charge cycles and capacity as the battery's chip counts them", Timeout: 10 * time.Second, Only: map[string][]string{"node": {"/sys/class/power_supply/battery/cycle_count", "/sys/class/power_supply/battery/charge_full", "/sys/class/power_supply/battery/charge_full_design"}}}
	Uptime         = &Command{Name: "uptime", Line: "cat /proc/uptime", Why: "how long the handset runs without a restart", Timeout: 10 * time.Second}
	KernelVersion  = &Command{Name: "kernel-version", Line: "cat /proc/version", Why: "which kernel the handset runs", Timeout: 10 * time.Second}
	KernelLog      = &Command{Name: "kernel-log", Line: "cat {log}", Why: "what the kernel wrote before the last start, on the few builds that show it", Timeout: 10 * time.Second, Only: map[string][]string{"log": {"/sys/fs/pstore/console-ramoops-0", "/sys/fs/pstore/console-ramoops", "/proc/last_kmsg"}}}
	SystemEvents   = &Command{Name: "system-events", Line: "dumpsys dropbox", Why: "crashes, freezes and restarts that Android noted"}
	Temperatures   = &Command{Name: "temperatures", Line: "dumpsys thermalservice", Why: "temperatures, and whether the handset slows down for heat", Since: 29, Timeout: 10 * time.Second}
	DiskSpeed      = &Command{Name: "disk-speed", Line: "dumpsys diskstats", Why: "how fast the storage writes"}
	NetworkState   = &Command{Name: "network-state", Line: "dumpsys telephony.registry", Why: "whether the modem has a network, and how strong its signal is", Timeout: 10 * time.Second}
	WiFiState      = &Command{Name: "wifi-state", Line: "cmd wifi status", Why: "whether Wi-Fi is on and connected", Since: 30, Timeout: 10 * time.Second}
	BluetoothState = &Command{Name: "bluetooth-state", Line: "dumpsys bluetooth_manager", Why: "whether Bluetooth is on", Timeout: 10 * time.Second}
	Sensors        = &Command{Name: "sensors", Line: "dumpsys sensorservice", Why: "which sensors Android lists", Timeout: 10 * time.Second}
	Cameras        = &Command{Name: "cameras", Line: "dumpsys media.camera", Why: "which cameras Android lists", Timeout: 10 * time.Second}
	InputDevices   = &Command{Name: "input-devices", Line: "dumpsys input", Why: "whether Android lists a touch screen", Timeout: 10 * time.Second}
	ScreenState    = &Command{Name: "screen-state", Line: "dumpsys power", Why: "whether the screen is on", Timeout: 10 * time.Second}
	Screenshot     = &Command{Name: "screenshot", Line: "screencap -p", Why: "a picture of the screen, where the owner asked for one", Timeout: time.Minute}
)

// The rows of a bugreport, which its owner asks for: the handset writes a file in its own
// folder, preship copies it, and removes it there.
var (
	Bugreport       = &Command{Name: "bugreport", Line: "bugreportz -p", Writes: true, Why: "everything that Android knows of a fault, as one file, where the owner asked for it", Since: 25, Streams: true, Timeout: 3 * time.Minute}
	RemoveBugreport = &Command{Name: "remove-bugreport", Line: "rm -f {bugreport}", Writes: true, Why: "removes the bugreport that preship let the handset write", Since: 25, Form: map[string]func() *regexp.Regexp{"bugreport": BugreportPath}}
)

// The rows of a recording of the screen, which its owner asks for: the handset writes one
// file, preship copies it, and removes it there. The path is fixed: whatever ends a
// recording early, the next one replaces its file.
var (
	RecordScreen    = &Command{Name: "record-screen", Line: "screenrecord --time-limit 10 --bit-rate 4000000 " + RecordingPath, Writes: true, Why: "ten seconds of the screen, as one file, where the owner asked for it", Timeout: time.Minute}
	RemoveRecording = &Command{Name: "remove-recording", Line: "rm -f " + RecordingPath, Writes: true, Why: "removes the recording that preship let the handset write", Timeout: 10 * time.Second}
)

const (
	// RecordingPath is where the handset writes a recording of its screen.
	RecordingPath = "/data/local/tmp/preship-recording.mp4"
	// RecordingLength is how long it records.
	RecordingLength = 10 * time.Second
)

// BugreportPath matches the path of a bugreport on a handset, and nothing else: the file is
// removed after it is copied.
var BugreportPath = pattern.New(`^(?:/data/user_de/0/com\.android\.shell/files)?/bugreports/bugreport-[A-Za-z0-9._-]{1,200}\.zip$`)

// The pages preship may open on the handset's screen. Opening a page changes
// nothing but the page shown, and that is enough to count as a write.
//
// The vendor's own reset page opens from OpenAbout. The shorter intent
// com.android.settings.action.FACTORY_RESET is not here on purpose: on MIUI it
// opens AOSP's page, which leaves Find Device on.
var (
	OpenAccounts  = &Command{Name: "open-accounts", Line: "am start -a android.settings.SYNC_SETTINGS", Writes: true, Why: "shows the page where accounts are removed"}
	OpenMiAccount = &Command{Name: "open-mi-account", Line: "am start -n com.xiaomi.account/.ui.AccountSettingsActivity", Writes: true, Why: "shows the page where the Mi account is signed out"}
	OpenAbout     = &Command{Name: "open-about", Line: "am start -a android.settings.DEVICE_INFO_SETTINGS", Writes: true, Why: "shows About phone, where the vendor's reset page and the IMEI are"}
	OpenSecurity  = &Command{Name: "open-security", Line: "am start -a android.settings.SECURITY_SETTINGS", Writes: true, Why: "shows screen lock, device administrators and Find Device"}
	OpenDeveloper = &Command{Name: "open-developer", Line: "am start -a android.settings.APPLICATION_DEVELOPMENT_SETTINGS", Writes: true, Why: "shows Developer options, with OEM unlocking"}
	OpenESIM      = &Command{Name: "open-esim", Line: "am start -a android.settings.MANAGE_ALL_SIM_PROFILES_SETTINGS", Writes: true, Why: "shows the page where eSIM profiles are removed", Since: 33}
	OpenSettings  = &Command{Name: "open-settings", Line: "am start -a android.settings.SETTINGS", Writes: true, Why: "shows the first page of Settings"}
)

// The rows of a reset that goes through the handset's own screen, and of one on
// a test bench.
//
// Test harness mode is Android's own way to wipe and to keep this computer
// allowed. It leaves a handset in test mode and erases its SD card, so package
// reset sends it to emulators and debuggable builds only, and reads the
// build again right before.
var (
	TapScreen   = &Command{Name: "tap-screen", Line: "input tap {x} {y}", Writes: true, Why: "presses a button of the vendor's reset pages, where its owner asked preship to"}
	SwipeScreen = &Command{Name: "swipe-screen", Line: "input swipe {x} {from} {x} {to} 500", Writes: true, Why: "scrolls a page of the vendor's reset to its button, where its owner asked preship to press it"}
	TestHarness = &Command{Name: "test-harness", Line: "cmd testharness enable", Writes: true, Why: "erases an emulator or a debuggable build, never a handset as it is sold", Since: 29, Timeout: time.Minute}
)

// The rows of a restore. The package installer is asked these lines by adbd
// itself where it can (abb_exec:, the same words without a shell), else by exec:.
// The page that imports contacts is of one fixed file: no row opens any page.
var (
	MakeFolders    = &Command{Name: "make-folders", Line: "xargs -0 mkdir -p", Writes: true, Why: "the folders of a backup that are empty, the names given by standard input", Timeout: 5 * time.Minute}
	MakeFolder     = &Command{Name: "make-folder", Line: "mkdir -p {path}", Writes: true, Why: "one empty folder of a backup, where a command takes no standard input: adbd before Android 7"}
	InstallCreate  = &Command{Name: "install-create", Line: "cmd package install-create -r --user {user} -S {size}", Writes: true, Why: "begins to install a saved app; Android refuses an older version than the one there", Since: 24, Only: map[string][]string{"user": {"0"}}}
	InstallWrite   = &Command{Name: "install-write", Line: "cmd package install-write -S {size} {session} {name} -", Writes: true, Why: "one file of a saved app", Since: 24, Timeout: 10 * time.Minute, Rate: slowestDisk}
	InstallCommit  = &Command{Name: "install-commit", Line: "cmd package install-commit {session}", Writes: true, Why: "installs the saved app, all of its files or none", Since: 24, Timeout: 10 * time.Minute}
	InstallAbandon = &Command{Name: "install-abandon", Line: "cmd package install-abandon {session}", Writes: true, Why: "gives up an app that could not be installed", Since: 24}
	ImportContacts = &Command{Name: "import-contacts", Line: "am start -a android.intent.action.VIEW -t text/x-vcard -d file:///storage/emulated/0/Download/contacts-from-backup.vcf", Writes: true, Why: "shows the saved contacts, for their owner to import"}
	ScanMedia      = &Command{Name: "scan-media", Line: "content call --uri content://media --method scan_volume --arg {volume}", Writes: true, Why: "lets the gallery find the files that were sent back", Since: 30, Timeout: 10 * time.Minute}
)

// slowestDisk is the least that a handset reads or writes, in bytes a second. An
// old one manages ten times that.
const slowestDisk = 8 << 20

// Services of adb, and of the recovery's MIAssistant mode. Formatting a full
// 512 GB handset takes longer than the two minutes that other tools allow.
var (
	SyncService     = &Command{Name: "sync", Line: "sync:", Service: true, Why: "file listing and copying"}
	Reboot          = &Command{Name: "reboot", Line: "reboot:", Service: true, Writes: true, Why: "starts the handset again", Timeout: 10 * time.Second}
	RebootRecovery  = &Command{Name: "reboot-recovery", Line: "reboot:recovery", Service: true, Writes: true, Why: "starts the recovery, where the reset is made"}
	RecoveryDevice  = &Command{Name: "recovery-device", Line: "getdevice:", Service: true, Why: "which model the recovery belongs to", Timeout: 10 * time.Second}
	RecoverySN      = &Command{Name: "recovery-serial", Line: "getsn:", Service: true, Why: "the processor's number, to know the unit again", Timeout: 10 * time.Second}
	RecoveryVersion = &Command{Name: "recovery-version", Line: "getversion:", Service: true, Why: "the OS build the recovery belongs to", Timeout: 10 * time.Second}
	FormatData      = &Command{Name: "format-data", Line: "format-data:", Service: true, Writes: true, Why: "the factory reset itself: erases the owner's data", Timeout: 5 * time.Minute}
)

// Commands is every command preship can send to a handset.
var Commands = []*Command{
	GetProp, GetProperty, IMEIService, ListFeatures, ProcSerial, ListUsers, DumpUser, DumpAccounts, DumpPolicy, ListOwners,
	DumpBattery, DiskFree, ListVolumes, AndroidID, BootCount, EUICC, RepairMode, CurrentUser, LockScreen,
	FindSU, ScreenText,
	FindDevice, FindDeviceSession,
	ThirdPartyApps, PackagePath, PackageTimes, FindFiles, FindFolders, ListFolder, ReadLink, HashFiles, HashMany, ReadRest,
	RowIDs, ContentRows, ContentWhere, ContentRead, ListSettings, WiFiNetworks,
	BatteryStats, HealthService, BatteryNode, Uptime, KernelVersion, KernelLog, SystemEvents, Temperatures, DiskSpeed, NetworkState, WiFiState, BluetoothState, Sensors, Cameras, InputDevices, ScreenState, Screenshot, RecordScreen, RemoveRecording, Bugreport, RemoveBugreport,
	OpenAccounts, OpenMiAccount, OpenAbout, OpenSecurity, OpenDeveloper, OpenESIM, OpenSettings,
	MakeFolders, MakeFolder, InstallCreate, InstallWrite, InstallCommit, InstallAbandon, ImportContacts, ScanMedia,
	TapScreen, SwipeScreen, TestHarness,
	SyncService, Reboot, RebootRecovery, RecoveryDevice, RecoverySN, RecoveryVersion, FormatData,
}
