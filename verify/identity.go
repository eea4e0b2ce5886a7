package verify

import (
	"fmt"

	"preship/adb/handset"
	"preship/report"
)

// Identity turns what is known of a handset into the object scripts read, and
// compares it with what the papers claim. Every value that is not known is null
// and has a finding with the reason. The handset's serial is the one it gives
// itself; a caller that reached it under another one sets that.
func Identity(id handset.Identity, claims Claims) (report.Handset, []report.Finding) {
	fs := newFindings()
	h := report.Handset{Serial: id.Serial.Value, Kind: report.KindDevice}
	if id.Kind != handset.KindDevice {
		h.Kind = report.KindEmulator
		fs.add("identity.kind", report.StatusWarn, "this is an emulator or an emulated handset: nothing it says is about a real one", id.Kind)
	}
	if !id.Serial.Known() {
		fs.untold("identity.serial", "its own serial number", id.Serial.Unknown, id.Serial.Ref)
	}
	fs.imeis(&h, id, claims)
	fs.fill(&h, id)
	fs.claimedSN(id.SN, claims.SN)
	fs.protection(&h, id)
	fs.notes(id)
	fs.parts(&h, id)
	return h, fs.list
}

// protection tells of the bootloader, the encryption and root.
func (fs *findings) protection(h *report.Handset, id handset.Identity) {
	if l := handset.LockByID(handset.LockSystem); l.Concerns(id) {
		fs.lock(l, id.SystemLock(), id)
	}
	h.Bootloader, h.Encryption = report.Unknown, report.Unknown
	switch f := id.Bootloader; f.Value {
	case report.BootloaderLocked:
		h.Bootloader = f.Value
		fs.add("identity.bootloader", report.StatusPass, "the bootloader is locked", f.Source, f.Ref)
	case report.BootloaderUnlocked:
		h.Bootloader = f.Value
		fs.add("identity.bootloader", report.StatusWarn, "the bootloader is unlocked: cover may be refused, and data can be read by whoever holds the handset", f.Source, f.Ref)
	default:
		fs.untrusted(id, "identity.bootloader", "whether its bootloader is locked", f.Unknown, f.Ref)
	}
	switch f := id.Encryption; f.Value {
	case report.EncryptionFile, report.EncryptionBlock:
		h.Encryption = f.Value
		fs.add("identity.encryption", report.StatusPass, "the storage is encrypted", f.Value, f.Ref)
	case report.EncryptionNone:
		h.Encryption = f.Value
		fs.add("identity.encryption", report.StatusWarn, "the storage is not encrypted: what a reset deletes can be recovered", f.Value, f.Ref)
	default:
		fs.untold("identity.encryption", "whether its storage is encrypted", f.Unknown, f.Ref)
	}
	fs.root(id)
	switch flashed, known, reason := id.RegionFlashed(); {
	case id.System.Value != handset.SystemOwn && id.HWC.Known():
		fs.untrusted(id, "identity.region-flashed", "whether its OS was made for the hardware's region", reason, id.HWC.Ref, id.Build.Ref)
	case known && flashed:
		fs.add("identity.region-flashed", report.StatusWarn, "the OS was made for another region than the hardware: cover may be refused", reason, id.HWC.Ref, id.Build.Ref)
	case known:
		fs.add("identity.region-flashed", report.StatusPass, "the OS was made for the hardware's region", reason, id.HWC.Ref, id.Build.Ref)
	}
	if f := id.AdbInput; f.Value == "off" {
		fs.add("identity.security-settings", report.StatusWarn, "USB debugging (Security settings) is off: contacts and messages cannot be copied like this", f.Source, f.Ref)
	}
}

func (fs *findings) root(id handset.Identity) {
	switch f := id.RootSign; {
	case f.Value == handset.NoRootSeen:
		fs.add("identity.root", report.StatusPass, "no sign of root was seen", f.Source, f.Ref)
	case f.Known():
		fs.add("identity.root", report.StatusWarn, "the handset may be rooted, or runs a system that is not its maker's", f.Value, f.Ref)
	default:
		fs.untrusted(id, "identity.root", "whether it is rooted", f.Unknown, f.Ref)
	}
}

// untold says of one thing that the handset does not tell it, with the reason
// kept for whoever wants to know.
func (fs *findings) untold(id, what, reason string, refs ...string) *report.Finding {
	return fs.tell(id, report.StatusUnknown, report.Say("the handset does not tell %s", report.Say(what)), why(reason), refs...)
}

// untrusted is untold for an answer that another system than the maker's can fake:
// where the system is not the maker's, that is why nothing is known.
func (fs *findings) untrusted(id handset.Identity, check, what, reason string, refs ...string) *report.Finding {
	switch {
	case id.System.Value == handset.SystemOwn || id.PlainEmulator():
		return fs.untold(check, what, reason, refs...)
	case id.System.Known():
		return fs.tell(check, report.StatusUnknown, report.Say("it is not known %s: the system is not its maker's", report.Say(what)), why(reason), refs...)
	}
	return fs.tell(check, report.StatusUnknown, report.Say("it is not known %s: the system may not be its maker's", report.Say(what)), why(reason), refs...)
}

// notes passes on what the values do not say. Notes on the IMEI stand there.
func (fs *findings) notes(id handset.Identity) {
	for _, n := range id.Notes {
		if n.Warn && n.Field != "imei" {
			fs.tell("identity.contradiction", report.StatusWarn, report.Say("the handset contradicts itself about its %s", n.Field), n.Text, n.Refs...)
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
		fs.untold("identity.battery", "the state of its battery", b.Unknown, b.Ref)
	}
	if d := id.Disk; d.Known() && len(d.Items) == 1 {
		used, free := d.Items[0].Used, d.Items[0].Free
		h.Storage = report.Storage{Used: &used, Free: &free}
	} else {
		fs.untold("identity.storage", "how much of its storage is used", d.Unknown, d.Ref)
	}
	if id.SIMs.Known() {
		h.SIMs = []report.SIM{}
		for _, s := range id.SIMs.Items {
			h.SIMs = append(h.SIMs, report.SIM{Slot: s.Slot + 1, State: s.Raw})
		}
	} else {
		fs.untold("identity.sims", "the state of its SIM slots", id.SIMs.Unknown, id.SIMs.Ref)
	}
	if id.Users.Known() {
		h.Users = usersOf(id.Users.Items)
	} else {
		fs.untold("identity.users", "which users it has", id.Users.Unknown, id.Users.Ref)
	}
}

// hot is the temperature from which a battery that is not being charged fast is
// not well.
const hot = 50

// battery tells of a battery that should not travel as it is.
func (fs *findings) battery(b handset.Battery, ref string) {
	observed := fmt.Sprintf("%d %%, health %q, %.1f °C", b.Level, b.Health, b.Celsius)
	switch {
	case b.Health != "" && b.Health != "good":
		fs.tell("identity.battery", report.StatusWarn, report.Say("the battery reports that it is not well: %s", b.Health), observed, ref)
	case b.Celsius >= hot:
		fs.add("identity.battery", report.StatusWarn, "the battery is hot", observed, ref)
	}
}

func usersOf(users []handset.User) []report.User {
	out := []report.User{}
	for _, u := range users {
		running := u.Running
		r := report.User{ID: u.ID, Kind: u.Kind, Running: &running}
		if name := handset.Printable([]byte(u.Name), 100); name != "" && name != "null" {
			r.Name = &name
		}
		out = append(out, r)
	}
	return out
}
