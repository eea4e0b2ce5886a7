package message

import (
	"archive/zip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"preship/report/packed"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// pack is the folder lang as a ZIP of stored files, which is compressed as a whole: the
// files are much alike. It takes a fifth of their size. A test keeps the two equal.
//
//go:embed lang.zip.zst
var pack []byte

// files are the message files.
var files = sync.OnceValue(func() *zip.Reader { return packed.Open(pack) })

// catalogue holds the words of one language. It reads a file when it writes the first
// message of that file: a command says few sentences, and most of them are in few files.
type catalogue struct {
	tag     string
	rooms   map[string]func() *room // by the first word of the IDs
	numbers *message.Printer
}

// room holds the words of one file.
type room struct {
	words   map[ID]*i18n.Message
	locales func() *i18n.Localizer // made for the first message with a count
}

// catalogues opens a language when the first sentence in it is written.
var catalogues = func() map[string]func() *catalogue {
	all := make(map[string]func() *catalogue, len(languages))
	for _, tag := range languages {
		all[tag] = sync.OnceValue(func() *catalogue { return mustOpen(tag) })
	}
	return all
}()

// loaded is set when a language is opened.
var loaded atomic.Bool

// mustOpen panics on a file that is not a message file, when that file is read: the
// files are part of the program, and a test reads them all.
func mustOpen(tag string) *catalogue {
	loaded.Store(true)
	t := language.MustParse(tag)
	dir := path.Join("lang", tag)
	entries, err := fs.ReadDir(files(), dir)
	if err != nil {
		panic(err)
	}
	c := &catalogue{tag: tag, rooms: make(map[string]func() *room, len(entries)), numbers: message.NewPrinter(t)}
	for _, entry := range entries {
		c.rooms[strings.TrimSuffix(entry.Name(), ".json")] = sync.OnceValue(func() *room {
			r, err := read(t, path.Join(dir, entry.Name()))
			if err != nil {
				panic(err)
			}
			return r
		})
	}
	return c
}

// read returns the messages of a file.
func read(tag language.Tag, file string) (*room, error) {
	b, err := fs.ReadFile(files(), file)
	if err != nil {
		return nil, err
	}
	messages, err := i18n.ParseMessageBytes(b, json.Unmarshal)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := &room{make(map[ID]*i18n.Message, len(messages)), sync.OnceValue(func() *i18n.Localizer {
		bundle := i18n.NewBundle(tag)
		if err := bundle.AddMessages(tag, messages...); err != nil {
			panic(err)
		}
		return i18n.NewLocalizer(bundle, tag.String())
	})}
	for _, m := range messages {
		r.words[ID(m.ID)] = m
	}
	return r, nil
}

// room returns the words of the file that an ID names; nil if there is no such file.
func (c *catalogue) room(id ID) *room {
	name, _, _ := strings.Cut(string(id), ".")
	if read, ok := c.rooms[name]; ok {
		return read()
	}
	return nil
}

var (
	errUnknownID    = errors.New("unknown message ID")
	errNoArgument   = errors.New("argument is missing")
	errEnglishWords = errors.New("text without an ID")
)

// countArg is the argument that decides the plural form.
const countArg = "count"

// write fills the words of a message with values, which has a text for each argument.
func (c *catalogue) write(id ID, values map[string]string, count *int64) (string, error) {
	r := c.room(id)
	if r == nil || r.words[id] == nil {
		return "", errUnknownID
	}
	m := r.words[id]
	if count == nil || !plural(m) { // most messages: there is no form to choose
		return words(m.Other).Execute(values)
	}
	return r.locales().Localize(&i18n.LocalizeConfig{MessageID: string(id), TemplateData: values, TemplateParser: parser{}, PluralCount: *count})
}

// plural reports whether a message has forms beside "other".
func plural(m *i18n.Message) bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// parser takes the words of a message as they are: text with {name} in it.
type parser struct{}

func (parser) Cacheable() bool { return true }

func (parser) Parse(text, _, _ string) (template.ParsedTemplate, error) { return words(text), nil }

// words are the words of a message in one form.
type words string

// Execute puts the values in. A value is never parsed.
func (w words) Execute(data any) (string, error) {
	values, _ := data.(map[string]string)
	var text strings.Builder
	var pieces []string // text and values in turn
	err := w.each(&text, func(name string) error {
		value, ok := values[name]
		if !ok {
			return fmt.Errorf("%w: %s", errNoArgument, name)
		}
		pieces = append(pieces, text.String(), value)
		text.Reset()
		return nil
	})
	pieces = append(pieces, text.String())
	for i := range len(pieces) / 2 {
		before, value, after := &pieces[2*i], pieces[2*i+1], &pieces[2*i+2]
		*before, *after = closeUp(*before, value, *after)
	}
	return strings.Join(pieces, ""), err
}

// closeUp leaves out the space between Chinese words and a value. The words have it beside
// a value in Latin letters, and Chinese has none beside a value in Chinese.
func closeUp(before, value, after string) (string, string) {
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	if shorter, ok := strings.CutSuffix(before, " "); ok && unicode.Is(unicode.Han, first) {
		if r, _ := utf8.DecodeLastRuneInString(shorter); unicode.Is(unicode.Han, r) {
			before = shorter
		}
	}
	if shorter, ok := strings.CutPrefix(after, " "); ok && unicode.Is(unicode.Han, last) {
		if r, _ := utf8.DecodeRuneInString(shorter); unicode.Is(unicode.Han, r) {
			after = shorter
		}
	}
	return before, after
}

// each writes the text, and calls argument where the words have a name in braces.
func (w words) each(text *strings.Builder, argument func(name string) error) error {
	rest := string(w)
	for {
		before, after, found := strings.Cut(rest, "{")
		text.WriteString(before)
		if !found {
			return nil
		}
		name, after, closed := strings.Cut(after, "}")
		if !closed || name == "" || strings.Contains(name, "{") {
			return fmt.Errorf("%q: brace without an argument's name", string(w))
		}
		if err := argument(name); err != nil {
			return err
		}
		rest = after
	}
}
