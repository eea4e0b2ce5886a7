package adbtest

import (
	"context"
	"fmt"
	"io"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runUIAutomator dumps what the screen shows as XML.
func runUIAutomator(_ context.Context, p *process) int {
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
	page := p.h.page()
	xml := p.h.screenXML()
	if file == "/proc/self/fd/1" || file == "/dev/stdout" || file == "/dev/tty" {
		p.Printf("%s", xml)
	} else if err := p.writeFile(file, xml); err != nil {
		return p.Fail("%s: %s", file, vfs.ErrnoOf(err))
	}
	p.h.pageRead(page)
	p.Printf("UI hierchary dumped to: %s\n", file) // Android's own spelling
	return 0
}

func (p *process) writeFile(name, text string) error {
	w, err := p.h.tree.Create(p.Abs(name), 0o660)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	return w.Close()
}

// screenTexts is what is written on the page that is shown.
func (h *Handset) screenTexts() (pkg string, texts []string) {
	page := h.page()
	switch {
	case page == "":
		return "com.miui.home", []string{h.profile.Title}
	case strings.Contains(page, "SYNC_SETTINGS") || strings.Contains(page, "AccountSettings"):
		texts = []string{"Accounts & sync"}
		for _, u := range h.users() {
			for _, a := range u.Accounts {
				texts = append(texts, a.Name)
			}
		}
	case strings.Contains(page, "DEVICE_INFO_SETTINGS"):
		texts = []string{"About phone", h.prop("ro.product.model"), h.prop("ro.build.version.incremental"), "Factory reset"}
	default:
		texts = []string{page[strings.LastIndexAny(page, "./")+1:]}
	}
	return "com.android.settings", texts
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;")

func (h *Handset) screenXML() string {
	if name, page, age, ok := h.uiPage(); ok {
		return h.pageXML(name, page, age)
	}
	pkg, texts := h.screenTexts()
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
