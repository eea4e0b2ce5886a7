package selection

import (
	"path"
	"slices"
	"strings"

	"preship/report/message"
)

// Kind is one kind of data.
type Kind string

// The kinds. Files are those of the storages.
const (
	Files    Kind = "files"
	Contacts Kind = "contacts"
	Messages Kind = "messages"
	Calls    Kind = "calls"
	Calendar Kind = "calendar"
	Apps     Kind = "apps"
	Settings Kind = "settings"
)

// Kinds lists all kinds, in the order of a backup.
var Kinds = []Kind{Files, Contacts, Messages, Calls, Calendar, Apps, Settings}

// ErrRule means that a rule is neither a kind nor a pattern.
var ErrRule = message.Error(message.Say("backup.error.rule", "kinds", names()), nil)

func names() (list []string) {
	for _, k := range Kinds {
		list = append(list, string(k))
	}
	return list
}

// Rule is one kind, or one pattern of paths.
type Rule struct {
	kind    Kind     // "" for a pattern
	pattern []string // the names of a path, in lower case
}

// Selection is what to take. The zero value takes everything.
type Selection struct {
	only, exclude []Rule
	Only, Exclude []string // the rules as they were written
}

// Parse reads rules: each is a kind, or a pattern with a "/" or a wildcard. The error is
// [ErrRule] or [path.ErrBadPattern].
func Parse(only, exclude []string) (s Selection, err error) {
	s.Only, s.Exclude = only, exclude
	if s.only, err = parseAll(only); err == nil {
		s.exclude, err = parseAll(exclude)
	}
	return s, err
}

func parseAll(texts []string) (rules []Rule, err error) {
	for _, text := range texts {
		r := Rule{kind: Kind(text)}
		if !slices.Contains(Kinds, r.kind) {
			if !strings.ContainsAny(text, "/*?[") {
				return nil, message.Kind(message.Join(message.Colon, message.AsIs(text), message.Of(ErrRule)), ErrRule)
			}
			if r, err = Pattern(text); err != nil {
				return nil, message.Error(message.AsIs(text), err)
			}
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// Pattern reads one pattern of paths. The error is [path.ErrBadPattern].
func Pattern(text string) (Rule, error) {
	text = strings.ToLower(text)
	if at, ok := strings.CutPrefix(text, "/sdcard"); ok && (at == "" || at[0] == '/') {
		text = "/storage/emulated/0" + at
	}
	r := Rule{}
	if !strings.HasPrefix(text, "/") {
		r.pattern = append(r.pattern, anyDepth)
	}
	for name := range strings.SplitSeq(text, "/") {
		if _, err := path.Match(name, ""); err != nil {
			return Rule{}, err
		}
		repeated := name == anyDepth && len(r.pattern) > 0 && r.pattern[len(r.pattern)-1] == anyDepth
		if name != "" && name != "." && !repeated {
			r.pattern = append(r.pattern, name)
		}
	}
	return r, nil
}

// anyDepth stands for any number of folders.
const anyDepth = "**"

// Matches reports whether a path is that of the pattern, or in a folder of it.
func (r Rule) Matches(name string) bool {
	return r.kind == "" && matches(r.pattern, strings.Split(strings.Trim(strings.ToLower(name), "/"), "/"))
}

func matches(pattern, name []string) bool {
	for len(pattern) > 0 {
		if pattern[0] == anyDepth {
			for from := range len(name) + 1 {
				if len(pattern) > 1 && matches(pattern[1:], name[from:]) {
					return true
				}
			}
			return len(pattern) == 1
		}
		if len(name) == 0 {
			return false
		}
		if ok, err := path.Match(pattern[0], name[0]); !ok || err != nil {
			return false
		}
		pattern, name = pattern[1:], name[1:]
	}
	return true // the rest of the name is in that folder
}

// Everything reports whether nothing is left out.
func (s Selection) Everything() bool { return len(s.only)+len(s.exclude) == 0 }

// Path reports whether a file of a storage is taken.
func (s Selection) Path(name string) bool {
	is := func(r Rule) bool { return r.kind == Files || r.Matches(name) }
	return (len(s.only) == 0 || slices.ContainsFunc(s.only, is)) && !slices.ContainsFunc(s.exclude, is)
}

// Kind reports whether data of a kind other than [Files] is taken.
func (s Selection) Kind(k Kind) bool {
	is := func(r Rule) bool { return r.kind == k }
	return (len(s.only) == 0 || slices.ContainsFunc(s.only, is)) && !slices.ContainsFunc(s.exclude, is)
}
