package selection

import "strings"

// itemKinds has the beginnings of the names of items.
var itemKinds = []struct {
	prefix string
	kind   Kind
}{
	{"contacts", Contacts},
	{"pictures", Contacts},
	{"messages", Messages},
	{"sms", Messages},
	{"mms", Messages},
	{"calls", Calls},
	{"calendar", Calendar},
	{"apps", Apps},
}

// OfItem returns the kind of an item by its name: "contacts.vcf", "raw/sms.rows.txt". An item
// of no other kind is of the settings.
func OfItem(name string) Kind {
	name = strings.TrimPrefix(name, "raw/")
	if rest, earlier := strings.CutPrefix(name, "earlier-"); earlier {
		_, name, _ = strings.Cut(rest, ".")
	}
	for _, row := range itemKinds {
		if strings.HasPrefix(name, row.prefix) {
			return row.kind
		}
	}
	return Settings
}
