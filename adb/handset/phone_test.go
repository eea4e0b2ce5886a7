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
const ownBuild = miPhone + `[ro.product.device]: [sunny]
[ro.build.fingerprint]: [Redmi/sunny_global/sunny:13/TKQ1.221114.001/V14.0.9.0.TKGMIXM:user/release-keys]
[ro.build.id]: [TKQ1.221114.001]
[ro.build.version.incremental]: [V14.0.9.0.TKGMIXM]
[ro.build.type]: [user]
[ro.build.tags]: [release-keys]
[ro.debuggable]: [0]
[ro.secure]: [1]
[ro.boot.flash.locked]: [1]
[ro.boot.verifiedbootstate]: [green]
[ro.boot.vbmeta.device_state]: [locked]
`

// with returns the clean handset with other answers to some lines.
func (m answers) with(more answers) answers {
	all := maps.Clone(m)
	maps.Copy(all, more)
	return all
}
