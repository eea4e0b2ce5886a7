package reset

import (
	"preship/adb/handset"
)

// Known is what a later run compares a recovery with, when the handset itself
// can no longer be asked. It belongs in the case.
type Known struct {
	Vendor    string `json:"vendor"`
	Serial    string `json:"serial,omitempty"`
	CPUID     string `json:"cpu_id,omitempty"`
	ModDevice string `json:"mod_device,omitempty"`
	Codename  string `json:"codename,omitempty"`
	Build     string `json:"build,omitempty"`
}

// Know takes from an identity what a recovery can be compared with.
func Know(id handset.Identity) Known {
	k := Known{
		Serial: id.Serial.Value, CPUID: id.CPUID.Value, ModDevice: id.ModDevice.Value,
		Codename: id.Codename.Value, Build: id.Build.Value,
	}
	if id.Vendor != nil {
		k.Vendor = id.Vendor.Name
	}
	return k
}

// Identity is as much of the identity as is known.
func (k Known) Identity() handset.Identity {
	fact := func(value string) handset.Fact {
		if value == "" {
			return handset.Fact{Unknown: "it was not known before the reset"}
		}
		return handset.Fact{Value: value, Source: "the case"}
	}
	id := handset.Identity{
		Serial: fact(k.Serial), CPUID: fact(k.CPUID), ModDevice: fact(k.ModDevice),
		Codename: fact(k.Codename), Build: fact(k.Build),
	}
	for _, v := range handset.Vendors {
		if v.Name == k.Vendor {
			id.Vendor = v
		}
	}
	return id
}
