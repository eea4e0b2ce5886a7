package adbtest

import (
	"strings"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/android/provider"
	"preship/adb/adbtest/android/screen"
	"preship/adb/adbtest/bus"
)

// bootTime is how long an emulated handset is off the bus when it restarts. A
// real one takes half a minute; clients have to see that it is gone.
const bootTime = 400 * time.Millisecond

// accountPages are the pages on which an account is removed, by what the intent's
// action or component contains, and the kind of account, "" for all.
var accountPages = []struct{ page, kind string }{
	{"com.xiaomi.account", android.VendorAccount},
	{"android.settings.SYNC_SETTINGS", ""},
	{"android.settings.ADD_ACCOUNT_SETTINGS", ""},
}

// follow lets the bus and the owner react to what happens to the handset.
func (h *Handset) follow(ev android.Event) {
	switch ev.Kind {
	case android.Reboot:
		h.restart(ev.Arg)
		h.adbd.BecomeRoot(false)
	case android.Reset:
		if !ev.KeepsKeys {
			h.bus.Keys.Forget()
		}
	case android.Shown:
		h.pageShown(ev.Arg)
		for _, row := range accountPages {
			if strings.Contains(ev.Arg, row.page) {
				h.person.shown(h.person.owner.SignsOut, func() { h.state.RemoveAccounts(row.kind) })
			}
		}
	case android.Opened:
		h.person.shown(h.person.owner.ImportsContacts, func() {
			if provider.Import(h.state, ev.Arg) {
				h.state.ShowPage("")
			}
		})
	case android.Changed:
		h.bus.Debugging(h.state.Debugging())
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

// bootSystem starts Android. It stays off the bus until set-up is done and USB
// debugging is on.
func (h *Handset) bootSystem() bus.Booted {
	h.state.Booted()
	at := bus.Booted{State: bus.Absent, System: true}
	switch {
	case !h.state.SetUpDone():
		at.Then = func() { h.person.shown(h.person.owner.SetsUpAgain, h.skipSetUp) }
	case h.state.Debugging():
		at.State = bus.Device
	}
	return at
}

func (h *Handset) skipSetUp() {
	if h.state.FinishSetUp() {
		h.state.SetDebugging(true)
	}
}

// bootRecovery starts the vendor's recovery, or else Android's.
func (h *Handset) bootRecovery() bus.Booted {
	if !h.state.HasAssistant() {
		return bus.Booted{State: bus.Recovery}
	}
	return bus.Booted{State: bus.Absent, Then: func() {
		h.person.shown(h.person.owner.PicksAssistant || h.person.owner.LeavesRecovery, func() {
			if h.person.owner.LeavesRecovery {
				h.restart("")
				return
			}
			h.bus.Set(bus.Sideload)
		})
	}}
}

// pageShown lets the owner do what a page of the vendor's reset wants: touch what
// leads on, or give the secret it asks for.
func (h *Handset) pageShown(name string) {
	step, ok := screen.Screen{State: h.state}.Step(name)
	if !ok {
		return
	}
	does := h.person.owner.FollowsReset
	if step.Secret {
		does = h.person.owner.GivesSecrets
	}
	h.person.shown(does, func() {
		if h.person.waits(step.Wait) && (step.Passes || h.readBefore(name)) {
			screen.Screen{State: h.state}.Do(name)
		}
	})
}

// readBefore waits until a computer has read the page as often as the owner wants.
// It reports false if the page left or the owner did.
func (h *Handset) readBefore(name string) bool {
	change := make(chan struct{}, 1)
	defer h.state.Subscribe(func(android.Event) {
		select {
		case change <- struct{}{}:
		default: // a change is waiting already
		}
	})()
	for {
		page := h.state.Page()
		if page.Name != name || page.Reads >= h.person.owner.Reads {
			return page.Name == name
		}
		select {
		case <-change:
		case <-h.person.gone:
			return false
		}
	}
}
