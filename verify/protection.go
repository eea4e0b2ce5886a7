package verify

import (
	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// encryptionWords say how the storage is encrypted.
var encryptionWords = map[string]message.ID{
	report.EncryptionFile: "identity.saw.encryption-file", report.EncryptionBlock: "identity.saw.encryption-block", report.EncryptionNone: "identity.saw.encryption-none",
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
		fs.add(check.IdentityBootloader, report.StatusPass, "identity.bootloader.locked", words(f.Source), f.Ref)
	case report.BootloaderUnlocked:
		h.Bootloader = f.Value
		fs.add(check.IdentityBootloader, report.StatusWarn, "identity.bootloader.unlocked", words(f.Source), f.Ref)
	default:
		fs.untrusted(id, check.IdentityBootloader, "identity.fact.bootloader", f.Unknown, f.Ref)
	}
	switch f := id.Encryption; f.Value {
	case report.EncryptionFile, report.EncryptionBlock:
		h.Encryption = f.Value
		fs.add(check.IdentityEncryption, report.StatusPass, "identity.encryption.on", message.Say(encryptionWords[f.Value]), f.Ref)
	case report.EncryptionNone:
		h.Encryption = f.Value
		fs.add(check.IdentityEncryption, report.StatusWarn, "identity.encryption.off", message.Say(encryptionWords[f.Value]), f.Ref)
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
		fs.add(check.IdentitySecuritySettings, report.StatusWarn, "identity.security-settings.off", words(f.Source), f.Ref)
	}
}

func (fs *findings) root(id handset.Identity) {
	switch f := id.RootSign; {
	case f.Value == handset.NoRootSeen:
		fs.add(check.IdentityRoot, report.StatusPass, "identity.root.not-seen", f.Saw, f.Ref)
	case f.Known():
		fs.add(check.IdentityRoot, report.StatusWarn, "identity.root.seen", f.Saw, f.Ref)
	default:
		fs.untrusted(id, check.IdentityRoot, "identity.fact.root", f.Unknown, f.Ref)
	}
}

// untold says of one thing that the handset does not report it, with the reason
// kept for those who want to know.
func (fs *findings) untold(id string, what message.ID, reason message.Sentence, refs ...string) *report.Finding {
	return fs.see(id, report.StatusUnknown, message.Say("identity.unknown", "what", message.Say(what)), why(reason), refs...)
}

// untrusted is untold for an answer that another system than the maker's can fake:
// where the system is not the maker's, that is why nothing is known.
func (fs *findings) untrusted(id handset.Identity, asked string, what message.ID, reason message.Sentence, refs ...string) {
	says := message.ID("identity.unknown.maybe-other-system")
	switch {
	case id.System.Value == handset.SystemOwn || id.PlainEmulator():
		says = "identity.unknown"
	case id.System.Known():
		says = "identity.unknown.other-system"
	}
	fs.see(asked, report.StatusUnknown, message.Say(says, "what", message.Say(what)), why(reason), refs...)
}

// notes passes on what the values do not say. Notes on the IMEI stand there.
func (fs *findings) notes(id handset.Identity) {
	for _, n := range id.Notes {
		if n.Warn && n.Field != "imei" {
			fs.see(check.IdentityContradiction, report.StatusWarn, message.Say("identity.contradiction.seen", "field", n.Field), n.Text, n.Refs...)
		}
	}
}
