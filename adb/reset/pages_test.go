package reset

import (
	"image"
	"strings"
	"testing"

	"preship/adb/handset/dump"
	"preship/report/message"
)

func TestWordsAreWhole(t *testing.T) {
	if strings.Join(languages, " ") != "en zh-CN es" {
		t.Fatalf("languages %q", languages)
	}
	for key, row := range words {
		for _, language := range languages {
			if row[language] == "" || strings.Count(row[language], "%d") != strings.Count(row["en"], "%d") {
				t.Errorf("%s in %s is %q", key, language, row[language])
			}
		}
	}
	for _, p := range pages {
		for _, key := range append([]string{p.press}, p.words...) {
			if _, known := words[key]; key != "" && !known {
				t.Errorf("page %s: no word %q", p.name, key)
			}
		}
		if text := message.Say(p.do, "button", "X").String(); strings.Contains(text, "X") != (p.press != "") {
			t.Errorf("page %s says %q, and presses %q", p.name, text, p.press)
		}
	}
}

func TestWords(t *testing.T) {
	for locale, want := range map[string]string{"en-US": "en", "zh-CN": "zh-CN", "zh-Hant-TW": "zh-CN", "es-419": "es", "de-DE": "en", "": "en"} {
		if got := languageOf(locale); got != want {
			t.Errorf("languageOf(%q) = %q, want %q", locale, got, want)
		}
	}
	for _, tt := range []struct {
		text, key string
		want      bool
	}{
		{"Next", "button_text_next_step", true},
		{"NEXT ", "button_text_next_step", true},
		{"下一步", "button_text_next_step", true},
		{"Next (7)", "button_text_next_step", false},
		{"Next (7)", "button_text_next_step_timer", true},
		{"确定（10）", "button_text_ok_timer", true},
		{"OK ()", "button_text_ok_timer", false},
		{"OK (x)", "button_text_ok_timer", false},
		{"OK (1) more", "button_text_ok_timer", false},
		{"Checking Find device status...", "checking_find_device_status", true},
		{"", "button_text_ok", false},
	} {
		if got := says(tt.text, tt.key); got != tt.want {
			t.Errorf("says(%q, %s) = %t, want %t", tt.text, tt.key, got, tt.want)
		}
	}
	if got := label("clear_all_data", "zh-CN").String(); got != `"清除所有数据" (Erase all data)` {
		t.Errorf("label is %s", got)
	}
	if got := label("clear_all_data", "en").String(); got != `"Erase all data"` {
		t.Errorf("label is %s", got)
	}
}

// show is a screen of these texts, one below the other; a text of the form
// id=… is an ID without a text.
func show(texts ...string) dump.Screen {
	s := dump.Screen{Package: "com.android.settings"}
	for n, text := range texts {
		i := dump.ScreenItem{Text: text, Enabled: true, Bounds: image.Rect(0, 100*n, 1000, 100*n+80)}
		if id, ok := strings.CutPrefix(text, "id="); ok {
			i.Text, i.ID = "", "com.android.settings:id/"+id
		}
		s.Items = append(s.Items, i)
	}
	return s
}

func TestPageShown(t *testing.T) {
	hidden := show("Confirm")
	hidden.Items = append(hidden.Items, dump.ScreenItem{Password: true, Enabled: true})
	account := hidden
	account.Package = "com.xiaomi.account"
	for _, tt := range []struct {
		name   string
		screen dump.Screen
		want   string
		y      int // where to press, -1 nowhere
	}{
		{"nothing known", show("Messages", "Factory reset"), "", -1},
		{"nothing", dump.Screen{}, "", -1},
		{"about phone", show("About phone", "Storage", "Factory reset"), "about phone", 240},
		{"about phone, further up", show("About phone", "Storage"), "about phone", -1},
		{"the button's word is the title too", show("Factory reset", "id=clear_all_data_text", "Erase all data"), "factory reset", 240},
		{"a dialog over it", show("Factory reset", "Back up items first?", "Back up", "Factory reset"), "backup", 340},
		{"the wallet", show("清除钱包中的卡片信息", "打开", "跳过"), "wallet", 240},
		{"checking", show("Checking Find device status…"), "checking", -1},
		{"it failed, and says so over the page", show("Factory reset", "Couldn't turn off Find device", "OK"), "Find Device stays on", -1},
		{"no network", show("当前网络不可用"), "Find Device stays on", -1},
		{"counting", show("Attention", "id=warning_info", "Next (3)"), "first warning", -1},
		{"counted", show("Attention", "id=warning_info", "Cancel", "Next"), "first warning", 340},
		{"the last, counting", show("Attention", "id=warning_info", "OK (3)"), "last warning", -1},
		{"the last", show("Attention", "id=warning_info", "Cancel", "OK"), "last warning", 340},
		{"the last, without an ID", show("Attention", "Cancel", "OK (3)"), "last warning", -1},
		{"Android's own", show("Erase all data (factory reset)", "Erase all data"), "Android's own reset", -1},
		{"a screen lock", hidden, "screen lock", -1},
		{"the account's password", account, "account password", -1},
	} {
		p := pageShown(tt.screen)
		name := ""
		y := -1
		if p != nil {
			name = p.name
			if at, ok := p.button(tt.screen); ok {
				y = at.Y
			}
		}
		if name != tt.want || y != tt.y {
			t.Errorf("%s: page %q, pressed at %d; want %q and %d", tt.name, name, y, tt.want, tt.y)
		}
	}
}

// A button that is disabled is not one to press.
func TestDisabledButton(t *testing.T) {
	s := show("Attention", "id=warning_info", "OK")
	s.Items[2].Enabled = false
	if at, ok := pageShown(s).button(s); ok {
		t.Errorf("presses %v", at)
	}
}
