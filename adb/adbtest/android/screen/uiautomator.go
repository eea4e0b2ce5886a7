package screen

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/vfs"
)

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
	} else if err := s.writeFile(p.Abs(file), xml); err != nil {
		return p.Fail("%s: %s", file, vfs.ErrnoOf(err))
	}
	s.PageRead(page)
	p.Printf("UI hierchary dumped to: %s\n", file) // Android's own spelling
	return 0
}

func (s Screen) writeFile(name, text string) error {
	w, err := s.Tree.Create(name, 0o660)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	return w.Close()
}

// texts returns the texts of a page that is not part of the vendor's reset.
func (s Screen) texts() (pkg string, texts []string) {
	page := s.Page().Name
	switch {
	case page == "":
		return "com.miui.home", []string{s.Profile.Title}
	case strings.Contains(page, "SYNC_SETTINGS") || strings.Contains(page, "AccountSettings"):
		texts = []string{"Accounts & sync"}
		for _, u := range s.Users() {
			for _, a := range u.Accounts {
				texts = append(texts, a.Name)
			}
		}
	case strings.Contains(page, "DEVICE_INFO_SETTINGS"):
		texts = []string{"About phone", s.Prop("ro.product.model"), s.Prop("ro.build.version.incremental"), "Factory reset"}
	default:
		texts = []string{page[strings.LastIndexAny(page, "./")+1:]}
	}
	return "com.android.settings", texts
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;")

func (s Screen) xml() string {
	if name, p, age, ok := s.current(); ok {
		return s.pageXML(name, p, age)
	}
	pkg, texts := s.texts()
	var b strings.Builder
	b.WriteString(`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0">`)
	fmt.Fprintf(&b, `<node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="%s" content-desc="" checkable="false" checked="false" clickable="false" enabled="true" bounds="[0,0][1080,2400]">`, pkg)
	for n, text := range texts {
		fmt.Fprintf(&b, `<node index="%d" text="%s" resource-id="android:id/title" class="android.widget.TextView" package="%s" content-desc="" checkable="false" checked="false" clickable="true" enabled="true" bounds="[48,%d][1032,%d]" />`,
			n, xmlEscapes.Replace(text), pkg, 200+n*160, 340+n*160)
	}
	b.WriteString("</node></hierarchy>")
	return b.String()
}

// pageXML returns a page in the form that uiautomator dumps.
func (s Screen) pageXML(name string, p page, age time.Duration) string {
	pkg, _, ok := strings.Cut(name, "/")
	if !ok {
		pkg = "com.android.settings"
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
			n, xmlEscapes.Replace(w.text(s, age)), w.id, class, pkg, w.button, enabled, w.button || field, field, left, top, right, bottom)
	}
	b.WriteString("</node></hierarchy>")
	return b.String()
}
