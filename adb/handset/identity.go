package handset

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/imei"
	"preship/report/message"
	"preship/report/pattern"
)

// Kinds of handset.
const (
	KindDevice   = "device"
	KindEmulator = "emulator" // or an emulated handset: nothing it says is about a real one
)

// Identity describes which handset this is. Every value says where it comes from, or why
// it is not known.
type Identity struct {
	Kind   string // KindDevice or KindEmulator
	Vendor *VendorRow
	Notes  []Note // what the values do not say: contradictions, numbers passed over

	Serial    Fact       // the serial number adb shows
	IMEIs     List[IMEI] // known and empty: see NoModem
	ModemSign string     // the property that shows a modem, "" where there is no sign
	MEID      Fact
	SN        Fact // retail serial number, as on the box
	BoardSN   Fact
	CPUID     Fact

	Manufacturer, Brand, Model, MarketName Fact
	Codename                               Fact // of this model: "sunny"
	ModDevice                              Fact // what the recovery answers to getdevice:, may be a sister model: "mojito_global"

	OS            OS
	Build         Fact // ro.build.version.incremental
	Fingerprint   Fact
	Android       Fact // release
	SDK           Fact
	SecurityPatch Fact
	Region        Fact // of the OS
	HWC           Fact // of the hardware
	Locale        Fact

	System       Fact             // SystemOwn or SystemForeign: without the former, what properties say of locks proves nothing
	Bootloader   Fact             // "locked" or "unlocked"
	VerifiedBoot Fact             // "green", "yellow", "orange", "red"
	Encryption   Fact             // "file", "block" or "none"
	OtherMaker   message.Sentence // what shows another maker's hardware under this vendor's system; empty where there is no sign
	RootSign     Fact             // NoRootSeen, or a sign: "su at /system/xbin/su", "built with test keys", …
	OEMUnlock    Fact             // "1": the OEM-unlock switch is on, "0": off
	Managed      Fact             // "true": an organisation owns the handset; "false" is only a hint that the owner does
	AdbInput     Fact             // "on" or "off": USB debugging (Security settings)

	Battery List[dump.Battery] // one item
	Disk    List[dump.Disk]    // one item: the data partition
	SIMs    List[SIM]          // one for each slot
	ESIM    Fact               // "used" or "never used"
	Volumes List[dump.Volume]
	Users   List[dump.User]
}

// Note is something a person should know about a value.
type Note struct {
	Field string // JSON name of the value: "imei"
	Text  message.Sentence
	Warn  bool     // contradicts something that is shown
	Refs  []string // evidence of what contradicts it
}

// Identify asks a handset who it is. The error is only for a handset that could
// not be asked at all, or whose properties are no properties; everything else
// that fails leaves a value unknown, with the reason.
func Identify(ctx context.Context, r Reader) (Identity, error) {
	a, err := ask(ctx, r, GetProp.Must())
	if err != nil {
		return Identity{}, err
	}
	p, err := dump.ParseProperties(a.Stdout)
	if err != nil {
		return Identity{}, err
	}
	id := fromProperties(p, a.Ref)
	var notes []Note
	id.IMEIs, notes = imeisOf(ctx, r, p, a.Ref, id.Vendor)
	id.Notes = append(id.Notes, notes...)
	if id.NoModem() && !id.SIMs.Known() {
		id.SIMs = List[SIM]{Source: id.IMEIs.Source, Saw: id.IMEIs.Saw, Ref: id.IMEIs.Ref}
	}
	if !id.CPUID.Known() {
		id.CPUID = askText(ctx, r, ProcSerial.Must(), cpuID)
	}
	id.RootSign = id.trusted(rootSign(ctx, r, p, a.Ref), NoRootSeen)
	id.Battery = askOne(ctx, r, DumpBattery.Must(), dump.ParseBattery)
	if id.Disk = askOne(ctx, r, DiskFree.Must("/data"), dump.ParseDF); !id.Disk.Known() {
		id.Disk = askOne(ctx, r, DiskFree.Must("/sdcard"), dump.ParseDF)
	}
	id.ESIM = askText(ctx, r, EUICC.Must(), esimState)
	id.ESIM.Saw = esimWords[id.ESIM.Value]
	id.Volumes = AskList(ctx, r, ListVolumes.Must(), dump.ParseVolumes)
	id.Users = AskUsers(ctx, r, id.Vendor)
	return id, ctx.Err()
}

// fromProperties fills what the properties alone establish.
func fromProperties(p dump.Properties, ref string) Identity {
	v := Vendor(p)
	id := Identity{
		Kind: KindDevice, Vendor: v,
		Serial: serialOf(p, ref), ModemSign: modemSign(p, v),
		MEID: agreed(p, ref, imei.IsMEID, v.MEID...),
		SN:   agreed(p, ref, written(shaped(v.SNShape)), v.SN...), BoardSN: agreed(p, ref, nil, v.BoardSN...),
		CPUID:        factOf(p, ref, "ro.boot.cpuid"),
		Manufacturer: factOf(p, ref, "ro.product.manufacturer"), Brand: factOf(p, ref, "ro.product.brand"),
		Model: factOf(p, ref, "ro.product.model"), MarketName: marketName(p, ref, v),
		Codename: factOf(p, ref, "ro.product.device", "ro.product.vendor.device"), ModDevice: factOf(p, ref, "ro.product.mod_device"),
		OS: systemOf(p, ref, v), Build: factOf(p, ref, buildName), Fingerprint: factOf(p, ref, "ro.build.fingerprint"),
		Android: factOf(p, ref, "ro.build.version.release"), SDK: factOf(p, ref, "ro.build.version.sdk"), SecurityPatch: factOf(p, ref, "ro.build.version.security_patch"),
		Region: factOf(p, ref, v.Region...), HWC: factOf(p, ref, "ro.boot.hwc"), Locale: factOf(p, ref, "persist.sys.locale", "ro.product.locale"),
		Bootloader: bootloaderOf(p, ref), VerifiedBoot: factOf(p, ref, "ro.boot.verifiedbootstate"), Encryption: encryptionOf(p, ref),
		OEMUnlock: factOf(p, ref, "sys.oem_unlock_allowed"), Managed: managed(p, ref), AdbInput: adbInput(p, ref),
		SIMs: simsOf(p, ref),
	}
	if slices.ContainsFunc(emulatorSigns, func(key string) bool { return strings.TrimSpace(p[key]) == "1" }) {
		id.Kind = KindEmulator
	}
	id.System = systemOrigin(p, ref, v)
	id.OtherMaker = hardwareSign(p)
	id.Bootloader = id.trusted(id.Bootloader, "locked")
	id.VerifiedBoot = id.trusted(id.VerifiedBoot, "green")
	id.OEMUnlock = id.trusted(id.OEMUnlock, "0")
	return id
}

var emulatorSigns = []string{"ro.preship.emulated", "ro.kernel.qemu", "ro.boot.qemu"}

// fact returns the first of keys that has a value.
func factOf(p dump.Properties, ref string, keys ...string) Fact {
	why := message.Say("identity.why.no-property")
	for i, key := range keys {
		value, reason := p.Text(key)
		if value != "" {
			return Fact{Value: value, Source: key, Ref: ref}
		}
		if i == 0 {
			why = reason
		}
	}
	return Fact{Unknown: why, Ref: ref}
}

// agreed returns the first valid value of keys, unless another valid one differs.
func agreed(p dump.Properties, ref string, valid func(string) bool, keys ...string) Fact {
	f := factOf(p, ref, keys...)
	f.Value, f.Source = "", ""
	for _, key := range keys {
		value, _ := p.Text(key)
		switch {
		case value == "":
		case valid != nil && !valid(value):
			f.Unknown = message.Say("identity.why.form", "name", key, "value", strconv.Quote(value))
		case f.Value == "":
			f.Value, f.Source = value, key
		case value != f.Value:
			return Fact{Unknown: message.Say("identity.why.differ", "name", f.Source, "value", f.Value, "other", key, "another", value), Ref: ref}
		}
	}
	if f.Value != "" {
		f.Unknown = message.Sentence{}
	}
	return f
}

// serialOf returns the serial number that adb shows too. Some handsets lose its
// leading zero on the way from the bootloader (2 of 42 captures).
func serialOf(p dump.Properties, ref string) Fact {
	const shown, booted = "ro.serialno", "ro.boot.serialno"
	value, _ := p.Text(shown)
	boot, _ := p.Text(booted)
	if value != "" && strings.TrimLeft(boot, "0") == strings.TrimLeft(value, "0") {
		return Fact{Value: value, Source: shown, Ref: ref}
	}
	return agreed(p, ref, nil, shown, booted)
}

// shaped returns a test for the form, nil for "" (no form is known).
func shaped(form string) func(string) bool {
	if form == "" {
		return nil
	}
	return regexp.MustCompile(form).MatchString
}

// written is valid, but for a number of zeros only: the place was never written.
func written(valid func(string) bool) func(string) bool {
	return func(s string) bool {
		return strings.Trim(s, "0/") != "" && (valid == nil || valid(s))
	}
}

// modelCode is the form of a model code. Market names have spaces or small letters.
var modelCode = pattern.New(`^[0-9A-Z]{5,}$`)

// codenames are properties that hold the codename. A market name equal to one was
// filled in by a port, and says nothing to a person.
var codenames = []string{"ro.product.device", "ro.product.vendor.device", "ro.product.mod_device"}

func isCodename(p dump.Properties, name string) bool {
	return slices.ContainsFunc(codenames, func(key string) bool { return strings.EqualFold(strings.TrimSpace(p[key]), name) })
}

// marketName: where a model code is beside ro.product.model and the latter
// is not a market name itself, it is the name on the box ("Redmi 8A"; MIUI before 12).
func marketName(p dump.Properties, ref string, v *VendorRow) Fact {
	f := factOf(p, ref, v.MarketName...)
	for _, key := range v.MarketName {
		name := factOf(p, ref, key)
		if name.Known() && !isCodename(p, name.Value) {
			return name
		}
		if name.Known() {
			f = Fact{Unknown: message.Say("identity.why.codename", "name", key), Ref: ref}
		}
	}
	model := factOf(p, ref, "ro.product.model")
	if code := factOf(p, ref, v.CodeModel...); code.Known() && model.Known() && code.Value != model.Value && !modelCode().MatchString(model.Value) && !isCodename(p, model.Value) {
		return model
	}
	return f
}

// managed: either property says that an organisation owns the handset.
func managed(p dump.Properties, ref string) Fact {
	f := factOf(p, ref, "ro.organization_owned", "ro.device_owner")
	if other := factOf(p, ref, "ro.device_owner"); other.Value == "true" {
		return other
	}
	return f
}

// adbInput: absent is neither on nor off (9 of 42 captures lack it).
func adbInput(p dump.Properties, ref string) Fact {
	const key = "persist.security.adbinput"
	switch value, why := p.Text(key); value {
	case "1":
		return Fact{Value: "on", Source: key, Ref: ref}
	case "0":
		return Fact{Value: "off", Source: key, Ref: ref}
	case "":
		return Fact{Unknown: why, Ref: ref}
	default:
		return Fact{Unknown: message.Say("identity.why.says", "name", key, "value", value), Ref: ref}
	}
}

// States of a SIM slot.
const (
	SIMPresent = "present"
	SIMAbsent  = "absent"
	SIMUnknown = "unknown"
)

// SIM is one SIM slot.
type SIM struct {
	Slot  int    // from 0
	State string // SIMPresent, SIMAbsent or SIMUnknown
	Raw   string // as the handset says it: "LOADED"
}

// simStates are the states of TelephonyManager that tell whether a card is
// there. NOT_READY and UNKNOWN do not: a slot that is switched off says so too.
var simStates = map[string]string{
	"ABSENT": SIMAbsent, "LOADED": SIMPresent, "READY": SIMPresent, "IMSI": SIMPresent,
	"PIN_REQUIRED": SIMPresent, "PUK_REQUIRED": SIMPresent, "NETWORK_LOCKED": SIMPresent,
	"PERM_DISABLED": SIMPresent, "CARD_IO_ERROR": SIMPresent, "CARD_RESTRICTED": SIMPresent,
}

// simsOf reads the SIM slots' states.
func simsOf(p dump.Properties, ref string) List[SIM] {
	const key = "gsm.sim.state"
	value, why := p.Text(key)
	if value == "" {
		return List[SIM]{Unknown: why, Ref: ref}
	}
	list := List[SIM]{Source: key, Ref: ref}
	for slot, state := range strings.Split(value, ",") {
		sim := SIM{Slot: slot, State: simStates[state], Raw: state}
		if sim.State == "" {
			sim.State = SIMUnknown
		}
		list.Items = append(list.Items, sim)
	}
	if len(list.Items) > 4 {
		return List[SIM]{Unknown: message.Say("identity.why.slots", "name", key, "number", strconv.Itoa(len(list.Items))), Ref: ref}
	}
	return list
}
