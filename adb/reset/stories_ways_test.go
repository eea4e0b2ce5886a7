package reset_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/adb/reset"
	"preship/report"
	"preship/report/check"
)

// runBy runs a way by its name.
func (s *story) runBy(name string, j *reset.Job) (report.Reset, error) {
	s.t.Helper()
	way, ok := reset.WayNamed(name)
	if !ok {
		s.t.Fatalf("no way %q", name)
	}
	if fits, why := way.Applies(s.before); !fits {
		s.t.Fatalf("%s does not fit: %s", name, why)
	}
	j.Timeouts.ByHand, j.Timeouts.Look = patience, 50*time.Millisecond
	return way.Run(s.t.Context(), j)
}

func (s *story) heard(words ...string) {
	s.t.Helper()
	all := strings.Join(s.told, "\n")
	for _, w := range words {
		if !strings.Contains(all, w) {
			s.t.Errorf("the person did not see %q:\n%s", w, all)
		}
	}
}

const openAbout = "am start -a android.settings.DEVICE_INFO_SETTINGS"

func guided() adbtest.Option {
	o := adbtest.OwnerGuided()
	o.Reads, o.Pause = 2, 0 // after the instruction, however slow the machine is
	return adbtest.WithOwner(o)
}

func TestStorySettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		profile string
		told    []string
		pages   []string
	}{
		{
			"redmi-note-10",
			[]string{`Press "Factory reset". It may`, `Press "Erase all data"`, `press "Next"`, `press "OK". It erases`},
			[]string{"about phone", "factory reset", "backup", "first warning", "last warning"},
		},
		{
			"redmi-k60", // Chinese, with cards in its wallet
			[]string{`Press "恢复出厂设置" (Factory reset)`, `Press "清除所有数据" (Erase all data)`, `press "跳过" (Skip)`, `press "确定" (OK). It erases`},
			[]string{"wallet", "last warning"},
		},
		{"mi-6", []string{"Open Settings, Additional settings, Factory reset", "PIN or password of the screen lock"}, []string{"screen lock", "last warning"}},
	} {
		t.Run(tt.profile, func(t *testing.T) {
			t.Parallel()
			s := beginWith(t, tt.profile, nil, guided())
			j := s.job()
			s.wants()
			got, err := s.runBy("settings", j)
			if err != nil || got.Rung != report.RungCameBackUnauthorized || got.TriggeredAt == nil || got.LeftAt == nil {
				t.Errorf("got %+v, error %v, want rung %q", got, err, report.RungCameBackUnauthorized)
			}
			if tt.profile == "mi-6" { // MIUI 11, whose About phone has no such entry
				s.wants("am start -a android.settings.SETTINGS")
			} else {
				s.wants(openAbout)
			}
			s.heard(tt.told...)
			pages, _ := got.Findings.ByID(check.ResetPages)
			for _, p := range tt.pages {
				if !strings.Contains(pages.Observed, p) {
					t.Errorf("saw %q, want %q among it", pages.Observed, p)
				}
			}
			if pages.Status != report.StatusPass {
				t.Errorf("%s is %q: %s", pages.ID, pages.Status, pages.Summary)
			}
		})
	}
}

// With Find Device on, its owner types the account's password, and the handset
// has to reach the vendor's server.
func TestStorySettingsFindDevice(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, guided(), adbtest.WithTrouble(adbtest.Trouble{Kind: adbtest.TroubleNoNetwork}))
	got, err := s.runBy("settings", s.job())
	pages, _ := got.Findings.ByID(check.ResetPages)
	if !errors.Is(err, reset.ErrFindDevice) || got.TriggeredAt != nil || got.LeftAt != nil || pages.Status != report.StatusFail || pages.Remedy == "" {
		t.Errorf("got %+v, error %v, want %v and nothing triggered", got, err, reset.ErrFindDevice)
	}
	s.wants(openAbout)
	s.heard("the account's password", "could not turn Find Device off", "Nothing was erased")
	if len(s.saved) == 0 || s.saved[len(s.saved)-1].TriggeredAt != nil {
		t.Error("the last saved state says that the reset was triggered")
	}
}

func TestStorySettingsDriven(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()))
	s.signOut()
	j := s.job()
	j.Drive = true
	got, err := s.runBy("settings", j)
	if err != nil || got.Rung != report.RungCameBackUnauthorized {
		t.Errorf("rung %q, error %v, want %q", got.Rung, err, report.RungCameBackUnauthorized)
	}
	taps := s.wrote()
	swipes := slices.DeleteFunc(slices.Clone(taps), func(l string) bool { return !strings.HasPrefix(l, "input swipe ") })
	taps = slices.DeleteFunc(taps, func(l string) bool { return strings.HasPrefix(l, "input swipe ") })
	if len(taps) < 6 || taps[0] != openAbout || slices.ContainsFunc(taps[1:], func(l string) bool { return !strings.HasPrefix(l, "input tap ") }) || len(swipes) == 0 {
		t.Errorf("the handset was sent the writes %q and swiped %d times, want About phone, scrolled to its end, and the five buttons", taps, len(swipes))
	}
}

// The vendor's second switch is off: nothing is pressed, and the person is informed.
func TestStorySettingsNotDriven(t *testing.T) {
	t.Parallel()
	s := beginWith(t, "xiaomi-pad-5", nil, adbtest.WithOwner(adbtest.OwnerIdle()))
	j := s.job()
	j.Drive = true
	j.Timeouts.ByHand = time.Second
	way, _ := reset.WayNamed("settings")
	got, err := way.Run(t.Context(), j)
	if !errors.Is(err, reset.ErrStayed) || got.TriggeredAt != nil {
		t.Errorf("triggered at %v, error %v, want never and %v", got.TriggeredAt, err, reset.ErrStayed)
	}
	s.wants(openAbout)
	s.heard("USB调试（安全设置）", "Press what is shown here yourself")
}

func TestStoryByHand(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()))
	s.signOut()
	j := s.job()
	reset.HooksOf(j).OnSay = func(line string) {
		s.told = append(s.told, line)
		if strings.Contains(line, "Open Settings, About phone") {
			go s.phone.ResetByHand()
		}
	}
	got, err := s.runBy("by-hand", j)
	if err != nil || got.Rung != report.RungCameBackUnauthorized {
		t.Errorf("rung %q, error %v, want %q", got.Rung, err, report.RungCameBackUnauthorized)
	}
	s.wants()
}

func TestStoryBench(t *testing.T) {
	t.Parallel()
	s := beginWith(t, "android-emulator", nil, adbtest.WithOwner(adbtest.OwnerIdle()))
	if way, passedOver := reset.Choose(s.before); way.Name != "bench" || len(passedOver) != 2 {
		t.Errorf("chose %s (%q), want bench, and two passed over", way.Name, passedOver)
	}
	j := s.job()
	s.wants()
	got, err := s.runBy("bench", j)
	id, _ := got.Findings.ByID(check.ResetAndroidID)
	if err != nil || id.Status != report.StatusPass || got.Rung != report.RungNone || !reset.Done(got) {
		t.Errorf("got %+v, error %v, want another Android ID, no rung, and done", got, err)
	}
	s.wants("cmd testharness enable")
}

// An identity is not enough: right before the wipe the handset is asked itself.
func TestBenchNeverOnAHandsetAsSold(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"redmi-note-10", "mi-9"} { // the second says ro.debuggable=1
		s := beginWith(t, profile, nil, adbtest.WithOwner(adbtest.OwnerIdle()))
		bench, _ := reset.WayNamed("bench")
		if fits, why := bench.Applies(s.before); fits || why.Empty() {
			t.Errorf("%s: bench fits: %s", profile, why)
		}
		if _, err := bench.Run(t.Context(), s.job()); !errors.Is(err, reset.ErrNotBench) {
			t.Errorf("%s: error %v, want %v", profile, err, reset.ErrNotBench)
		}
		s.wants()
	}
}
