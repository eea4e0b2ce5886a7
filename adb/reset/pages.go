package reset

import (
	_ "embed"
	"image"
	"slices"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/message"
)

// page is one page somebody comes past on the way through the vendor's reset.
type page struct {
	name string
	// It is this page when one of the IDs or words shows, or the app in front is
	// the named one, and a hidden field where secret says so.
	ids    []string
	words  []string
	app    string
	secret bool // asks for a secret, which preship neither types nor keeps

	do    message.ID // what to do on it; its argument is the button to press
	press string     // key of the word on the button to the next page, "" if there is no such button
	last  bool       // pressing it erases the handset
	long  bool       // the button may be below the end of the screen
	wrong bool       // not a page of the vendor's reset
	stops bool       // the vendor's reset ends here, and nothing was erased
}

// pages is the vendor's reset, as read in the settings of a Redmi K60 with
// HyperOS 1. The first match decides: dialogs come before the pages that they cover.
var pages = []page{
	{
		name:  "Find Device stays on",
		words: []string{"failed_to_shut_down_find_device_title", "failed_to_check_find_device_status_title", "shut_down_find_device_network_failure_title", "shut_down_find_device_network_failure_content"},
		do:    "guide.page.find-device",
		stops: true,
	},
	{
		name: "Android's own reset", words: []string{"main_clear_title"}, wrong: true,
		do: "guide.page.androids-own",
	},
	{
		name: "account password", app: "com.xiaomi.account", secret: true,
		do: "guide.page.password",
	},
	{name: "screen lock", secret: true, do: "guide.page.screen-lock"},
	{
		name: "wallet", words: []string{"wallet_reset_title"}, press: "wallet_reset_cancel_btn",
		do: "guide.page.wallet",
	},
	{name: "backup", words: []string{"dialog_backup_title"}, press: "continue_reset_factory", do: "guide.page.backup"},
	{name: "checking", words: []string{"checking_find_device_status"}, do: "guide.page.checking"},
	{
		name: "first warning", ids: []string{"warning_info"}, words: []string{"button_text_next_step_timer"},
		press: "button_text_next_step", do: "guide.page.first-warning",
	},
	{
		name: "last warning", words: []string{"button_text_ok_timer"},
		press: "button_text_ok", last: true, do: "guide.page.last-warning",
	},
	{name: "factory reset", ids: []string{"clear_all_data_text"}, press: "clear_all_data", do: "guide.page.factory-reset"},
	{name: aboutPage, words: []string{"about_settings"}, press: "master_clear_title_new", long: true, do: "guide.page.about"},
}

// aboutPage is the page that the route of newer versions begins on.
const aboutPage = "about phone"

// pageNames are the names of the pages for people.
var pageNames = map[string]message.ID{
	"Find Device stays on": "reset.page.find-device",
	"Android's own reset":  "reset.page.androids-own",
	"account password":     "reset.page.password",
	"screen lock":          "reset.page.screen-lock",
	"wallet":               "reset.page.wallet",
	"backup":               "reset.page.backup",
	"checking":             "reset.page.checking",
	"first warning":        "reset.page.first-warning",
	"last warning":         "reset.page.last-warning",
	"factory reset":        "reset.page.factory-reset",
	aboutPage:              "reset.page.about",
}

func namesOf(pages []string) (names []message.Sentence) {
	for _, name := range pages {
		names = append(names, message.Say(pageNames[name]))
	}
	return names
}

// pageShown returns the page a screen shows, or nil.
func pageShown(s dump.Screen) *page {
	hidden := slices.ContainsFunc(s.Items, func(i dump.ScreenItem) bool { return i.Password })
	for i := range pages {
		p := &pages[i]
		if p.secret != hidden || p.app != "" && p.app != s.Package {
			continue
		}
		if p.secret || slices.ContainsFunc(s.Items, p.marks) {
			return lastOf(p, s)
		}
	}
	return nil
}

// lastOf distinguishes the two warnings, which are one page with another button.
func lastOf(p *page, s dump.Screen) *page {
	if p.name != "first warning" {
		return p
	}
	for i := range pages {
		if pages[i].last && slices.ContainsFunc(s.Items, func(i dump.ScreenItem) bool {
			return says(i.Text, "button_text_ok") || says(i.Text, "button_text_ok_timer")
		}) {
			return &pages[i]
		}
	}
	return p
}

func (p *page) marks(i dump.ScreenItem) bool {
	for _, id := range p.ids {
		if strings.HasSuffix(i.ID, ":id/"+id) {
			return true
		}
	}
	return slices.ContainsFunc(p.words, func(w string) bool { return says(i.Text, w) })
}

// button finds the button to the next page. Of several it is the lowest one: a page
// may have its button's word for a title. It is not ok while a count runs.
func (p *page) button(s dump.Screen) (at image.Point, ok bool) {
	lowest := -1
	for _, i := range s.Items {
		if p.press != "" && i.Enabled && says(i.Text, p.press) && !i.Bounds.Empty() && i.Bounds.Min.Y > lowest {
			lowest = i.Bounds.Min.Y
			at, ok = i.Bounds.Min.Add(i.Bounds.Size().Div(2)), true
		}
	}
	return at, ok
}

// wordsTSV is what the vendor's settings write on the pages of a factory reset,
// under the vendor's own names for the words. English and Chinese were read in
// the settings of a Redmi K60 with HyperOS 1 (Android 14); the Spanish column is
// a translation, so a person always sees the English word beside it.
//
//go:embed words.tsv
var wordsTSV string

// words is the table: by key, then by language.
var words, languages = readWords(wordsTSV)

func readWords(tsv string) (table map[string]map[string]string, languages []string) {
	table = map[string]map[string]string{}
	for line := range strings.Lines(tsv) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if languages == nil {
			languages = cells[1:]
			continue
		}
		row := map[string]string{}
		for i, language := range languages {
			row[language] = cells[i+1]
		}
		table[cells[0]] = row
	}
	return table, languages
}

// languageOf is the language of the table for a locale such as "zh-CN" or "es-MX".
func languageOf(locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	for _, have := range languages {
		if known, _, _ := strings.Cut(have, "-"); strings.EqualFold(known, language) {
			return have
		}
	}
	return "en"
}

// label is a word as the person finds it on the screen, with the English one
// beside it where that is another.
func label(key, language string) message.Sentence {
	here, english := words[key][language], words[key]["en"]
	if here == english {
		return message.Say("guide.button", "here", here)
	}
	return message.Say("guide.button.english", "here", here, "english", english)
}

// says reports whether a text on the screen is the word, in any language: the
// handset's may not be known, and may be changed meanwhile.
func says(text, key string) bool {
	for _, word := range words[key] {
		before, after, counts := strings.Cut(plainly(word), "%d")
		rest, ok := strings.CutPrefix(plainly(text), before)
		if !counts && ok && rest == "" {
			return true
		}
		number, whole := strings.CutSuffix(rest, after)
		if counts && ok && whole && number != "" && strings.Trim(number, "0123456789") == "" {
			return true
		}
	}
	return false
}

// isWord reports whether a text on the screen is any of the words.
func isWord(text string) bool {
	for key := range words {
		if says(text, key) {
			return true
		}
	}
	return false
}

// plainly takes away what differs between builds in the same word: capitals,
// and how three dots are written.
func plainly(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "…", "...")
}
