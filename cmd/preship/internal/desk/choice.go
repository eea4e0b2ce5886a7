package desk

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"preship/backup/agefile"
	"preship/backup/selection"
	"preship/cmd/preship/internal/desk/page"
	"preship/report/message"
)

// choice is what a person chose for a job before it begins. The zero value saves
// everything, and encrypts as the case began.
type choice struct {
	exclude []string // of package selection
	encrypt agefile.Encryption
}

type kindRow struct {
	kind selection.Kind
	says message.ID
}

// kinds are the kinds of data that can be left out, with their words.
var kinds = []kindRow{
	{selection.Files, "desk.take.files"},
	{selection.Contacts, "backup.kind.contacts"},
	{selection.Messages, "backup.kind.messages"},
	{selection.Calls, "backup.kind.calls"},
	{selection.Calendar, "backup.kind.calendar"},
	{selection.Apps, "backup.kind.apps"},
	{selection.Settings, "backup.kind.settings"},
}

// maxRules is how many patterns and public keys a form may have.
const maxRules = 100

// chosen reads the choices of a form. A form without them, such as that of a script, chooses
// nothing. The problem is for the person.
func chosen(form url.Values) (c choice, problem message.Sentence) {
	if form.Get("choices") == "" {
		return c, problem
	}
	for _, k := range kinds {
		if !slices.Contains(form["kind"], string(k.kind)) {
			c.exclude = append(c.exclude, string(k.kind))
		}
	}
	if len(c.exclude) == len(kinds) {
		return c, message.Say("desk.take.nothing")
	}
	for line := range strings.Lines(form.Get("leave")) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if _, err := selection.Pattern(line); err != nil || len(c.exclude) > maxRules {
			return c, message.Say("desk.take.wrong", "error", line)
		}
		if !strings.ContainsAny(line, "/*?[") {
			line += "/**" // a word alone is the name of a folder, and never a kind of data
		}
		c.exclude = append(c.exclude, line)
	}
	if _, err := selection.Parse(nil, c.exclude); err != nil {
		return c, message.Say("desk.take.wrong", "error", message.Of(err))
	}
	c.encrypt, problem = encryption(form)
	return c, problem
}

// encryption reads how a new backup is encrypted.
func encryption(form url.Values) (e agefile.Encryption, problem message.Sentence) {
	switch form.Get("encrypt") {
	case "passphrase":
		p := form.Get("passphrase")
		switch {
		case p != form.Get("again"):
			return e, message.Say("desk.encrypt.differ")
		case agefile.ShortPassphrase([]byte(p)):
			return e, message.Say("desk.encrypt.short")
		}
		e.Passphrase = []byte(p)
	case "to":
		to, err := agefile.ReadRecipients(strings.NewReader(form.Get("to")))
		if err == nil && (len(to) == 0 || len(to) > maxRules) {
			err = agefile.ErrRecipient
		}
		if err != nil {
			return e, message.Of(err)
		}
		e.To = to
	}
	return e, problem
}

// encryption returns it as a job asks for it.
func (c choice) encryption(context.Context) (agefile.Encryption, *agefile.Key, error) {
	return c.encrypt, nil, nil
}

// choices are what the page offers to choose. A backup that is begun keeps its encryption.
func (s *seat) choices() *page.Choices {
	c := &page.Choices{New: s.dir == "" && !s.unfinished}
	for _, k := range kinds {
		c.Kinds = append(c.Kinds, page.Kind{Value: string(k.kind), Label: message.Say(k.says), Take: !slices.Contains(s.exclude, string(k.kind))})
	}
	for _, rule := range s.exclude {
		if !slices.ContainsFunc(kinds, func(k kindRow) bool { return string(k.kind) == rule }) {
			c.Leave += rule + "\n"
		}
	}
	return c
}
