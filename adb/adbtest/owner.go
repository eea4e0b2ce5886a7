package adbtest

import (
	"context"
	"strings"
	"sync"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/android/provider"
	"preship/adb/adbtest/android/screen"
	"preship/adb/adbtest/bus"
)

// Owner is the person with the handset in hand: which of the things a screen
// offers they do, so that whole stories run unattended. The zero value touches
// nothing, and the story waits for as long as its caller does.
type Owner struct {
	AcceptsDebugging bool          // allows this computer when asked, and always
	SignsOut         bool          // removes the account whose page is shown
	PicksAssistant   bool          // "Connect with MIAssistant" in the recovery menu
	LeavesRecovery   bool          // "Reboot" in the recovery menu
	SetsUpAgain      bool          // skips set-up after a reset and turns USB debugging on
	FollowsReset     bool          // goes through the vendor's reset when its pages are shown
	ImportsContacts  bool          // says yes when a file of contacts is opened
	GivesSecrets     bool          // types the screen lock and the account's password where asked
	Pause            time.Duration // before each of these
	// Reads is how often a computer reads a page of the vendor's reset before the owner
	// touches it. 2 is an owner who waits for its instruction: a computer that reads the
	// page again has given it. 0 waits for no computer.
	Reads int
}

// OwnerHelpful does all that is asked, at once.
func OwnerHelpful() Owner {
	return Owner{AcceptsDebugging: true, SignsOut: true, PicksAssistant: true, SetsUpAgain: true, ImportsContacts: true, GivesSecrets: true}
}

// OwnerGuided is OwnerHelpful, who also resets the handset once its settings
// are shown.
func OwnerGuided() Owner {
	o := OwnerHelpful()
	o.FollowsReset = true
	o.Pause = 350 * time.Millisecond // for who reads the screen to see the page
	return o
}

// OwnerIdle touches nothing.
func OwnerIdle() Owner { return Owner{} }

// person lets an Owner act on what a handset shows. It owns the goroutines in
// which the acts happen; close waits for them.
type person struct {
	mu    sync.Mutex
	owner Owner
	ctx   context.Context //nolint:containedctx // ends with close
	leave context.CancelFunc
	acts  sync.WaitGroup
}

func newPerson(o Owner) *person {
	p := &person{owner: o}
	p.ctx, p.leave = context.WithCancel(context.Background())
	return p
}

// is returns what the owner does now.
func (p *person) is() Owner {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.owner
}

// become changes what the owner does.
func (p *person) become(o Owner) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owner = o
}

// shown puts something on the screen that waits for the person. act runs later, on
// another goroutine, if this is something that the owner does.
func (p *person) shown(does bool, act func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil || !does {
		return
	}
	p.acts.Go(func() {
		if p.waits(p.is().Pause) {
			act()
		}
	})
}

// waits waits, and reports whether the person is still there afterwards.
func (p *person) waits(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.ctx.Done():
		return false
	}
}

// close ends all acts under way; shown does nothing afterwards.
func (p *person) close() {
	p.mu.Lock()
	p.leave()
	p.mu.Unlock()
	p.acts.Wait()
}

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
				h.person.shown(h.person.is().SignsOut, func() { h.state.RemoveAccounts(row.kind) })
			}
		}
	case android.Opened:
		h.person.shown(h.person.is().ImportsContacts, func() {
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
		at.Then = func() { h.person.shown(h.person.is().SetsUpAgain, h.skipSetUp) }
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
		h.person.shown(h.person.is().PicksAssistant || h.person.is().LeavesRecovery, func() {
			if h.person.is().LeavesRecovery {
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
	does := h.person.is().FollowsReset
	if step.Secret {
		does = h.person.is().GivesSecrets
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
		if page.Name != name || page.Reads >= h.person.is().Reads {
			return page.Name == name
		}
		select {
		case <-change:
		case <-h.person.ctx.Done():
			return false
		}
	}
}
