package verify

import (
	"math"
	"strconv"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// scalar is one single value of the identity: where it is known from, and where
// it is in the object scripts read.
type scalar struct {
	id   string
	what message.ID // as in "the handset does not say …"
	from func(handset.Identity) handset.Fact
	to   func(*report.Handset, *string)
}

// scalars is the table of them. A value that is not known stays null and gets a
// finding under this ID, with the reason.
var scalars = []scalar{
	{check.IdentityMEID, "identity.fact.meid", func(id handset.Identity) handset.Fact { return id.MEID }, func(h *report.Handset, v *string) { h.MEID = v }},
	{check.IdentityBoardSN, "identity.fact.mainboard-serial", func(id handset.Identity) handset.Fact { return id.BoardSN }, func(h *report.Handset, v *string) { h.BoardSN = v }},
	{check.IdentityManufacturer, "identity.fact.manufacturer", func(id handset.Identity) handset.Fact { return id.Manufacturer }, func(h *report.Handset, v *string) { h.Manufacturer = v }},
	{check.IdentityModel, "identity.fact.model", func(id handset.Identity) handset.Fact { return id.Model }, func(h *report.Handset, v *string) { h.Model = v }},
	{check.IdentityMarketName, "identity.fact.market-name", func(id handset.Identity) handset.Fact { return id.MarketName }, func(h *report.Handset, v *string) { h.MarketName = v }},
	{check.IdentityCodename, "identity.fact.codename", func(id handset.Identity) handset.Fact { return id.Codename }, func(h *report.Handset, v *string) { h.Codename = v }},
	{check.IdentityOSName, "identity.fact.os-name", func(id handset.Identity) handset.Fact { return id.OS.Name }, func(h *report.Handset, v *string) { h.OS.Name = v }},
	{check.IdentityOSVersion, "identity.fact.os-version", func(id handset.Identity) handset.Fact { return id.OS.Version }, func(h *report.Handset, v *string) { h.OS.Version = v }},
	{check.IdentityAndroidRelease, "identity.fact.android", func(id handset.Identity) handset.Fact { return id.Android }, func(h *report.Handset, v *string) { h.Android.Release = v }},
	{check.IdentityAndroidSecurityPatch, "identity.fact.security-patch", func(id handset.Identity) handset.Fact { return id.SecurityPatch }, func(h *report.Handset, v *string) { h.Android.SecurityPatch = v }},
	{check.IdentityFingerprint, "identity.fact.fingerprint", func(id handset.Identity) handset.Fact { return id.Fingerprint }, func(h *report.Handset, v *string) { h.Fingerprint = v }},
	{check.IdentityRegion, "identity.fact.os-region", func(id handset.Identity) handset.Fact { return id.Region }, func(h *report.Handset, v *string) { h.Region = v }},
	{check.IdentityHWC, "identity.fact.hardware-region", func(id handset.Identity) handset.Fact { return id.HWC }, func(h *report.Handset, v *string) { h.HWC = v }},
	{check.IdentityVerifiedBoot, "identity.fact.verified-boot", func(id handset.Identity) handset.Fact { return id.VerifiedBoot }, func(h *report.Handset, v *string) { h.VerifiedBoot = v }},
	{check.IdentitySN, "identity.fact.retail-serial", func(id handset.Identity) handset.Fact { return id.SN }, func(h *report.Handset, v *string) {
		if v != nil {
			h.SN = &report.SN{Value: *v}
		}
	}},
	{check.IdentityAndroidSDK, "identity.fact.api-level", func(id handset.Identity) handset.Fact { return apiLevel(id.SDK) }, func(h *report.Handset, v *string) {
		if v != nil {
			n, _ := strconv.Atoi(*v) // apiLevel let only numbers through
			h.Android.SDK = &n
		}
	}},
	{check.IdentityBatteryHealth, "identity.fact.battery-health", batteryHealth, func(h *report.Handset, v *string) { h.Battery.Health = v }},
}

// apiLevel is the fact, or why it is no API level.
func apiLevel(f handset.Fact) handset.Fact {
	if n, err := strconv.Atoi(f.Value); f.Known() && (err != nil || n <= 0) {
		return handset.Fact{Unknown: message.Say("identity.why.not-level", "name", f.Source, "value", strconv.Quote(f.Value)), Ref: f.Ref}
	}
	return f
}

func batteryHealth(id handset.Identity) handset.Fact {
	f := handset.Fact{Unknown: id.Battery.Unknown, Ref: id.Battery.Ref}
	if id.Battery.Known() && len(id.Battery.Items) == 1 {
		f.Value, f.Unknown = id.Battery.Items[0].Health, message.Say("identity.why.not-told")
	}
	return f
}

// newer says that the handset's Android is newer than the versions known here.
func (fs *findings) newer(id handset.Identity) {
	level, err := strconv.Atoi(id.SDK.Value)
	if err != nil || level <= handset.NewestSDK {
		return
	}
	f := fs.see(check.IdentityAndroidSDK, report.StatusWarn, message.Say("identity.android.sdk.newer", "level", strconv.Itoa(level), "newest", strconv.Itoa(handset.NewestSDK)), words(id.SDK.Value), id.SDK.Ref)
	f.Advise(message.Say("identity.android.sdk.newer.remedy"))
}

// fill takes over every scalar, and says of each unknown one why it is.
func (fs *findings) fill(h *report.Handset, id handset.Identity) {
	for _, s := range scalars {
		f := s.from(id)
		if f.Known() {
			v := f.Value
			s.to(h, &v)
			continue
		}
		s.to(h, nil)
		fs.untold(s.id, s.what, f.Unknown, f.Ref)
	}
	if h.SN != nil {
		h.SN.Source = id.SN.Source
	}
}

// why is the reason of an unknown, never empty.
func why(reason message.Sentence) message.Sentence {
	if reason.Empty() {
		return message.Say("identity.why.not-told")
	}
	return reason
}

// parts takes over battery, storage, SIM slots and users.
func (fs *findings) parts(h *report.Handset, id handset.Identity) {
	if b := id.Battery; b.Known() && len(b.Items) == 1 {
		level, celsius := b.Items[0].Level, b.Items[0].Celsius
		h.Battery.Level, h.Battery.TemperatureC = &level, &celsius
		fs.battery(b.Items[0], b.Ref)
	} else {
		fs.untold(check.IdentityBattery, "identity.fact.battery", b.Unknown, b.Ref)
	}
	if d := id.Disk; d.Known() && len(d.Items) == 1 {
		used, free := d.Items[0].Used, d.Items[0].Free
		h.Storage = report.Storage{Used: &used, Free: &free}
	} else {
		fs.untold(check.IdentityStorage, "identity.fact.storage", d.Unknown, d.Ref)
	}
	if id.SIMs.Known() {
		h.SIMs = []report.SIM{}
		for _, s := range id.SIMs.Items {
			h.SIMs = append(h.SIMs, report.SIM{Slot: s.Slot + 1, State: s.Raw})
		}
	} else {
		fs.untold(check.IdentitySIMs, "identity.fact.sims", id.SIMs.Unknown, id.SIMs.Ref)
	}
	if id.Users.Known() {
		h.Users = usersOf(id.Users.Items)
	} else {
		fs.untold(check.IdentityUsers, "identity.fact.users", id.Users.Unknown, id.Users.Ref)
	}
}

// hot is the temperature from which a battery that is not being charged fast is
// not well.
const hot = 50

// battery adds the finding on a battery that should not travel as it is.
func (fs *findings) battery(b dump.Battery, ref string) {
	observed := message.Say("identity.saw.battery", "level", strconv.Itoa(b.Level), "health", strconv.Quote(b.Health), "celsius", message.Decimal(int64(math.Round(b.Celsius*10))))
	switch {
	case b.Health != "" && b.Health != "good":
		fs.see(check.IdentityBattery, report.StatusWarn, message.Say("identity.battery.unwell", "health", b.Health), observed, ref)
	case b.Celsius >= hot:
		fs.add(check.IdentityBattery, report.StatusWarn, "identity.battery.hot", observed, ref)
	}
}

func usersOf(users []dump.User) []report.User {
	out := []report.User{}
	for _, u := range users {
		running := u.Running
		r := report.User{ID: u.ID, Kind: u.Kind, Running: &running}
		if name := dump.Printable([]byte(u.Name), 100); name != "" && name != "null" {
			r.Name = &name
		}
		out = append(out, r)
	}
	return out
}
