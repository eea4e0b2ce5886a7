package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"html/template"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"preship/report/message"
	"preship/report/printable"
)

//go:embed *.tmpl
var texts embed.FS

//go:embed assets
var assets embed.FS

// View is a page.
type View struct {
	Title message.Sentence
	Class string // of its main part: wide, or empty
	Here  Place
	Live  string // the query of its stream; empty: nothing on it changes
	Parts []Part
}

// Part is a part of a page that is written by a template, and changes as a whole.
type Part struct {
	ID     string // of its element; also the name of the template
	Data   any
	Polite bool // a change is read aloud when the screen reader has time
}

// Reader is who reads a page.
type Reader struct {
	Language string
	Token    string // of the forms; empty: the reader has no session
	Path     string // of the page
	Demo     bool
}

// Place is an entry of the page's menu.
type Place string

// The entries of the menu; their values are paths.
const (
	Home   Place = "/"
	Board  Place = "/board"
	Intake Place = "/intake"
	Cases  Place = "/cases"
	Check  Place = "/check"
	Keys   Place = "/keys"
)

var menu = []struct {
	place Place
	title message.ID
}{
	{Home, "desk.nav.home"},
	{Board, "desk.nav.board"},
	{Intake, "desk.nav.intake"},
	{Cases, "desk.nav.cases"},
	{Check, "desk.nav.check"},
	{Keys, "desk.nav.keys"},
}

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"en": "English", "es": "Español", "zh": "中文"}

// words returns a sentence in a language, as the page says it.
func words(language string, s message.Sentence) string {
	if s.Empty() {
		return ""
	}
	text, _ := onPage(s).In(language)
	return text
}

// set returns the templates of each language.
var set = sync.OnceValue(func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, language := range message.Languages() {
		all[language] = template.Must(template.New("").Funcs(template.FuncMap{
			"say":   func(id message.ID, args ...any) string { return words(language, message.Say(id, args...)) },
			"words": func(s message.Sentence) string { return words(language, s) },
			"has":   func(s message.Sentence) bool { return !s.Empty() },
		}).ParseFS(texts, "*.tmpl"))
	}
	return all
})

// frame is the content of the template of that name.
type frame struct {
	Reader
	View      View
	Nav       []link
	Languages []language
	Parts     []written
}

type link struct {
	Path  Place
	Title message.Sentence
	Here  bool
}

type language struct {
	Tag, Name string
	Here      bool
}

type written struct {
	Part
	HTML    template.HTML
	Version string
}

// Version names the content of a part, so that a page is not sent a part again.
func Version(html string) string {
	sum := sha256.Sum256([]byte(html))
	return hex.EncodeToString(sum[:6])
}

// Write writes a page for a reader.
func Write(w io.Writer, to Reader, v View) error {
	f := frame{Reader: to, View: v}
	for _, m := range menu {
		f.Nav = append(f.Nav, link{m.place, message.Say(m.title), m.place == v.Here})
	}
	for _, tag := range message.Languages() {
		f.Languages = append(f.Languages, language{tag, cmp.Or(languageNames[tag], tag), tag == to.Language})
	}
	for _, part := range v.Parts {
		html, err := WritePart(to, part)
		if err != nil {
			return err
		}
		f.Parts = append(f.Parts, written{part, template.HTML(html), Version(html)}) // a template wrote it
	}
	html, err := execute(to.Language, "frame", f)
	if err == nil {
		_, err = io.WriteString(w, html)
	}
	return err
}

// WritePart returns the content of a part for a reader.
func WritePart(to Reader, part Part) (string, error) {
	html, err := execute(to.Language, part.ID, struct {
		D     any
		Token string
	}{part.Data, to.Token})
	return strings.TrimSpace(html), err
}

var errLanguage = errors.New("page: no such language")

// execute writes a template. A character of a handset's, a file's or a report's text that
// would hide or reorder the text, such as a bidi override, is replaced.
func execute(language, name string, data any) (string, error) {
	t := set()[language]
	if t == nil {
		return "", errLanguage
	}
	var b strings.Builder
	err := t.ExecuteTemplate(&b, name, data)
	return seen(b.String()), err
}

func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if printable.Unsafe(r) && r != '\n' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Words returns a sentence in the language of a reader.
func (to Reader) Words(s message.Sentence) string { return seen(words(to.Language, s)) }

// Assets serves style, script and icon below its prefix.
func Assets(prefix string) http.Handler {
	type asset struct {
		content []byte
		tag     string
	}
	all := map[string]asset{}
	list, _ := assets.ReadDir("assets") // it is in the program
	for _, e := range list {
		b, _ := assets.ReadFile("assets/" + e.Name())
		sum := sha256.Sum256(b)
		all[prefix+e.Name()] = asset{b, `"` + hex.EncodeToString(sum[:8]) + `"`}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := all[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", a.tag)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, r.URL.Path, time.Time{}, bytes.NewReader(a.content))
	})
}
