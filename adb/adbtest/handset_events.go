package adbtest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/profile"
)

// event is something that happened to a handset that a front or its owner has
// to react to.
type event struct {
	kind eventKind
	arg  string // reboot: the target; page: the intent's action or component
}

type eventKind int

const (
	eventReboot  eventKind = iota + 1 // it is about to restart
	eventReset                        // its data is gone, computers' keys too; a reboot follows
	eventPage                         // it shows another page
	eventChanged                      // an account or a switch changed
	eventRead                         // a computer read the page that is shown
)

// subscribe calls fn after each event, on the goroutine that caused it and
// without a lock held, until cancel. fn must not block.
func (h *Handset) subscribe(fn func(event)) (cancel func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := h.nextSub
	h.nextSub++
	h.subscribers[id] = fn
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subscribers, id)
	}
}

func (h *Handset) publish(ev event) {
	h.mu.Lock()
	ids := slices.Sorted(maps.Keys(h.subscribers))
	fns := make([]func(event), len(ids))
	for i, id := range ids {
		fns[i] = h.subscribers[id]
	}
	h.mu.Unlock()
	for _, fn := range fns {
		fn(ev)
	}
}

// reboot restarts the handset: target is "", "recovery", "bootloader",
// "sideload" or what else adb's reboot service takes.
func (h *Handset) reboot(target string) { h.publish(event{eventReboot, target}) }

// booted counts a start of the system; the fronts call it when the handset
// comes back in state device.
func (h *Handset) booted() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.boots++
	h.state.settings["global"]["boot_count"] = strconv.Itoa(h.state.boots)
}

// showPage opens a page on the screen: the action or component of an intent.
func (h *Handset) showPage(action string) {
	h.mu.Lock()
	h.state.page, h.state.pageAt, h.state.pageReads, h.state.scrolled = action, time.Now(), 0, 0
	h.mu.Unlock()
	h.publish(event{eventPage, action})
}

// page is what the screen shows, "" for the launcher.
func (h *Handset) page() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state.page
}

// removeAccounts signs every user out of the accounts of one kind ("" for all)
// and says how many there were. Signing out of the vendor's account switches
// its Find Device off, as the handset asks for before it signs out.
func (h *Handset) removeAccounts(kind string) int {
	h.mu.Lock()
	n := 0
	for i := range h.state.users {
		u := &h.state.users[i]
		kept := slices.DeleteFunc(slices.Clone(u.Accounts), func(a profile.Account) bool { return kind == "" || a.Kind == kind })
		n += len(u.Accounts) - len(kept)
		u.Accounts = kept
	}
	if h.state.findDevice == "on" && !h.hasAccountLocked(vendorAccount) {
		h.state.findDevice = "off"
	}
	h.mu.Unlock()
	if n > 0 {
		h.publish(event{kind: eventChanged})
	}
	return n
}

// vendorAccount is the type of account that Find Device belongs to.
const vendorAccount = "com.xiaomi"

func (h *Handset) hasAccountLocked(kind string) bool {
	return slices.ContainsFunc(h.state.users, func(u profile.User) bool {
		return slices.ContainsFunc(u.Accounts, func(a profile.Account) bool { return a.Kind == kind })
	})
}

// factoryReset erases the owner's data: shared storage, accounts, other users,
// apps, settings, persist.* properties and computers' keys. What the handset is
// (serial numbers, IMEI, OS) stays, and so does an SD card. USB debugging is off
// until set-up is done and it is turned on again. The caller restarts it.
func (h *Handset) factoryReset() {
	h.mu.Lock()
	old := h.state
	s := firstState(h.profile)
	s.resets = old.resets + 1
	s.activation = old.findDevice == "on"
	s.boots, s.debugging, s.setUp, s.page = 0, false, false, ""
	maps.DeleteFunc(s.props, func(k, _ string) bool { return strings.HasPrefix(k, "persist.") })
	for _, key := range []string{"DEVICE_PROVISIONED", "sys.oem_unlock_allowed"} {
		if s.props[key] != "" {
			s.props[key] = "0"
		}
	}
	s.users = s.users[:1:1]
	s.users[0].Accounts, s.users[0].Running = nil, true
	s.settings["secure"] = map[string]string{"android_id": androidID(h.profile.Serial, s.resets)}
	s.settings["global"] = map[string]string{"boot_count": "0"}
	s.provision(false)
	s.tables = emptied(h.profile.Tables)
	s.apps = slices.DeleteFunc(slices.Clone(s.apps), func(a profile.App) bool { return a.ThirdParty })
	if s.findDevice == "on" {
		s.findDevice = "off"
	}
	h.state = s
	h.mu.Unlock()
	h.tree.WipeShared()
	h.publish(event{kind: eventReset})
}

func emptied(tables map[string]profile.Table) map[string]table {
	out := map[string]table{}
	for uri, t := range tables {
		out[uri] = table{Columns: t.Columns}
	}
	return out
}

// debugging says whether USB debugging is on: without it the handset is not on
// the bus.
func (h *Handset) debugging() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state.debugging
}

// setUpDone says whether the setup wizard was finished.
func (h *Handset) setUpDone() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state.setUp
}

// finishSetUp skips through the setup wizard without any account. It is false
// when the handset was reset with Find Device on: then only the account's owner
// gets past it.
func (h *Handset) finishSetUp() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state.activation {
		return false
	}
	h.state.setUp = true
	h.state.provision(true)
	for _, key := range []string{"DEVICE_PROVISIONED", "persist.sys.device_provisioned"} {
		if h.profile.Prop(key) != "" {
			h.state.props[key] = "1"
		}
	}
	h.state.props["persist.sys.boot.reason.history"] = "reboot,factory_reset," + strconv.FormatInt(time.Now().Unix(), 10)
	return true
}

// setDebugging is the switch in Developer options.
func (h *Handset) setDebugging(on bool) {
	h.mu.Lock()
	h.state.debugging = on
	h.mu.Unlock()
	h.publish(event{kind: eventChanged})
}

// SignIn adds an account to the handset's owner, as its owner does in Settings.
func (h *Handset) SignIn(kind, name string) {
	h.mu.Lock()
	for i := range h.state.users {
		if u := &h.state.users[i]; u.ID == 0 {
			u.Accounts = append(slices.Clone(u.Accounts), profile.Account{Kind: kind, Name: name})
		}
	}
	h.mu.Unlock()
	h.publish(event{kind: eventChanged})
}
