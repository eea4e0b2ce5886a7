package handset

import (
	"slices"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/check"
	"preship/report/message"
)

// VendorRow is the knowledge about one vendor's handsets.
type VendorRow struct {
	Name string

	// Signs are properties that show the vendor, with the values that do; ""
	// stands for any value.
	Signs map[string][]string
	// NoMaker is the row for handsets that do not name their maker: a cut
	// answer may hide any vendor, so every vendor's locks are looked for.
	NoMaker bool

	// IMEIProperties lists, best source first, the property of each SIM slot.
	// Vendors count slots from 0 or from 1; the position here is the slot.
	IMEIProperties [][]string
	// IMEIService: the vendor is known to keep AOSP's transaction numbers.
	IMEIService bool
	MEID        []string // properties, best first
	SN          []string // retail serial number, as on box and warranty card
	BoardSN     []string
	SNShape     string     // what a retail serial number looks like, "" is unknown
	WhereIMEI   message.ID // where the person finds the IMEI

	OwnOS      bool     // the vendor's OS has its own name
	Region     []string // of the OS
	MarketName []string
	// CodeModel are properties that hold the model code. Where one does and
	// ro.product.model differs from it, the latter is the market name.
	CodeModel []string

	MiAccountTypes []string   // accounts that bind the handset to its owner at the maker's
	Unlink         message.ID // how the owner takes the handset off the account at the maker's, "" is not known
	// ActivationStatus is the maker's service that reports whether an account locks
	// the handset of an IMEI, "" is not known; ActivationPage is the page it
	// belongs to. Unofficial: seen in four scripts that ask it, never called.
	ActivationStatus, ActivationPage string
	SecondSpaceName                  []string // name of the user that is the second space
	DualAppsUser                     int      // user that dual apps run as, 0 if there are no dual apps
	// MaintenanceApps are the apps of the maker's own repair mode, whose space is a
	// user of its own; nil if no such user is known. From MaintenanceInside on it is a part of
	// another app, so that no app of its own shows it.
	MaintenanceApps   []string
	MaintenanceInside int

	// Pages are the pages that hold what a person must change, by lock ID,
	// where they differ from the lock's own.
	Pages map[string]*Command
	// ResetWays are the ways to reset, best first, by the names of package reset.
	ResetWays []string
}

// Vendors is the table of vendors. The first row whose signs show is it; the
// last one is plain Android and has no signs.
//
// The first row rests on 42 getprop captures of MIUI 9 to HyperOS 3 (38 had
// ro.fota.oem and ro.ril.miui.imei0; see testdata).
var Vendors = []*VendorRow{
	{
		Name: "Xiaomi",
		Signs: map[string][]string{
			"ro.product.manufacturer":        {"xiaomi"},
			"ro.product.vendor.manufacturer": {"xiaomi"},
			"ro.product.brand":               {"xiaomi", "redmi", "poco"},
			"ro.fota.oem":                    {"xiaomi"},
			"ro.miui.ui.version.name":        {""},
			"ro.mi.os.version.name":          {""},
		},
		IMEIProperties:   xiaomiIMEI,
		IMEIService:      true,
		MEID:             []string{"ro.ril.oem.meid", "persist.radio.meid", "ro.vendor.oem.meid"},
		SN:               []string{"ro.ril.oem.psno", "ro.vendor.oem.psno", "ro.vendor.ril.oem.psno", "persist.odm.ril.oem.psno"},
		SNShape:          `^[0-9A-Z]{5}/[0-9A-Z]{9}$`,
		BoardSN:          []string{"ro.ril.oem.sno", "ro.vendor.oem.sno"},
		WhereIMEI:        "identity.imei.where.specifications",
		OwnOS:            true,
		Region:           []string{"ro.miui.region"},
		MarketName:       []string{"ro.product.marketname", "ro.product.odm.marketname", "ro.product.vendor.marketname"},
		CodeModel:        []string{"ro.product.cert", "ro.boot.cert"},
		MiAccountTypes:   []string{"com.xiaomi"},
		Unlink:           "account.mi.unlinked.how",
		ActivationStatus: "https://i.mi.com/support/anonymous/status",
		ActivationPage:   "https://i.mi.com/find/device/activationlock",
		SecondSpaceName:  []string{"security space"},
		DualAppsUser:     999,
		// From the maker's apps, decompiled: before Android 14 its own app,
		// from then on inside com.miui.securitycore. What its user is called, and
		// which number it has, is not known.
		MaintenanceApps: []string{"com.miui.maintenancemode"}, MaintenanceInside: 34,
		Pages:     map[string]*Command{check.AccountMiSignedOut: OpenMiAccount, check.LockFindDeviceOff: OpenMiAccount},
		ResetWays: []string{"recovery", "settings", "by-hand"},
	},
	{
		Name:           "Google",
		Signs:          map[string][]string{"ro.product.manufacturer": {"google"}},
		IMEIProperties: plainIMEI,
		IMEIService:    true,
		WhereIMEI:      plainWhere,
		ResetWays:      []string{"bench", "by-hand"},
	},
	{
		// From public answers of pm list users: UserInfo{95:DUAL_APP:20000030},
		// whose flags are those of a work profile. Its numbers of the telephony
		// service are shifted from Android 11 on (micro5k).
		Name:           "Samsung",
		Signs:          map[string][]string{"ro.product.manufacturer": {"samsung"}},
		IMEIProperties: plainIMEI,
		WhereIMEI:      plainWhere,
		DualAppsUser:   95,
		ResetWays:      []string{"bench", "by-hand"},
	},
	{
		Name:           "Unknown",
		NoMaker:        true,
		IMEIProperties: slices.Concat(xiaomiIMEI, plainIMEI),
		WhereIMEI:      plainWhere,
		OwnOS:          true,
		MiAccountTypes: []string{"com.xiaomi"},

		SecondSpaceName: []string{"security space"},
		DualAppsUser:    999,
		MaintenanceApps: []string{"com.miui.maintenancemode"}, MaintenanceInside: 34,

		ResetWays: []string{"by-hand"},
	},
	{
		Name:           "Android",
		IMEIProperties: plainIMEI,
		WhereIMEI:      plainWhere,
		ResetWays:      []string{"bench", "by-hand"},
	},
}

// xiaomiIMEI is in the order of how many of 42 captures have each: 38 the
// first, 1 or 2 the last ones.
var xiaomiIMEI = [][]string{
	{"ro.ril.miui.imei0", "ro.ril.miui.imei1"},
	{"ro.ril.oem.imei1", "ro.ril.oem.imei2"},
	{"ro.ril.oem.imei"},
	{"persist.radio.imei1", "persist.radio.imei2"},
	{"persist.radio.imei"},
	{"ro.vendor.oem.imei1", "ro.vendor.oem.imei2"},
	{"ro.vendor.oem.imei"},
	{"ro.vendor.ril.oem.imei1", "ro.vendor.ril.oem.imei2"},
	{"persist.odm.ril.oem.imei1", "persist.odm.ril.oem.imei2"},
	{"persist.vendor.radio.imei1", "persist.vendor.radio.imei2"},
}

// plainIMEI are properties that some vendors' radios set (micro5k's device-info).
var plainIMEI = [][]string{
	{"persist.radio.imei1", "persist.radio.imei2"},
	{"persist.radio.imei"},
	{"gsm.baseband.imei"},
	{"ro.gsm.imei"},
	{"gsm.imei"},
	{"ril.imei"},
}

const plainWhere message.ID = "identity.imei.where.about-phone"

// Vendor returns the row of the vendor that made the handset with properties p.
// It is never nil.
func Vendor(p dump.Properties) *VendorRow {
	for _, v := range Vendors[:len(Vendors)-1] {
		if v.NoMaker && strings.TrimSpace(p["ro.product.manufacturer"]) == "" {
			return v
		}
		for key, values := range v.Signs {
			got := strings.TrimSpace(p[key])
			for _, want := range values {
				if got != "" && (want == "" || strings.EqualFold(got, want)) {
					return v
				}
			}
		}
	}
	return Vendors[len(Vendors)-1]
}

// flagPrimary is UserInfo's flag of the owner.
const flagPrimary = 0x1

// kindOf returns the purpose of a user. The second space carries the owner's own
// "primary" flag beside its name, and its name may have been changed.
func kindOf(u dump.User, v *VendorRow) string {
	switch {
	case u.ID == 0:
		return dump.UserOwner
	case u.ID == v.DualAppsUser:
		return dump.UserDualApps
	case u.Managed():
		return dump.UserWorkProfile
	case slices.Contains(v.SecondSpaceName, u.Name), len(v.SecondSpaceName) > 0 && u.Flags&flagPrimary != 0:
		return dump.UserSecondSpace
	}
	return dump.UserSecondary
}
