package reset

import (
	"preship/adb/handset"
	"preship/report/message"
)

// menu is what a vendor's stock recovery shows.
type menu struct {
	vendor string // of the handset table
	name   string
	entry  string // the entry that opens the assistant mode
}

// menus is the table of recoveries. The stock menu is not on the bus before the
// entry is picked, and restarts the system by itself when left idle without a cable.
var menus = []menu{
	{
		vendor: "Xiaomi", name: "Mi Recovery",
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

// instruct asks the person to pick the entry.
func (m menu) instruct(a *attempt) {
	if m.entry == "" {
		a.instruct("guide.menu.unknown")
		return
	}
	a.instruct("guide.menu", "menu", m.name, "entry", m.entry, "keys", message.Say("guide.menu.keys"))
}
