package reset

import (
	"fmt"

	"preship/adb/handset"
)

// menu is what a vendor's stock recovery shows.
type menu struct {
	vendor string // of the handset table
	name   string
	keys   string
	entry  string // the entry that opens the assistant mode
}

// menus is the table of recoveries. The stock menu is not on the bus before the
// entry is picked, and restarts the system by itself when left idle without a cable.
var menus = []menu{
	{
		vendor: "Xiaomi", name: "Mi Recovery", keys: "volume keys to move, power key to choose, or touch",
		entry: "Connect with MIAssistant", // spelled so on its English screen; its second or third line in other languages
	},
}

// menuOf returns the menu of a handset's vendor; the zero menu if it is unknown.
func menuOf(id handset.Identity) menu {
	for _, m := range menus {
		if id.Vendor != nil && m.vendor == id.Vendor.Name {
			return m
		}
	}
	return menu{}
}

// steps are the instructions for the person.
func (m menu) steps() string {
	if m.entry == "" {
		return "on the handset: in the recovery's menu, choose to connect to a computer"
	}
	return fmt.Sprintf("on the handset: in %s choose %q (%s), and keep the cable in", m.name, m.entry, m.keys)
}
