package verify

import (
	"fmt"
	"slices"

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
		fs.add("identity.serial", report.StatusUnknown, "serial: "+why(id.Serial.Unknown), "", id.Serial.Ref)
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
	h.Bootloader, h.Encryption = report.Unknown, report.Unknown
	switch f := id.Bootloader; f.Value {
	case report.BootloaderLocked:
		h.Bootloader = f.Value
		fs.add("identity.bootloader", report.StatusPass, "the bootloader is locked", f.Source, f.Ref)
	case report.BootloaderUnlocked:
		h.Bootloader = f.Value
		fs.add("identity.bootloader", report.StatusWarn, "the bootloader is unlocked: cover may be refused, and data can be read by whoever holds the handset", f.Source, f.Ref)
	default:
		fs.add("identity.bootloader", report.StatusUnknown, "bootloader: "+why(f.Unknown), "", f.Ref)
	}
	switch f := id.Encryption; f.Value {
	case report.EncryptionFile, report.EncryptionBlock:
		h.Encryption = f.Value
		fs.add("identity.encryption", report.StatusPass, "the storage is encrypted", f.Value, f.Ref)
	case report.EncryptionNone:
		h.Encryption = f.Value
		fs.add("identity.encryption", report.StatusWarn, "the storage is not encrypted: what a reset deletes can be recovered", f.Value, f.Ref)
	default:
		fs.add("identity.encryption", report.StatusUnknown, "encryption: "+why(f.Unknown), "", f.Ref)
	}
	if f := id.RootSign; f.Known() {
		fs.add("identity.root", report.StatusWarn, "there are signs that the handset is rooted", f.Value, f.Ref)
	}
	if flashed, known, reason := id.RegionFlashed(); known && flashed {
		fs.add("identity.region-flashed", report.StatusWarn, "the OS was made for another region than the hardware: cover may be refused", reason, id.HWC.Ref, id.Build.Ref)
	}
}

// notes passes on what the values do not say. Notes on the IMEI stand there.
func (fs *findings) notes(id handset.Identity) {
	for _, n := range id.Notes {
		if n.Warn && n.Field != "imei" {
			fs.add("identity.contradiction", report.StatusWarn, n.Field+": "+n.Text, "")
		}
	}
}

// parts takes over battery, storage, SIM slots and users.
func (fs *findings) parts(h *report.Handset, id handset.Identity) {
	if b := id.Battery; b.Known() && len(b.Items) == 1 {
		level, celsius := b.Items[0].Level, b.Items[0].Celsius
		h.Battery.Level, h.Battery.TemperatureC = &level, &celsius
	} else {
		fs.add("identity.battery", report.StatusUnknown, "battery: "+why(b.Unknown), "", b.Ref)
	}
	if d := id.Disk; d.Known() && len(d.Items) == 1 {
		used, free := d.Items[0].Used, d.Items[0].Free
		h.Storage = report.Storage{Used: &used, Free: &free}
	} else {
		fs.add("identity.storage", report.StatusUnknown, "storage: "+why(d.Unknown), "", d.Ref)
	}
	if id.SIMs.Known() {
		h.SIMs = []report.SIM{}
		for _, s := range id.SIMs.Items {
			h.SIMs = append(h.SIMs, report.SIM{Slot: s.Slot + 1, State: s.Raw})
		}
	} else {
		fs.add("identity.sims", report.StatusUnknown, "SIM slots: "+why(id.SIMs.Unknown), "", id.SIMs.Ref)
	}
	if id.Users.Known() {
		h.Users = usersOf(id.Users.Items)
	} else {
		fs.add("identity.users", report.StatusUnknown, "users: "+why(id.Users.Unknown), "", id.Users.Ref)
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

// imeis takes over the IMEIs, judges them, and compares them with the papers.
func (fs *findings) imeis(h *report.Handset, id handset.Identity, claims Claims) {
	given, bad := readClaims(claims.IMEI)
	known := id.IMEIs.Items
	switch {
	case id.IMEIs.Known() && len(known) > 0:
		for _, i := range known {
			h.IMEI = append(h.IMEI, report.IMEI{Slot: i.Slot + 1, Value: i.Value, Luhn: i.Luhn, Source: i.Source})
		}
		fs.add("identity.imei", report.StatusPass, fmt.Sprintf("%d IMEI read", len(known)), known[0].Source, id.IMEIs.Ref)
		fs.oddIMEIs(known)
	case len(given) > 0:
		for slot, n := range given {
			h.IMEI = append(h.IMEI, report.IMEI{Slot: slot + 1, Value: n, Luhn: handset.LuhnOK(n), Source: "a person"})
		}
		f := fs.add("identity.imei", report.StatusPass, "the handset does not tell its IMEI; a person read it off", why(id.IMEIs.Unknown), id.IMEIs.Ref)
		f.Method = report.MethodAttested
	default:
		f := fs.add("identity.imei", report.StatusUnknown, "IMEI: "+why(id.IMEIs.Unknown), "", id.IMEIs.Ref)
		if id.Vendor != nil && id.Vendor.WhereIMEI != "" {
			f.Remedy = "read it off: " + id.Vendor.WhereIMEI + "; then give it with --imei"
		}
	}
	for _, n := range id.Notes {
		if n.Warn && n.Field == "imei" {
			fs.add("identity.imei.sources", report.StatusWarn, n.Text, "", id.IMEIs.Ref)
		}
	}
	fs.papers(claims, given, bad, h.IMEI)
}

// oddIMEIs tells of numbers that are unusual. None of them is refused: real
// handsets are known to give two slots one number, and numbers that fail Luhn.
func (fs *findings) oddIMEIs(items []handset.IMEI) {
	for _, i := range items {
		if !i.Luhn {
			fs.add("identity.imei.luhn", report.StatusWarn, fmt.Sprintf("the check digit of the IMEI in slot %d is wrong: compare it with the box", i.Slot+1), i.Value, i.Ref)
		}
	}
	for n, i := range items {
		if slices.ContainsFunc(items[:n], func(o handset.IMEI) bool { return o.Value == i.Value }) {
			fs.add("identity.imei.pair", report.StatusPass, "both slots have the same IMEI, as some models do", i.Value, i.Ref)
		}
	}
}
