package handset

import (
	"regexp"

	"preship/report/message"
	"preship/report/pattern"
)

// Regions that hardware is made for, and systems for hardware.
const (
	regionChina  = "China"
	regionIndia  = "India"
	regionJapan  = "Japan"
	regionEurope = "Europe"
	regionGlobal = "the rest of the world"
)

// hardwareRegions is what ro.boot.hwc says of the region that the hardware was made for.
// A value that is not here is unknown: on some handsets it is a number of the maker's own.
var hardwareRegions = []struct {
	value  func() *regexp.Regexp // all of it
	region string
	seen   string
}{
	{pattern.New(`^CN$`), regionChina, "getprop captures, MIUI 10 to HyperOS 3"},
	{pattern.New(`^(GLOBAL|Global)$`), regionGlobal, "a getprop capture of MIUI 11; device trees"},
	{pattern.New(`^GLOBAL_[A-Z][0-9]{1,2}[A-Z]{0,2}$`), regionGlobal, "a getprop capture of MIUI 14: GLOBAL_K7A, with a model's code"},
	{pattern.New(`^Global_TWO$`), regionGlobal, "device trees"},
	{pattern.New(`^Global_EEA$`), regionEurope, "a getprop capture of HyperOS 3, with a build MI"},
	{pattern.New(`^Global28$`), regionGlobal, "device trees"},
	{pattern.New(`^INT$`), regionGlobal, "device trees"},
	{pattern.New(`^(INDIA|India|IN)$`), regionIndia, "device trees"},
	{pattern.New(`^Japan$`), regionJapan, "device trees"},
}

// buildRegions is the region of a build by the letters before the last two of its name:
// the MI of V14.0.9.0.SKGMIXM. A build that is not here names no known region.
var buildRegions = map[string]string{
	"CN": regionChina, "IN": regionIndia, "JP": regionJapan, "EU": regionEurope,
	"MI": regionGlobal, "RU": regionGlobal, "TR": regionGlobal, "ID": regionGlobal, "TW": regionGlobal,
}

var romSuffix = pattern.New(`\.[A-Z]{3}([A-Z]{2})[A-Z]{2}$`)

// RegionFlashed compares the region of the hardware with the region of the
// installed OS. known is false where either is not known, where the two differ and
// the maker may have sold them together, and where it is not known that the system
// is its maker's. why is the reason, or the compared values.
func (id Identity) RegionFlashed() (flashed, known bool, why message.Sentence) {
	if id.System.Value != SystemOwn {
		return false, false, message.Say("identity.why.region-system")
	}
	if !id.HWC.Known() {
		return false, false, message.Join(message.Colon, message.Say("identity.why.region-hardware"), id.HWC.Unknown)
	}
	why = message.Say("identity.why.region", "hardware", id.HWC.Value, "build", id.Build.Value)
	hardware, build := hardwareRegion(id.HWC.Value), ""
	if m := romSuffix().FindStringSubmatch(id.Build.Value); m != nil {
		build = buildRegions[m[1]]
	}
	switch {
	case hardware == "":
		return false, false, message.Join(message.Colon, why, message.Say("identity.why.region-no-hardware"))
	case build == "":
		return false, false, message.Join(message.Colon, why, message.Say("identity.why.region-no-build"))
	case hardware == build, hardware == regionGlobal && build == regionEurope:
		return false, true, why
	case hardware == regionChina || build == regionChina:
		return true, true, why
	}
	return false, false, message.Join(message.Colon, why, message.Say("identity.why.region-together"))
}

// hardwareRegion returns the region that a value of ro.boot.hwc names, "" is unknown.
func hardwareRegion(hwc string) string {
	for _, row := range hardwareRegions {
		if row.value().MatchString(hwc) {
			return row.region
		}
	}
	return ""
}
