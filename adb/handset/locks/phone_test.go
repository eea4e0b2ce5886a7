package locks

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"preship/adb/handset"
)

// answers is a handset that knows the answers to some lines, and refuses others as
// a shell does.
type answers map[string]handset.Answer

func (m answers) Ask(_ context.Context, line handset.Line) (handset.Answer, error) {
	if a, ok := m[line.String()]; ok {
		a.Ref = "evidence/" + line.Command().Name + ".txt"
		return a, nil
	}
	return handset.Answer{Stderr: []byte("inaccessible or not found"), Exit: 127}, nil
}

// asked records the lines a handset was asked.
type asked struct {
	answers
	lines *[]string
}

func (a asked) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	*a.lines = append(*a.lines, line.String())
	return a.answers.Ask(ctx, line)
}

func stdout(s string) handset.Answer { return handset.Answer{Stdout: []byte(s)} }

// What each command prints on a handset.
var (
	batteryDump = readCapture("dumps/battery.txt")
	dfDump      = readCapture("dumps/df.txt")
	volumesDump = readCapture("dumps/volumes.txt")
	userDump    = readCapture("dumps/user.txt")
	noAccounts  = readCapture("dumps/accounts-empty.txt")
	services    = readCapture("dumps/accounts-services.txt")
)

func readCapture(name string) string {
	b, err := os.ReadFile(filepath.Join("..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		panic(err)
	}
	return string(b)
}

const miPhone = "[ro.product.manufacturer]: [Xiaomi]\n"

// clean is a handset that nothing holds.
var clean = answers{
	"getprop":                 stdout(ownBuild + "[ro.build.version.sdk]: [33]\n[ro.miui.ui.version.name]: [V140]\n[gsm.sim.state]: [ABSENT,ABSENT]\n[sys.oem_unlock_allowed]: [0]\n[ro.organization_owned]: [false]\n"),
	handset.ListUsers.Line:    stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n"),
	handset.DumpAccounts.Line: stdout(noAccounts + services),
	handset.GetProperty.Must(imageRunning).String(): stdout("\n"),
	handset.RepairMode.Line:                         stdout("null\n"),
	maintenanceApp:                                  {Exit: 1},
	handset.CurrentUser.Line:                        stdout("0\n"),
	handset.FindDevice.Line:                         stdout("Row: 0 isLastStatusOpen=0\n"),
	handset.FindDeviceSession.Line:                  stdout("Row: 0 lastSessionUserId=0\n"),
	handset.ListOwners.Line:                         stdout("no owners\n"),
	handset.DumpUser.Line:                           stdout(strings.Replace(userDump, "no_factory_reset", "none", 1)),
	handset.ListVolumes.Line:                        stdout("private mounted null\nemulated;0 mounted null\n"),
	handset.EUICC.Line:                              stdout("null\n"),
	handset.LockScreen.Line:                         stdout("true\n"),
	handset.DiskFree.Must("/data").String():         stdout(dfDump),
	handset.DumpBattery.Line:                        stdout(batteryDump),
}

// ownBuild are the properties of a build of the maker's own, without its version.
var ownBuild = readCapture("dumps/own-build.txt")

var maintenanceApp = handset.PackagePath.Must("com.miui.maintenancemode").String()

// with returns the clean handset with other answers to some lines.
func (m answers) with(more answers) answers {
	all := maps.Clone(m)
	maps.Copy(all, more)
	return all
}
