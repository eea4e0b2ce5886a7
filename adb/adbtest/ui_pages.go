package adbtest

import (
	"fmt"
	"strings"
	"time"

	"preship/adb/adbtest/trouble"
)

// The pages of the vendor's factory reset, by the activity or fragment that
// shows them where that is known, in the order somebody goes through them.
const (
	pageAbout    = "android.settings.DEVICE_INFO_SETTINGS"
	pageReset    = "com.android.settings/.MiuiMasterClear"
	pageLock     = "com.android.settings/.ConfirmLockPassword"
	pageWallet   = "com.android.settings/.MiuiMasterClear.wallet"
	pageBackup   = "com.android.settings/.MiuiMasterClear.backup"
	pageChecking = "com.android.settings/.MiuiMasterClear.checking"
	pagePassword = "com.xiaomi.account/.ui.ConfirmCredentials"
	pageNotOff   = "com.android.settings/.MiuiMasterClear.failed"
	pageWarning  = "com.android.settings/.MiuiMasterClearApplyActivity"
	pageWarning2 = "com.android.settings/.MiuiMasterClearApplyActivity.second"
	pageAndroid  = "com.android.settings/.MainClear" // Android's own page: no word of Find Device
	pageWiping   = "wiping"                          // nothing is shown any more
)

// uiPage is one page. What it leads to is asked when it is left, since that
// depends on the handset.
type uiPage struct {
	widgets []widget
	next    func(h *Handset) string // the page after this one
	counts  bool                    // its button counts down before it can be pressed
	secret  bool                    // only its owner can go on: it wants a secret of theirs
	passes  time.Duration           // goes on by itself after this long
}

// widget is one thing on a page. It leads to its page, or where next says when
// it is the page's own button.
type widget struct {
	word     string // key of uiWords, "" is a text field
	prop     string // a property that is shown instead
	id       string // resource-id
	title    bool
	button   bool
	leads    string // "" where next says, for a button
	counting string // the word while the button counts down
}

const (
	checkingTime = 200 * time.Millisecond
	countStep    = 30 * time.Millisecond // a second, on a real handset
	countFrom    = 10
)

// uiPages is the vendor's reset, as it is on a Redmi K60 with HyperOS 1.
var uiPages = map[string]uiPage{
	pageAbout: {widgets: []widget{
		{word: "about", title: true},
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
	pageReset: {
		widgets: []widget{
			{word: "reset", title: true},
			{word: "erases", id: "com.android.settings:id/summary"},
			{word: "erase", id: "com.android.settings:id/clear_all_data_text", button: true},
		},
		next: (*Handset).afterErase,
	},
	pageLock: {
		widgets: []widget{{word: "lock", title: true}, {id: "com.android.settings:id/password_entry"}},
		next:    (*Handset).afterLock, secret: true,
	},
	pageWallet: {
		widgets: []widget{
			{word: "wallet", id: "miui:id/alertTitle", title: true},
			{word: "skip", id: "android:id/button2", button: true},
			{word: "open", id: "android:id/button1", button: true, leads: pageWallet},
		},
		next: func(*Handset) string { return pageBackup },
	},
	pageBackup: {
		widgets: []widget{
			{word: "backup", id: "miui:id/alertTitle", title: true},
			{word: "back-up", id: "android:id/button2", button: true, leads: pageBackup},
			{word: "reset", id: "android:id/button1", button: true},
		},
		next: func(*Handset) string { return pageChecking },
	},
	pageChecking: {
		widgets: []widget{{word: "checking", id: "miui:id/message"}},
		next:    (*Handset).afterChecking, passes: checkingTime,
	},
	pagePassword: {
		widgets: []widget{{word: "password", title: true}, {id: "com.xiaomi.account:id/input_password"}},
		next:    (*Handset).afterPassword, secret: true,
	},
	pageNotOff: {widgets: []widget{
		{word: "not-off", id: "miui:id/alertTitle", title: true},
		{word: "offline", id: "miui:id/message"},
		{word: "ok", id: "android:id/button1", button: true, leads: pageReset},
	}},
	pageWarning: {
		widgets: warningOf("warning-1", "next"),
		next:    func(*Handset) string { return pageWarning2 }, counts: true,
	},
	pageWarning2: {
		widgets: warningOf("warning-2", "ok"),
		next:    func(*Handset) string { return pageWiping }, counts: true,
	},
	pageAndroid: {
		widgets: []widget{
			{word: "android", title: true},
			{word: "erase", id: "com.android.settings:id/initiate_main_clear", button: true},
		},
		next: func(*Handset) string { return pageWiping },
	},
}

func warningOf(text, button string) []widget {
	return []widget{
		{word: "attention", title: true},
		{word: text, id: "com.android.settings:id/warning_info"},
		{word: "cancel", id: "com.android.settings:id/cancel", button: true, leads: pageReset},
		{word: button, id: "com.android.settings:id/ok", button: true, counting: button + "-in"},
	}
}

func (h *Handset) afterErase() string {
	if h.locked() {
		return pageLock
	}
	return h.afterLock()
}

// afterLock: Mi Wallet asks on handsets that may hold cards; here those with HyperOS.
func (h *Handset) afterLock() string {
	if h.prop("ro.mi.os.version.name") != "" {
		return pageWallet
	}
	return pageBackup
}

func (h *Handset) afterChecking() string {
	if h.findDevice() == "on" {
		return pagePassword
	}
	return pageWarning
}

// afterPassword: Find Device is switched off on the vendor's server, and for
// that the handset has to be online.
func (h *Handset) afterPassword() string {
	if _, ok := h.troubles.Happens(trouble.NoNetwork); ok {
		return pageNotOff
	}
	h.switchFindDeviceOff()
	return pageWarning
}

// The screen, and where on it the pages are.
const (
	screenWidth, screenHeight = 1080, 2400
	pageTop, rowStep          = 200, 200
)

// rect is where the nth widget of the page is, and whether any of it can be seen.
func (h *Handset) rect(n int) (left, top, right, bottom int, seen bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	top = pageTop + rowStep*n - h.state.scrolled
	return 60, max(top, pageTop), 1020, min(top+140, screenHeight), top+140 > pageTop && top < screenHeight
}

// swipe scrolls the page by a finger that moves from one height to another.
func (h *Handset) swipe(from, to int) {
	_, page, _, ok := h.uiPage()
	if !ok {
		return
	}
	most := max(0, pageTop+rowStep*len(page.widgets)-screenHeight)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.scrolled = min(most, max(0, h.state.scrolled+from-to))
}

// text is what a widget shows a while after its page came up.
func (w widget) text(h *Handset, age time.Duration) string {
	switch left := countdown(age); {
	case w.prop != "":
		return h.prop(w.prop)
	case w.word == "":
		return ""
	case w.counting != "" && left > 0:
		return fmt.Sprintf(h.word(w.counting), left)
	}
	return h.word(w.word)
}

// countdown is the number a button shows, 0 when it can be pressed.
func countdown(age time.Duration) int { return max(0, countFrom-int(age/countStep)) }

// pageXML is a page as uiautomator dumps it.
func (h *Handset) pageXML(name string, page uiPage, age time.Duration) string {
	pkg, _, ok := strings.Cut(name, "/")
	if !ok {
		pkg = "com.android.settings"
	}
	var b strings.Builder
	b.WriteString(`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0">`)
	fmt.Fprintf(&b, `<node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="%s" content-desc="" checkable="false" checked="false" clickable="false" enabled="true" focusable="false" focused="false" scrollable="%t" long-clickable="false" password="false" selected="false" bounds="[0,0][%d,%d]">`,
		pkg, pageTop+rowStep*len(page.widgets) > screenHeight, screenWidth, screenHeight)
	for n, w := range page.widgets {
		left, top, right, bottom, seen := h.rect(n)
		if !seen {
			continue
		}
		field := w.word == "" && w.prop == ""
		class := "android.widget.TextView"
		switch {
		case field:
			class = "android.widget.EditText"
		case w.button:
			class = "android.widget.Button"
		}
		enabled := w.counting == "" || countdown(age) == 0
		fmt.Fprintf(&b, `<node index="%d" text="%s" resource-id="%s" class="%s" package="%s" content-desc="" checkable="false" checked="false" clickable="%t" enabled="%t" focusable="%t" focused="false" scrollable="false" long-clickable="false" password="%t" selected="false" bounds="[%d,%d][%d,%d]" />`,
			n, xmlEscapes.Replace(w.text(h, age)), w.id, class, pkg, w.button, enabled, w.button || field, field, left, top, right, bottom)
	}
	b.WriteString("</node></hierarchy>")
	return b.String()
}
