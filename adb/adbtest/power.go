package adbtest

import (
	"slices"
	"strings"
	"time"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/server"
)

// bootTime is how long an emulated handset is off the bus when it restarts. A
// real one takes half a minute; what matters is that it is seen to be gone.
const bootTime = 400 * time.Millisecond

// assistantMarks are the properties that only handsets with a Mi Recovery have:
// its menu is not on the bus until the assistant is picked, and what answers
// then is in state sideload.
var assistantMarks = []string{"ro.miui.ui.version.name", "ro.mi.os.version.name", "ro.product.mod_device"}

// accountPages are the pages on which an account is removed, by what the
// intent's action or component contains, and whose ("" is everybody's).
var accountPages = []struct{ page, kind string }{
	{"com.xiaomi.account", "com.xiaomi"},
	{"android.settings.SYNC_SETTINGS", ""},
	{"android.settings.ADD_ACCOUNT_SETTINGS", ""},
}

// power switches the handset on: it is on the bus from here on, and follows
// what happens to it.
func (h *Handset) power() {
	h.bus = bus.New(bus.Device)
	h.bus.Keys.AllowName(server.Front)
	h.subscribe(h.follow)
}

// Close takes the handset off the bus and waits for what its owner is doing.
// The fronts are closed on their own.
func (h *Handset) Close() error {
	h.bus.Close()
	h.person.close()
	return nil
}

func (h *Handset) follow(ev event) {
	switch ev.kind {
	case eventReboot:
		h.restart(ev.arg)
	case eventReset:
		h.bus.Keys.Forget()
	case eventPage:
		h.ownerOnPage(ev.arg)
		for _, row := range accountPages {
			if strings.Contains(ev.arg, row.page) {
				h.person.shown(screenAccounts, func() { h.removeAccounts(row.kind) })
			}
		}
	case eventChanged:
		h.bus.Debugging(h.debugging())
	}
}

// restart leaves the bus and comes back as the target says.
func (h *Handset) restart(target string) {
	boot := h.bootSystem
	switch strings.TrimSuffix(target, "-auto-reboot") {
	case "recovery":
		boot = h.bootRecovery
	case "sideload", "rescue":
		boot = func() bus.Booted { return bus.Booted{State: bus.Sideload} }
	case "bootloader", "fastboot", "shutdown", "-p", "edl":
		h.bus.Set(bus.Absent)
		return
	}
	h.bus.Restart(bootTime, boot)
}

// bootSystem starts Android. Until somebody has been through set-up and turned
// USB debugging on, it stays off the bus.
func (h *Handset) bootSystem() bus.Booted {
	h.booted()
	at := bus.Booted{State: bus.Absent, System: true}
	switch {
	case !h.setUpDone():
		at.Then = func() { h.person.shown(screenSetup, h.skipSetUp) }
	case h.debugging():
		at.State = bus.Device
	}
	return at
}

func (h *Handset) skipSetUp() {
	if h.finishSetUp() {
		h.setDebugging(true)
	}
}

// bootRecovery starts the vendor's recovery, or else Android's.
func (h *Handset) bootRecovery() bus.Booted {
	if !slices.ContainsFunc(assistantMarks, func(name string) bool { return h.prop(name) != "" }) {
		return bus.Booted{State: bus.Recovery}
	}
	return bus.Booted{State: bus.Absent, Then: func() {
		h.person.shown(screenRecoveryMenu, func() {
			if h.person.owner.LeavesRecovery {
				h.restart("")
				return
			}
			h.bus.Set(bus.Sideload)
		})
	}}
}

// wipe is what recovery does: everything of the owner's, and no restart.
func (h *Handset) wipe() { h.factoryReset() }
