package adbtest

import (
	"testing"
	"testing/synctest"
	"time"

	"preship/adb/adbtest/bus"
)

// story is where a handset was seen, in order, each place once.
func story(h *Handset) (states <-chan string, stop func()) {
	out := make(chan string, 100)
	done := make(chan struct{})
	ended := make(chan struct{})
	state, _, changed := h.bus.Watch()
	go func() {
		defer close(ended)
		for {
			out <- state
			select {
			case <-changed:
				state, _, changed = h.bus.Watch()
			case <-done:
				return
			}
		}
	}()
	return out, func() { close(done); <-ended }
}

// TestWholeStory: recovery, MIAssistant, format-data, reboot, set-up, back.
func TestWholeStory(t *testing.T) {
	p, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		owner := OwnerHelpful()
		owner.Pause = time.Second
		h := New(p, WithOwner(owner))
		defer h.Close()
		h.state.RemoveAccounts("") // or else set-up would ask for them
		states, stop := story(h)
		defer stop()
		next := func(want string) {
			t.Helper()
			if got := <-states; got != want {
				t.Errorf("on the bus as %q, want %q", got, want)
			}
		}
		next(bus.Device)
		h.state.Reboot("recovery")
		next(bus.Absent)
		next(bus.Absent) // the menu
		next(bus.Sideload)
		h.state.FactoryReset(false)
		if h.bus.Keys.KnowsServer() {
			t.Error("the computer is still known")
		}
		h.state.Reboot("")
		next(bus.Absent)
		next(bus.Absent) // set-up
		next(bus.Device)
	})
}

func TestIdleOwnerLeavesTheHandsetInTheMenu(t *testing.T) {
	p, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		h := New(p, WithOwner(OwnerIdle()))
		defer h.Close()
		h.state.Reboot("recovery")
		time.Sleep(time.Hour)
		synctest.Wait()
		if state, _ := h.bus.Presence(); state != bus.Absent {
			t.Errorf("state %q", state)
		}
	})
}

func TestRebootTargets(t *testing.T) {
	for _, profile := range Profiles() {
		p, err := Load(profile)
		if err != nil {
			t.Fatal(err)
		}
		recovery := bus.Recovery
		for _, mark := range []string{"ro.miui.ui.version.name", "ro.mi.os.version.name", "ro.product.mod_device"} {
			if p.Prop(mark) != "" {
				recovery = bus.Sideload
			}
		}
		for target, want := range map[string]string{
			"": bus.Device, "recovery": recovery, "sideload": bus.Sideload, "sideload-auto-reboot": bus.Sideload,
			"bootloader": bus.Absent, "fastboot": bus.Absent, "shutdown": bus.Absent, "nonsense": bus.Device,
		} {
			synctest.Test(t, func(t *testing.T) {
				h := New(p, WithOwner(OwnerHelpful()))
				defer h.Close()
				h.state.Reboot(target)
				if state, _ := h.bus.Presence(); state != bus.Absent {
					t.Errorf("%s: reboot %q: still %q", profile, target, state)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				if state, _ := h.bus.Presence(); state != want {
					t.Errorf("%s: reboot %q: %q, want %q", profile, target, state, want)
				}
			})
		}
	}
}

func TestOwnerSignsOutOnAccountPages(t *testing.T) {
	p, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	count := func(h *Handset) (n int) {
		for _, u := range h.state.Users() {
			n += len(u.Accounts)
		}
		return n
	}
	for _, tt := range []struct {
		owner Owner
		page  string
		signs bool
	}{
		{OwnerHelpful(), "android.settings.SYNC_SETTINGS", true},
		{OwnerHelpful(), "com.xiaomi.account/.ui.AccountSettingsActivity", true},
		{OwnerHelpful(), "android.settings.DEVICE_INFO_SETTINGS", false},
		{OwnerIdle(), "android.settings.SYNC_SETTINGS", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := New(p, WithOwner(tt.owner))
			defer h.Close()
			before := count(h)
			h.state.ShowPage(tt.page)
			synctest.Wait()
			if got := count(h) < before; got != tt.signs || before == 0 {
				t.Errorf("%+v shown %s: %d accounts of %d", tt.owner, tt.page, count(h), before)
			}
		})
	}
}
