package report

import (
	"preship/report/message"
	"preship/report/printable"
)

// Handset is who the handset is: the object `preship identify --json` prints.
// A nil pointer or nil list is null in JSON and means unknown; a finding with
// the reason accompanies it. An empty list means: checked, and there are no items.
type Handset struct {
	Serial       string   `json:"serial"` // adb's serial
	Kind         string   `json:"kind"`   // KindDevice or KindEmulator
	IMEI         []IMEI   `json:"imei"`
	MEID         *string  `json:"meid"`
	SN           *SN      `json:"sn"`       // the retail serial number, as on the box
	BoardSN      *string  `json:"board_sn"` // the mainboard's own serial number
	Manufacturer *string  `json:"manufacturer"`
	Model        *string  `json:"model"`
	MarketName   *string  `json:"market_name"`
	Codename     *string  `json:"codename"`
	OS           OS       `json:"os"`
	Android      Android  `json:"android"`
	Fingerprint  *string  `json:"fingerprint"`
	Region       *string  `json:"region"` // what the ROM was made for
	HWC          *string  `json:"hwc"`    // what the hardware was sold for
	Bootloader   string   `json:"bootloader"`
	VerifiedBoot *string  `json:"verified_boot"`
	Encryption   string   `json:"encryption"`
	Battery      Battery  `json:"battery"`
	Storage      Storage  `json:"storage"`
	SIMs         []SIM    `json:"sims"`
	Users        []User   `json:"users"`
	Findings     Findings `json:"findings"`
}

// Values of [Handset.Kind].
const (
	KindDevice   = "device"
	KindEmulator = "emulator" // emulators, and emulated handsets
)

// Values of [Handset.Bootloader] and [Handset.Encryption], which spell unknown
// as a word because scripts switch on them.
const (
	BootloaderLocked   = "locked"
	BootloaderUnlocked = "unlocked"
	EncryptionFile     = "file"
	EncryptionBlock    = "block"
	EncryptionNone     = "none"
	Unknown            = "unknown"
)

// IMEI is one number of a handset and where it was read.
type IMEI struct {
	Slot   int    `json:"slot"`  // 1-based
	Value  string `json:"value"` // 15 digits
	Luhn   bool   `json:"luhn"`  // the check digit is right
	Source string `json:"source"`
}

// SourceAttested is the source of an IMEI that a person read on the handset.
const SourceAttested = "attested"

// SN is a serial number and where it was read.
type SN struct {
	Value  string `json:"value"`
	Source string `json:"source"`
}

// OS is the vendor's system on top of Android; plain Android names itself.
type OS struct {
	Name    *string `json:"name"`
	Version *string `json:"version"`
}

// Android is the platform underneath.
type Android struct {
	Release       *string `json:"release"`
	SDK           *int    `json:"sdk"`
	SecurityPatch *string `json:"security_patch"` // YYYY-MM-DD
}

// Battery is the battery at the time of asking.
type Battery struct {
	Level        *int     `json:"level"` // percent
	Health       *string  `json:"health"`
	TemperatureC *float64 `json:"temperature_c"`
}

// Storage is the space of the data partition, in bytes.
type Storage struct {
	Used *int64 `json:"used"`
	Free *int64 `json:"free"`
}

// SIM is one SIM slot.
type SIM struct {
	Slot  int    `json:"slot"`  // 1-based
	State string `json:"state"` // the handset's own word, such as LOADED or ABSENT
}

// User is one Android user: the owner, a second space, a work profile.
type User struct {
	ID      int     `json:"id"`
	Name    *string `json:"name"` // left out of the sealed report: it is often a person's name
	Kind    string  `json:"kind"`
	Running *bool   `json:"running"`
}

// DisplayName returns what its owner would call the handset. It is safe on a nil handset.
func (h *Handset) DisplayName() message.Sentence {
	if h == nil {
		return message.Say("page.handset.unnamed")
	}
	for _, name := range []*string{h.MarketName, h.Model, h.Codename} {
		if name != nil && *name != "" {
			return message.AsIs(printable.Clip(*name, 60))
		}
	}
	return message.Say("page.handset.serial", "serial", printable.Clip(h.Serial, 60))
}
