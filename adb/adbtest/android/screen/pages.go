package screen

import (
	"fmt"
	"time"

	"preship/adb/adbtest/trouble"
)

// The pages of the vendor's factory reset, by the activity or fragment that
// shows them where that is known, in the order somebody goes through them.
const (
	pageAbout    = "android.settings.DEVICE_INFO_SETTINGS"
	pageSettings = "android.settings.SETTINGS" // up to MIUI 11, which has the reset below it
	pageMore     = "com.android.settings/.MoreSettings"
	pageReset    = "com.android.settings/.MiuiMasterClear"
	pageLock     = "com.android.settings/.ConfirmLockPassword"
	pageWallet   = "com.android.settings/.MiuiMasterClear.wallet"
	pageBackup   = "com.android.settings/.MiuiMasterClear.backup"
	pageChecking = "com.android.settings/.MiuiMasterClear.checking"
	pagePassword = "com.xiaomi.account/.ui.ConfirmCredentials"
	pageNotOff   = "com.android.settings/.MiuiMasterClear.failed"
	pageWarning  = "com.android.settings/.MiuiMasterClearApplyActivity"
	pageWarning2 = "com.android.settings/.MiuiMasterClearApplyActivity.second"
	pageWiping   = "wiping" // nothing is shown any more
)

// page is one page. next is called when the page is left, because the following page
// depends on the handset.
type page struct {
	widgets []widget
	next    func(s Screen) string // the page after this one
	counts  bool                  // its button counts down before it can be pressed
	secret  bool                  // it asks for a secret of the owner's
	passes  time.Duration         // if not 0, it leaves by itself after this time
}

// widget is one thing on a page. It leads to its page, or where next says when
// it is the page's own button.
type widget struct {
	word     string // key of words, "" is a text field
	prop     string // a property that is shown instead
	literal  string // a text that is shown instead
	id       string // resource-id
	button   bool
	leads    string // "" where next says, for a button
	counting string // the word while the button counts down
}

const (
	checkingTime = 200 * time.Millisecond
	countStep    = 30 * time.Millisecond // a second, on a real handset
	countFrom    = 10
)

// pages is the vendor's reset, as it is on a Redmi K60 with HyperOS 1.
var pages = map[string]page{
	pageAbout: {widgets: []widget{
		{word: "about"},
		{prop: "ro.product.model"},
		{prop: "ro.product.marketname"},
		{prop: "ro.build.version.incremental"},
		{prop: "ro.build.version.release"},
		{prop: "ro.build.version.security_patch"},
		{prop: "ro.product.device"},
		{prop: "ro.product.manufacturer"},
		{prop: "ro.board.platform"},
		{prop: "gsm.version.baseband"},
		{prop: "ro.build.id"},
		{prop: "ro.build.date"},
		{word: "reset", id: "android:id/title", button: true, leads: pageReset}, // below the end of the screen
	}},
	pageSettings: {widgets: []widget{
		{word: "settings"},
		{word: "about"},
		{word: "more", id: "android:id/title", button: true, leads: pageMore},
	}},
	pageMore: {widgets: []widget{
		{word: "more"},
		{word: "reset", id: "android:id/title", button: true, leads: pageReset},
	}},
	pageReset: {
		widgets: []widget{
			{word: "reset"},
			{word: "erases", id: "com.android.settings:id/summary"},
			{word: "erase", id: "com.android.settings:id/clear_all_data_text", button: true},
		},
		next: Screen.afterErase,
	},
	pageLock: {
		widgets: []widget{{word: "lock"}, {id: "com.android.settings:id/password_entry"}},
		next:    Screen.afterLock, secret: true,
	},
	pageWallet: {
		widgets: []widget{
			{word: "wallet", id: "miui:id/alertTitle"},
			{word: "skip", id: "android:id/button2", button: true},
			{word: "open", id: "android:id/button1", button: true, leads: pageWallet},
		},
		next: func(Screen) string { return pageBackup },
	},
	pageBackup: {
		widgets: []widget{
			{word: "backup", id: "miui:id/alertTitle"},
			{word: "back-up", id: "android:id/button2", button: true, leads: pageBackup},
			{word: "reset", id: "android:id/button1", button: true},
		},
		next: func(Screen) string { return pageChecking },
	},
	pageChecking: {
		widgets: []widget{{word: "checking", id: "miui:id/message"}},
		next:    Screen.afterChecking, passes: checkingTime,
	},
	pagePassword: {
		widgets: []widget{{word: "password"}, {id: "com.xiaomi.account:id/input_password"}},
		next:    Screen.afterPassword, secret: true,
	},
	pageNotOff: {widgets: []widget{
		{word: "not-off", id: "miui:id/alertTitle"},
		{word: "offline", id: "miui:id/message"},
		{word: "ok", id: "android:id/button1", button: true, leads: pageReset},
	}},
	pageWarning: {
		widgets: warningOf("warning-1", "next"),
		next:    func(Screen) string { return pageWarning2 }, counts: true,
	},
	pageWarning2: {
		widgets: warningOf("warning-2", "ok"),
		next:    func(Screen) string { return pageWiping }, counts: true,
	},
}

func warningOf(text, button string) []widget {
	return []widget{
		{word: "attention"},
		{word: text, id: "com.android.settings:id/warning_info"},
		{word: "cancel", id: "com.android.settings:id/cancel", button: true, leads: pageReset},
		{word: button, id: "com.android.settings:id/ok", button: true, counting: button + "-in"},
	}
}

func (s Screen) afterErase() string {
	if s.Owned().ScreenLock {
		return pageLock
	}
	return s.afterLock()
}

// afterLock: Mi Wallet asks on handsets that may hold cards; here those with HyperOS.
func (s Screen) afterLock() string {
	if s.Prop("ro.mi.os.version.name") != "" {
		return pageWallet
	}
	return pageBackup
}

func (s Screen) afterChecking() string {
	if s.FindDevice() == "on" {
		return pagePassword
	}
	return pageWarning
}

// afterPassword: Find Device is switched off on the vendor's server, and for
// that the handset must be online.
func (s Screen) afterPassword() string {
	if _, ok := s.Troubles.Happens(trouble.NoNetwork); ok {
		return pageNotOff
	}
	s.SwitchFindDeviceOff()
	return pageWarning
}

// The screen, and where on it the pages are.
const (
	screenWidth, screenHeight = 1080, 2400
	pageTop, rowStep          = 200, 200
)

// rect returns where the nth widget of the page is, and whether any of it can be seen.
func (s Screen) rect(n int) (left, top, right, bottom int, seen bool) {
	top = pageTop + rowStep*n - s.Page().Scrolled
	return 60, max(top, pageTop), 1020, min(top+140, screenHeight), top+140 > pageTop && top < screenHeight
}

// text returns the text of a widget, by the age of its page.
func (w widget) text(s Screen, age time.Duration) string {
	switch left := countdown(age); {
	case w.literal != "":
		return w.literal
	case w.prop != "":
		return s.Prop(w.prop)
	case w.word == "":
		return ""
	case w.counting != "" && left > 0:
		return fmt.Sprintf(s.word(w.counting), left)
	}
	return s.word(w.word)
}

// countdown returns the number a button shows, 0 when it can be pressed.
func countdown(age time.Duration) int { return max(0, countFrom-int(age/countStep)) }
