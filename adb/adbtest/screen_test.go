package adbtest

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
)

const (
	dumpScreen = "uiautomator dump --compressed /proc/self/fd/1"
	aboutPage  = "android.settings.DEVICE_INFO_SETTINGS"
)

// shows fails unless the screen shows these words.
func shows(t *testing.T, h *Handset, words ...string) string {
	t.Helper()
	xml := sh(t, h, dumpScreen).stdout
	for _, w := range words {
		if !strings.Contains(xml, `text="`+w+`"`) {
			t.Errorf("the screen does not show %q:\n%s", w, xml)
		}
	}
	return xml
}

var bounds = regexp.MustCompile(`text="([^"]*)"[^>]*bounds="\[(\d+),(\d+)\]\[(\d+),(\d+)\]"`)

// tap touches the middle of the item with that label, through the shell.
func tap(t *testing.T, h *Handset, label string) answer {
	t.Helper()
	for _, m := range bounds.FindAllStringSubmatch(sh(t, h, dumpScreen).stdout, -1) {
		var x1, y1, x2, y2 int
		if _, err := fmt.Sscan(strings.Join(m[2:], " "), &x1, &y1, &x2, &y2); err != nil {
			t.Fatal(err)
		}
		if m[1] == label {
			return sh(t, h, fmt.Sprintf("input tap %d %d", (x1+x2)/2, (y1+y2)/2))
		}
	}
	t.Fatalf("nothing is labelled %q:\n%s", label, sh(t, h, dumpScreen).stdout)
	return answer{}
}

func TestResetPagesInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ profile, about, reset string }{
		{"redmi-note-10", "About phone", "Factory reset"},
		{"redmi-k60", "关于手机", "恢复出厂设置"},
	} {
		h := shipped(t, tt.profile)
		h.state.SetProp(h.Profile().ShellToggle, "1")
		sh(t, h, "am start -a android.settings.DEVICE_INFO_SETTINGS")
		if got := sh(t, h, dumpScreen); !strings.Contains(got.stdout, tt.about) || strings.Contains(got.stdout, tt.reset) || got.exit != 0 {
			t.Errorf("%s: %+v, want %q, and %q below the end of the screen", tt.profile, got, tt.about, tt.reset)
		}
		sh(t, h, "input swipe 540 1800 540 600 500")
		if got := sh(t, h, dumpScreen); strings.Contains(got.stdout, tt.about) || !strings.Contains(got.stdout, tt.reset) || !strings.Contains(got.stdout, `scrollable="true"`) {
			t.Errorf("%s, scrolled: %+v, want %q, and %q above the top", tt.profile, got, tt.reset, tt.about)
		}
		sh(t, h, "input swipe 540 600 540 2300 500")
		shows(t, h, tt.about)
	}
}

// Taps go through the whole reset, except where a secret is wanted, and only
// with the vendor's switch on.
func TestTapsThroughTheReset(t *testing.T) {
	p, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		owner := OwnerHelpful()
		owner.Pause = time.Second // for the page that asks to be seen
		h := New(p, WithOwner(owner))
		defer h.Close()
		sh(t, h, "am start -a android.settings.DEVICE_INFO_SETTINGS")
		sh(t, h, "input swipe 540 1800 540 600 500")
		tap(t, h, "Factory reset")
		tap(t, h, "Erase all data")
		shows(t, h, "Back up items first?")
		tap(t, h, "Factory reset")
		shows(t, h, "Checking Find device status…")
		time.Sleep(200 * time.Millisecond)
		shows(t, h, "Enter Mi Account password")
		time.Sleep(owner.Pause)
		synctest.Wait() // the owner types it
		shows(t, h, "Attention", "Next (10)")
		tap(t, h, "Next (10)") // not yet
		time.Sleep(300 * time.Millisecond)
		tap(t, h, "Next")
		shows(t, h, "OK (10)")
		time.Sleep(300 * time.Millisecond)
		if state, _ := h.bus.Presence(); state != bus.Device || h.state.FindDevice() != "off" {
			t.Fatalf("state %q, Find Device %s before the last touch", state, h.state.FindDevice())
		}
		tap(t, h, "OK")
		if state, _ := h.bus.Presence(); state != bus.Absent || h.state.SetUpDone() {
			t.Errorf("state %q, set up %t, want it restarting, and reset", state, h.state.SetUpDone())
		}
	})
}

func TestTapsNeedTheSwitch(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]string{
		"mi-5s":        "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission\n",
		"xiaomi-pad-5": "java.lang.SecurityException: Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission.\n",
	} {
		h := shipped(t, profile)
		sh(t, h, "am start -a android.settings.DEVICE_INFO_SETTINGS")
		before := h.state.Page().Name
		if got := sh(t, h, "input tap 500 470"); !strings.Contains(got.stderr, want) || got.exit == 0 {
			t.Errorf("%s: %+v, want %q", profile, got, want)
		}
		if h.state.Page().Name != before {
			t.Errorf("%s: the touch went through: %s", profile, h.state.Page().Name)
		}
	}
}

func TestOwnerFollowsTheReset(t *testing.T) {
	for _, tt := range []struct {
		profile string
		owner   Owner
		trouble []trouble.Trouble
		resets  int32
		page    string
	}{
		{"redmi-note-10", OwnerGuided(), nil, 1, ""},
		{"redmi-k60", OwnerGuided(), nil, 1, ""},   // with the wallet's page
		{"mi-6", OwnerGuided(), nil, 0, aboutPage}, // MIUI 11, where About phone has no such entry
		{"redmi-note-10", OwnerGuided(), []trouble.Trouble{{Kind: trouble.NoNetwork}}, 0, "com.android.settings/.MiuiMasterClear.failed"},
		{"redmi-note-10", OwnerHelpful(), nil, 0, aboutPage},
		{"android-emulator", OwnerGuided(), nil, 0, aboutPage}, // has other pages
	} {
		p, err := Load(tt.profile)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			h := New(p, WithOwner(tt.owner), WithTrouble(tt.trouble...))
			defer h.Close()
			var resets atomic.Int32
			h.state.Subscribe(func(ev android.Event) {
				if ev.Kind == android.Reset {
					resets.Add(1)
				}
			})
			h.state.ShowPage(aboutPage)
			time.Sleep(time.Minute)
			page := h.state.Page().Name
			if tt.profile == "mi-6" { // its settings have it, behind the screen lock
				h.state.ShowPage("android.settings.SETTINGS")
				time.Sleep(time.Minute)
				if after := h.state.Page().Name; resets.Swap(0) != 1 || after != "" {
					t.Errorf("%s: no reset from the settings, page %q", tt.profile, after)
				}
			}
			if resets.Load() != tt.resets || page != tt.page {
				t.Errorf("%s, %+v: %d resets, page %q; want %d and %q", tt.profile, tt.owner, resets.Load(), page, tt.resets, tt.page)
			}
		})
	}
}

func TestTestHarness(t *testing.T) {
	t.Parallel()
	h := shipped(t, "android-emulator")
	id := sh(t, h, "settings get secure android_id").stdout
	if got := sh(t, h, "cmd testharness enable"); got.exit != 0 {
		t.Fatalf("%+v", got)
	}
	if !h.bus.Keys.KnowsServer() || !h.state.Debugging() || !h.state.SetUpDone() {
		t.Error("the computer is forgotten, or debugging off")
	}
	if got := sh(t, h, "settings get secure android_id").stdout; got == id {
		t.Errorf("Android ID %q, as before", got)
	}
	poor := *h.Profile()
	poor.Props = nil
	for _, kv := range h.Profile().Props {
		if kv.Key != "ro.frp.pst" {
			poor.Props = append(poor.Props, kv)
		}
	}
	without := New(&poor)
	t.Cleanup(func() { _ = without.Close() })
	if got := sh(t, without, "cmd testharness enable"); got.exit != 1 || got.stderr != "Failed to enable Test Harness Mode\n" {
		t.Errorf("without a partition that is kept: %+v", got)
	}
}

// What a cut takes away does not arrive after it.
func TestCutKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10", WithTrouble(trouble.Trouble{Kind: trouble.Cut, Service: "format-data:"}))
	h.bus.Set(bus.Sideload)
	run, ok := h.adbd.Open("format-data:")
	if !ok {
		t.Fatal("no format-data: in the recovery")
	}
	ours, theirs := net.Pipe()
	defer theirs.Close()
	got := make(chan int, 1)
	go func() {
		b := make([]byte, 100)
		n, _ := theirs.Read(b)
		got <- n
	}()
	run(t.Context(), connStream{ours})
	_ = ours.Close()
	if n := <-got; n != 0 {
		t.Errorf("%d bytes arrived after the cable was out", n)
	}
	if state, _ := h.bus.Presence(); state != bus.Absent || h.state.SetUpDone() {
		t.Errorf("state %q, set up %t, want away, and wiped", state, h.state.SetUpDone())
	}
}

// connStream is a stream on a connection that stays open.
type connStream struct{ net.Conn }

func (connStream) HungUp() <-chan struct{} { return nil }
