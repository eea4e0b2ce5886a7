package verify

import (
	"context"
	"errors"
	"maps"
	"testing"

	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
)

// answers replays a handset, by line. A line that is not there cannot be asked.
type answers map[string]handset.Answer

func (m answers) Ask(_ context.Context, line handset.Line) (handset.Answer, error) {
	if a, ok := m[line.String()]; ok {
		return a, nil
	}
	return handset.Answer{}, errors.New("no answer")
}

// but is m with some answers changed; an answer of "-" takes the line away.
func (m answers) but(changes map[string]string) answers {
	out := maps.Clone(m)
	for line, text := range changes {
		out[line] = handset.Answer{Stdout: []byte(text), Ref: "evidence/" + line}
		if text == "-" {
			delete(out, line)
		}
	}
	return out
}

const (
	lineProps    = "getprop"
	lineUsers    = "pm list users"
	lineAccounts = "dumpsys account"
	lineID       = "settings get secure android_id"
	lineBoots    = "settings get global boot_count"
	lineReason   = "getprop sys.boot.reason"
	lineHistory  = "getprop persist.sys.boot.reason.history"
	lineApps     = "pm list packages -3 -f --user 0"
	lineSystem   = "pm path --user 0 android"
	lineFiles    = "find /sdcard/ -print0"
	lineFolders  = "find /sdcard/ -type d -print0"
	lineContacts = "content query --uri content://com.android.contacts/raw_contacts --projection _id"
	lineMessages = "content query --uri content://sms --projection _id"
	lineFind     = "content query --uri content://com.xiaomi.finddevice.provider/isLastStatusOpen"
	lineDebt     = "content query --uri content://com.xiaomi.finddevice.provider/lastSessionUserId"
	lineOwners   = "dpm list-owners"
	linePhone    = "service call iphonesubinfo 4 i32 0 s16 com.android.shell"
	lineUserDump = "dumpsys user"
	lineImage    = "getprop ro.gsid.image_running"
	lineRepair   = "settings get global repair_mode_active"
	lineCurrent  = "am get-current-user"
)

const propsText = `[gsm.sim.state]: [ABSENT,ABSENT]
[ro.boot.flash.locked]: [1]
[ro.boot.hwc]: [GLOBAL]
[ro.boot.vbmeta.device_state]: [locked]
[ro.boot.verifiedbootstate]: [green]
[ro.build.fingerprint]: [Redmi/sunny_global/sunny:12/SKQ1.210908.001/V14.0.9.0.SKGMIXM:user/release-keys]
[ro.build.id]: [SKQ1.210908.001]
[ro.build.tags]: [release-keys]
[ro.build.type]: [user]
[ro.build.version.incremental]: [V14.0.9.0.SKGMIXM]
[ro.build.version.release]: [12]
[ro.build.version.sdk]: [31]
[ro.crypto.state]: [encrypted]
[ro.crypto.type]: [file]
[ro.miui.ui.version.name]: [V140]
[ro.product.device]: [sunny]
[ro.product.manufacturer]: [Xiaomi]
[ro.product.mod_device]: [mojito_global]
[ro.product.model]: [M2101K7AG]
[ro.ril.miui.imei0]: [868732053538038]
[ro.ril.miui.imei1]: [868732053538046]
[ro.ril.oem.psno]: [32007/20FQ77584]
[ro.serialno]: [c9a0a2a6]
`

// fresh is a handset that was reset and set up again without accounts.
var fresh = answers{}.but(map[string]string{
	lineProps:    propsText,
	lineUsers:    "Users:\n\tUserInfo{0:Owner:4c13} running\n",
	lineAccounts: "User UserInfo{0:Owner:4c13}:\n  Accounts: 0\n\n  AccountId, Action_Type, timestamp, UID, TableName, Key\n",
	lineID:       "bbbb000011112222\n",
	lineBoots:    "2\n",
	lineReason:   "reboot,factory_reset\n",
	lineHistory:  "reboot,factory_reset,1795000100\n",
	lineApps:     "",
	lineSystem:   "package:/system/framework/framework-res.apk\n",
	lineFiles:    "/sdcard/\x00/sdcard/DCIM\x00/sdcard/Android\x00/sdcard/Android/data\x00/sdcard/Android/data/x/y.bin\x00/sdcard/Pictures/.nomedia\x00/sdcard/Pictures\x00",
	lineContacts: "No result found.\n",
	lineMessages: "No result found.\n",
	lineFind:     "Row: 0 isLastStatusOpen=0\n",
	lineDebt:     "Row: 0 lastSessionUserId=0\n",
	lineOwners:   "no owners\n",
	lineImage:    "\n",
	lineRepair:   "null\n",
	lineCurrent:  "0\n",
})

func statusOf(t *testing.T, fs []report.Finding, id string) report.Status {
	t.Helper()
	f, _ := report.Findings(fs).ByID(id)
	return f.Status
}

// every checks the rules for all findings: the ID is in the table, a finding that did
// not pass has a remedy or a reason, and no pass is claimed without evidence.
func every(t *testing.T, fs []report.Finding) {
	t.Helper()
	for _, f := range fs {
		calm(t, f.ID, f.Summary)
		if _, ok := check.ByID(f.ID); !ok {
			t.Errorf("%s is not in the table", f.ID)
		}
		if f.Summary == "" || f.At.IsZero() || f.Method == "" {
			t.Errorf("%s is incomplete: %+v", f.ID, f)
		}
	}
}
