package screen

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/vfs"
)

// Screen is the screen of a handset. It keeps nothing: the state holds the page.
type Screen struct{ *android.State }

// Step describes the owner's part on a page.
type Step struct {
	Secret bool          // it wants the screen lock or a password
	Wait   time.Duration // how long the page takes before it can be touched
	Passes bool          // it leaves by itself
}

// Step returns what the owner must do on a page, false for a page that is not
// part of the vendor's reset or at which the reset ends.
func (s Screen) Step(name string) (Step, bool) {
	p, ok := pages[name]
	if !ok || !s.leadsToReset(name) || name == pageNotOff {
		return Step{}, false
	}
	step := Step{Secret: p.secret, Wait: p.passes, Passes: p.passes != 0}
	if p.counts {
		step.Wait = countFrom * countStep
	}
	return step, true
}

// Do touches what leads on from a page, or gives the secret it asks for. It does
// nothing if another page is shown.
func (s Screen) Do(name string) {
	now, p, age, ok := s.current()
	if !ok || now != name {
		return
	}
	for _, w := range p.widgets {
		if w.button && (w.leads == "" || name == pageAbout || name == pageSettings || name == pageMore) {
			s.press(name, p, w, age)
			return
		}
	}
	s.leave(name, p.next(s)) // the secret is typed
}

// current returns the page of the vendor's reset that is shown, and for how long
// it has been. A page that passes by itself has passed when its time is over.
func (s Screen) current() (name string, p page, age time.Duration, ok bool) {
	for {
		shown := s.Page()
		name, age = shown.Name, time.Since(shown.Since)
		p, ok = pages[name]
		switch {
		case name == pageAbout && s.vendorReset() && !s.leadsToReset(name):
			p.widgets = p.widgets[:len(p.widgets)-1] // its last entry is not there yet
		case !s.leadsToReset(name):
			ok = false
		}
		if !ok || p.passes == 0 || age < p.passes {
			return name, p, age, ok
		}
		s.leave(name, p.next(s))
	}
}

// vendorReset reports whether this is a handset with the vendor's own reset page.
func (s Screen) vendorReset() bool { return s.Prop("ro.miui.ui.version.name") != "" }

// leadsToReset reports whether a page is one on the way to the vendor's reset. Up to MIUI
// 11 the way begins in Settings, Additional settings; later in About phone.
func (s Screen) leadsToReset(name string) bool {
	switch name {
	case pageAbout:
		return s.vendorReset() && !s.resetInMore()
	case pageSettings, pageMore:
		return s.resetInMore()
	}
	return true
}

func (s Screen) resetInMore() bool {
	return slices.Contains([]string{"V8", "V9", "V10", "V11"}, s.Prop("ro.miui.ui.version.name"))
}

// leave replaces a page by another, unless it is no longer shown.
func (s Screen) leave(from, to string) {
	if s.LeavePage(from, to) && to == pageWiping {
		s.FactoryReset(false)
		s.Reboot("")
	}
}

// touch presses the button at a point of the screen.
func (s Screen) touch(x, y int) {
	name, p, age, ok := s.current()
	if !ok {
		return
	}
	for n, w := range p.widgets {
		left, top, right, bottom, seen := s.rect(n)
		if w.button && seen && left <= x && x < right && top <= y && y < bottom {
			s.press(name, p, w, age)
		}
	}
}

func (s Screen) press(name string, p page, w widget, age time.Duration) {
	switch {
	case w.counting != "" && countdown(age) > 0:
	case w.leads != "":
		s.leave(name, w.leads)
	default:
		s.leave(name, p.next(s))
	}
}

// swipe scrolls the page by a finger that moves from one height to another.
func (s Screen) swipe(from, to int) {
	if _, p, _, ok := s.current(); ok {
		s.Scroll(from-to, max(0, pageTop+rowStep*len(p.widgets)-screenHeight))
	}
}

// UIAutomator is Android's command uiautomator: it dumps what the screen shows as
// XML.
func (s Screen) UIAutomator(_ context.Context, p *toybox.Process) int {
	if len(p.Args) < 2 || p.Args[1] != "dump" {
		fmt.Fprintln(p.Stderr, "Usage: uiautomator <subcommand> [options]")
		return 1
	}
	file := "/sdcard/window_dump.xml"
	for _, arg := range p.Args[2:] {
		if !strings.HasPrefix(arg, "-") {
			file = arg
		}
	}
	page := s.Page().Name
	xml := s.xml()
	if file == "/proc/self/fd/1" || file == "/dev/stdout" || file == "/dev/tty" {
		p.Printf("%s", xml)
	} else if err := s.WriteFile(p.Abs(file), 0o660, []byte(xml)); err != nil {
		return p.Fail("%s: %s", file, vfs.ErrnoOf(err))
	}
	s.PageRead(page)
	p.Printf("UI hierchary dumped to: %s\n", file) // Android's own spelling
	return 0
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;")

// plain returns a page that is not part of the vendor's reset: a text that leads nowhere.
func (s Screen) plain(name string) page {
	text := s.Profile.Title
	if name != "" {
		text = name[strings.LastIndexAny(name, "./")+1:]
	}
	return page{widgets: []widget{{literal: text, id: "android:id/title"}}}
}

// xml returns the page that is shown, in the form that uiautomator dumps.
func (s Screen) xml() string {
	name, p, age, ok := s.current()
	pkg, _, own := strings.Cut(name, "/")
	switch {
	case name == "":
		pkg = "com.miui.home"
	case !ok || !own:
		pkg = "com.android.settings"
	}
	if !ok {
		p = s.plain(name)
	}
	var b strings.Builder
	b.WriteString(`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0">`)
	fmt.Fprintf(&b, `<node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="%s" content-desc="" checkable="false" checked="false" clickable="false" enabled="true" focusable="false" focused="false" scrollable="%t" long-clickable="false" password="false" selected="false" bounds="[0,0][%d,%d]">`,
		pkg, pageTop+rowStep*len(p.widgets) > screenHeight, screenWidth, screenHeight)
	for n, w := range p.widgets {
		left, top, right, bottom, seen := s.rect(n)
		if !seen {
			continue
		}
		field := w.word == "" && w.prop == "" && w.literal == ""
		class := "android.widget.TextView"
		switch {
		case field:
			class = "android.widget.EditText"
		case w.button:
			class = "android.widget.Button"
		}
		enabled := w.counting == "" || countdown(age) == 0
		fmt.Fprintf(&b, `<node index="%d" text="%s" resource-id="%s" class="%s" package="%s" content-desc="" checkable="false" checked="false" clickable="%t" enabled="%t" focusable="%t" focused="false" scrollable="false" long-clickable="false" password="%t" selected="false" bounds="[%d,%d][%d,%d]" />`,
			n, xmlEscapes.Replace(w.text(s, age)), w.id, class, pkg, w.button, enabled, w.button || field, field, left, top, right, bottom)
	}
	b.WriteString("</node></hierarchy>")
	return b.String()
}

// Input is Android's command input: touches and swipes, which the vendor's second
// debugging switch holds back. A key does nothing.
func (s Screen) Input(_ context.Context, p *toybox.Process) int {
	if len(p.Args) < 2 {
		fmt.Fprintln(p.Stderr, "Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]")
		return 255
	}
	if !s.ShellAllowed() {
		why := "Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission."
		if s.SDK() < 31 {
			why = "Injecting to another application requires INJECT_EVENTS permission"
		}
		return android.Exception(p.Stderr, "input", "java.lang.SecurityException: "+why)
	}
	var x, y, x2, y2 int
	line := strings.Join(p.Args[1:], " ")
	if n, _ := fmt.Sscanf(line, "tap %d %d", &x, &y); n == 2 {
		s.touch(x, y)
	}
	if n, _ := fmt.Sscanf(line, "swipe %d %d %d %d", &x, &y, &x2, &y2); n == 4 {
		s.swipe(y, y2)
	}
	return 0
}
