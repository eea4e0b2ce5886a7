package desk

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"preship/report/message"
)

func TestChoices(t *testing.T) {
	t.Parallel()
	everything := func() url.Values {
		form := url.Values{"choices": {"1"}}
		for _, k := range kinds {
			form.Add("kind", string(k.kind))
		}
		return form
	}
	const age = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	for _, tt := range []struct {
		name    string
		change  func(url.Values)
		exclude string
		problem message.ID
		secret  string
		to      int
	}{
		{name: "everything", change: func(url.Values) {}},
		{name: "a script", change: func(f url.Values) { clear(f) }},
		{name: "no apps", change: func(f url.Values) {
			f["kind"] = slices.DeleteFunc(f["kind"], func(k string) bool { return k == "apps" })
		}, exclude: "apps"},
		{name: "nothing at all", change: func(f url.Values) { f.Del("kind") }, problem: "desk.take.nothing"},
		{name: "folders", change: func(f url.Values) { f.Set("leave", " DCIM/Screenshots \r\n\r\n*.mp4\n") }, exclude: "DCIM/Screenshots *.mp4"},
		{name: "a folder that is called as a kind", change: func(f url.Values) { f.Set("leave", "messages") }, exclude: "messages/**"},
		{name: "a broken pattern", change: func(f url.Values) { f.Set("leave", "[a") }, problem: "desk.take.wrong"},
		{name: "a passphrase", change: func(f url.Values) {
			f.Set("encrypt", "passphrase")
			f.Set("passphrase", "correct horse")
			f.Set("again", "correct horse")
		}, secret: "correct horse"},
		{name: "two passphrases", change: func(f url.Values) {
			f.Set("encrypt", "passphrase")
			f.Set("passphrase", "correct horse")
			f.Set("again", "correct horses")
		}, problem: "desk.encrypt.differ"},
		{name: "a short one", change: func(f url.Values) {
			f.Set("encrypt", "passphrase")
			f.Set("passphrase", "horse")
			f.Set("again", "horse")
		}, problem: "desk.encrypt.short"},
		{name: "no passphrase", change: func(f url.Values) { f.Set("encrypt", "passphrase") }, problem: "desk.encrypt.short"},
		{name: "a passphrase that was not chosen", change: func(f url.Values) { f.Set("passphrase", "correct horse") }},
		{name: "a key", change: func(f url.Values) { f.Set("encrypt", "to"); f.Set("to", "# mine\n"+age+"\n") }, to: 1},
		{name: "no key", change: func(f url.Values) { f.Set("encrypt", "to") }, problem: "any"},
		{name: "a secret key", change: func(f url.Values) { f.Set("encrypt", "to"); f.Set("to", "AGE-SECRET-KEY-1QQQ") }, problem: "any"},
	} {
		form := everything()
		tt.change(form)
		c, problem := chosen(form)
		if problem.ID() != tt.problem && (tt.problem != "any" || problem.Empty()) {
			t.Errorf("%s: problem %q, want %s", tt.name, problem, tt.problem)
			continue
		}
		if tt.problem == "" && (strings.Join(c.exclude, " ") != tt.exclude || string(c.encrypt.Passphrase) != tt.secret || len(c.encrypt.To) != tt.to) {
			t.Errorf("%s: %+v", tt.name, c)
		}
	}
}
