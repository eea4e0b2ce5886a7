package handset

import "maps"

// clean is a handset of the maker's own build.
var clean = answers{
	"getprop":                   stdout(ownBuild + "[ro.build.version.sdk]: [33]\n[ro.miui.ui.version.name]: [V140]\n[gsm.sim.state]: [ABSENT,ABSENT]\n[sys.oem_unlock_allowed]: [0]\n[ro.organization_owned]: [false]\n"),
	ListUsers.Line:              stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n"),
	ListVolumes.Line:            stdout("private mounted null\nemulated;0 mounted null\n"),
	EUICC.Line:                  stdout("null\n"),
	DiskFree.Must("/data").text: stdout(dfDump),
	DumpBattery.Line:            stdout(batteryDump),
}

// ownBuild are the properties of a build of the maker's own, without its version.
var ownBuild = readCapture("dumps/own-build.txt")

// with returns the clean handset with other answers to some lines.
func (m answers) with(more answers) answers {
	all := maps.Clone(m)
	maps.Copy(all, more)
	return all
}
