package message

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed lang
var files embed.FS

// catalogue holds the words of one language.
type catalogue struct {
	tag     string
	words   map[ID]*i18n.Message
	locales *i18n.Localizer
	numbers *message.Printer
}

// catalogues reads the files of a language when the first sentence in it is written.
var catalogues = func() map[string]func() *catalogue {
	all := make(map[string]func() *catalogue, len(languages))
	for _, tag := range languages {
		all[tag] = sync.OnceValue(func() *catalogue { return mustLoad(tag) })
	}
	return all
}()

// loaded is set when the files of a language are read.
var loaded atomic.Bool

// mustLoad panics on a file that is not a message file: the files are part of the
// program, and a test reads them all.
func mustLoad(tag string) *catalogue {
	c, err := load(tag)
	if err != nil {
		panic(err)
	}
	return c
}

func load(tag string) (*catalogue, error) {
	loaded.Store(true)
	t, err := language.Parse(tag)
	if err != nil {
		return nil, err
	}
	dir := path.Join("lang", tag)
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(t)
	c := &catalogue{tag: tag, words: map[ID]*i18n.Message{}, numbers: message.NewPrinter(t)}
	for _, entry := range entries {
		b, err := files.ReadFile(path.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		// go-i18n takes the language from a name such as backup.es.json.
		read, err := i18n.ParseMessageFileBytes(b, strings.TrimSuffix(entry.Name(), ".json")+"."+tag+".json", map[string]i18n.UnmarshalFunc{"json": json.Unmarshal})
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", dir, entry.Name(), err)
		}
		if err := bundle.AddMessages(t, read.Messages...); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", dir, entry.Name(), err)
		}
		for _, m := range read.Messages {
			c.words[ID(m.ID)] = m
		}
	}
	c.locales = i18n.NewLocalizer(bundle, tag)
	return c, nil
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
	if c.words[id] == nil {
		return "", errUnknownID
	}
	config := &i18n.LocalizeConfig{MessageID: string(id), TemplateData: values, TemplateParser: parser{}}
	if count != nil && plural(c.words[id]) {
		config.PluralCount = *count
	}
	return c.locales.Localize(config)
}

// plural reports whether a message has forms beside "other".
func plural(m *i18n.Message) bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// parser reads the words of a message: text with {name} in it.
type parser struct{}

func (parser) Cacheable() bool { return true }

func (parser) Parse(words, _, _ string) (template.ParsedTemplate, error) {
	var p parsed
	for {
		text, rest, found := strings.Cut(words, "{")
		p = append(p, text)
		if !found {
			return p, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.Contains(name, "{") {
			return nil, fmt.Errorf("%q: brace without an argument's name", words)
		}
		p, words = append(p, name), after
	}
}

// parsed are text, name, text, name, …, text.
type parsed []string

// Execute puts the values in. A value is never parsed.
func (p parsed) Execute(data any) (string, error) {
	values, _ := data.(map[string]string)
	var b strings.Builder
	for i, part := range p {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		value, ok := values[part]
		if !ok {
			return "", fmt.Errorf("%w: %s", errNoArgument, part)
		}
		b.WriteString(value)
	}
	return b.String(), nil
}
