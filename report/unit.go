package report

import (
	"slices"
)

// Unit are the numbers that distinguish handsets of the same model. Fields that
// are not known stay empty; a case learns them when they become known.
type Unit struct {
	Serial string   `json:"serial"` // adb's serial; changes when the handset is reached another way
	IMEI   []string `json:"imei,omitempty"`
	SN     string   `json:"sn,omitempty"` // retail serial number
}

// Unit returns what the handset says about which unit it is.
func (h Handset) Unit() Unit {
	u := Unit{Serial: h.Serial}
	for _, i := range h.IMEI {
		u.IMEI = append(u.IMEI, i.Value)
	}
	if h.SN != nil {
		u.SN = h.SN.Value
	}
	return u
}

// Same says whether both can be one handset. The strongest identity both know
// decides: an IMEI is burnt in, a retail serial number nearly so, and adb's
// serial is an address when the handset is reached over the network.
func (u Unit) Same(o Unit) bool {
	switch {
	case len(u.IMEI) > 0 && len(o.IMEI) > 0:
		return slices.ContainsFunc(u.IMEI, func(i string) bool { return slices.Contains(o.IMEI, i) })
	case u.SN != "" && o.SN != "":
		return u.SN == o.SN
	default:
		return u.Serial == o.Serial
	}
}

// Merge returns u with what o knows and u does not.
func (u Unit) Merge(o Unit) Unit {
	if o.Serial != "" {
		u.Serial = o.Serial
	}
	if len(u.IMEI) == 0 {
		u.IMEI = slices.Clone(o.IMEI)
	}
	if u.SN == "" {
		u.SN = o.SN
	}
	return u
}

func (u Unit) String() string {
	switch {
	case len(u.IMEI) > 0:
		return "IMEI " + u.IMEI[0]
	case u.SN != "":
		return "S/N " + u.SN
	default:
		return "serial " + u.Serial
	}
}
