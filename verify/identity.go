package verify

import (
	"fmt"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Identity makes the object that scripts read of the known facts of a handset, and
// compares it with what the papers claim. Every value that is not known is null
// and has a finding with the reason. The handset's serial is the one it gives
// itself; a caller that reached it under another one sets that.
func Identity(id handset.Identity, claims Claims) (report.Handset, []report.Finding) {
	fs := newFindings()
	h := report.Handset{Serial: id.Serial.Value, Kind: report.KindDevice}
	if id.Kind != handset.KindDevice {
		h.Kind = report.KindEmulator
		fs.add(check.IdentityKind, report.StatusWarn, "identity.kind.emulated", id.Kind)
	}
	if !id.Serial.Known() {
		fs.untold(check.IdentitySerial, "identity.fact.serial", id.Serial.Unknown, id.Serial.Ref)
	}
	fs.imeis(&h, id, claims)
	fs.fill(&h, id)
	fs.claimedSN(id.SN, claims.SN)
	fs.protection(&h, id)
	fs.notes(id)
	fs.parts(&h, id)
	return h, fs.list
}

// protection adds the findings on the bootloader, the encryption and root.
func (fs *findings) protection(h *report.Handset, id handset.Identity) {
	if l := locks.ByID(locks.System); l.Concerns(id) {
		fs.lock(l, locks.ReadSystem(id), id)
	}
	h.Bootloader, h.Encryption = report.Unknown, report.Unknown
	switch f := id.Bootloader; f.Value {
	case report.BootloaderLocked:
		h.Bootloader = f.Value
		fs.add(check.IdentityBootloader, report.StatusPass, "identity.bootloader.locked", f.Source, f.Ref)
	case report.BootloaderUnlocked:
		h.Bootloader = f.Value
		fs.add(check.IdentityBootloader, report.StatusWarn, "identity.bootloader.unlocked", f.Source, f.Ref)
	default:
		fs.untrusted(id, check.IdentityBootloader, "identity.fact.bootloader", f.Unknown, f.Ref)
	}
	switch f := id.Encryption; f.Value {
	case report.EncryptionFile, report.EncryptionBlock:
		h.Encryption = f.Value
		fs.add(check.IdentityEncryption, report.StatusPass, "identity.encryption.on", f.Value, f.Ref)
	case report.EncryptionNone:
		h.Encryption = f.Value
		fs.add(check.IdentityEncryption, report.StatusWarn, "identity.encryption.off", f.Value, f.Ref)
	default:
		fs.untold(check.IdentityEncryption, "identity.fact.encryption", f.Unknown, f.Ref)
	}
	fs.root(id)
	switch flashed, known, reason := id.RegionFlashed(); {
	case id.PlainEmulator():
	case id.System.Value != handset.SystemOwn:
		fs.untrusted(id, check.IdentityRegionFlashed, "identity.fact.region-fits", reason, id.HWC.Ref, id.Build.Ref)
	case known && flashed:
		fs.add(check.IdentityRegionFlashed, report.StatusWarn, "identity.region-flashed.other", reason, id.HWC.Ref, id.Build.Ref)
	case known:
		fs.add(check.IdentityRegionFlashed, report.StatusPass, "identity.region-flashed.same", reason, id.HWC.Ref, id.Build.Ref)
	default:
		fs.add(check.IdentityRegionFlashed, report.StatusUnknown, "identity.region-flashed.unknown", reason, id.HWC.Ref, id.Build.Ref)
	}
	if f := id.AdbInput; f.Value == "off" {
		fs.add(check.IdentitySecuritySettings, report.StatusWarn, "identity.security-settings.off", f.Source, f.Ref)
	}
}

func (fs *findings) root(id handset.Identity) {
	switch f := id.RootSign; {
	case f.Value == handset.NoRootSeen:
		fs.add(check.IdentityRoot, report.StatusPass, "identity.root.not-seen", f.Source, f.Ref)
	case f.Known():
		fs.add(check.IdentityRoot, report.StatusWarn, "identity.root.seen", f.Value, f.Ref)
	default:
		fs.untrusted(id, check.IdentityRoot, "identity.fact.root", f.Unknown, f.Ref)
	}
}

// untold says of one thing that the handset does not tell it, with the reason
// kept for whoever wants to know.
func (fs *findings) untold(id string, what message.ID, reason string, refs ...string) *report.Finding {
	return fs.tell(id, report.StatusUnknown, message.Say("identity.unknown", "what", message.Say(what)), why(reason), refs...)
}

// untrusted is untold for an answer that another system than the maker's can fake:
// where the system is not the maker's, that is why nothing is known.
func (fs *findings) untrusted(id handset.Identity, asked string, what message.ID, reason string, refs ...string) *report.Finding {
	switch {
	case id.System.Value == handset.SystemOwn || id.PlainEmulator():
		return fs.untold(asked, what, reason, refs...)
	case id.System.Known():
		return fs.tell(asked, report.StatusUnknown, message.Say("identity.unknown.other-system", "what", message.Say(what)), why(reason), refs...)
	}
	return fs.tell(asked, report.StatusUnknown, message.Say("identity.unknown.maybe-other-system", "what", message.Say(what)), why(reason), refs...)
}

// notes passes on what the values do not say. Notes on the IMEI stand there.
func (fs *findings) notes(id handset.Identity) {
	for _, n := range id.Notes {
		if n.Warn && n.Field != "imei" {
			fs.tell(check.IdentityContradiction, report.StatusWarn, message.Say("identity.contradiction.seen", "field", n.Field), n.Text, n.Refs...)
		}
	}
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
	observed := fmt.Sprintf("%d %%, health %q, %.1f °C", b.Level, b.Health, b.Celsius)
	switch {
	case b.Health != "" && b.Health != "good":
		fs.tell(check.IdentityBattery, report.StatusWarn, message.Say("identity.battery.unwell", "health", b.Health), observed, ref)
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
