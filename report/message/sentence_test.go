package message

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, flag string
		env        map[string]string
		want       string
		err        bool
	}{
		{name: "nothing set", want: "en"},
		{name: "flag", flag: "es", env: map[string]string{"LANG": "zh_CN.UTF-8"}, want: "es"},
		{name: "flag with a region", flag: "es-419", want: "es"},
		{name: "flag in capitals", flag: "ZH", want: "zh"},
		{name: "flag without words", flag: "fr", want: "en", err: true},
		{name: "flag that is a name", flag: "espanol", want: "en", err: true},
		{name: "locale", env: map[string]string{"LANG": "es_ES.UTF-8"}, want: "es"},
		{name: "modifier", env: map[string]string{"LANG": "es@euro"}, want: "es"},
		{name: "simplified", env: map[string]string{"LANG": "zh_CN"}, want: "zh"},
		{name: "traditional", env: map[string]string{"LANG": "zh_TW.UTF-8"}, want: "zh"},
		{name: "script", env: map[string]string{"LANG": "zh-Hans-CN"}, want: "zh"},
		{name: "LC_ALL before the others", env: map[string]string{"LC_ALL": "C", "LC_MESSAGES": "es", "LANG": "zh"}, want: "en"},
		{name: "LC_MESSAGES before LANG", env: map[string]string{"LC_MESSAGES": "es", "LANG": "zh"}, want: "es"},
		{name: "empty counts as not set", env: map[string]string{"LC_ALL": "", "LANG": "zh"}, want: "zh"},
		{name: "C", env: map[string]string{"LANG": "C.UTF-8"}, want: "en"},
		{name: "POSIX", env: map[string]string{"LANG": "POSIX"}, want: "en"},
		{name: "no words", env: map[string]string{"LANG": "fr_FR.UTF-8"}, want: "en"},
		{name: "garbage", env: map[string]string{"LANG": "-\x00"}, want: "en"},
	} {
		got, err := Language(tt.flag, func(name string) string { return tt.env[name] })
		if is := new(ErrLanguage); got != tt.want || errors.As(err, is) != tt.err {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	s := Join(Semicolon, English("a"), Sentence{}, Join(Comma, English("b"), English("c")))
	if got := s.String(); got != "a; b, c" {
		t.Errorf("English %q", got)
	}
	if got, known := s.In("zh"); got != "a；b，c" || known {
		t.Errorf("Chinese %q, %t", got, known)
	}
	nested := Join(Colon, Join(Colon, English("a"), English("b")), Join(Colon, English("c"), Join(Semicolon, English("d"), English("e"))))
	if b, err := json.Marshal(nested); err != nil || strings.Count(string(b), string(Colon)) != 1 || nested.String() != "a: b: c: d; e" {
		t.Errorf("nested parts give %s, %v", b, err)
	}
	if got := Join(Colon, English("a")); got.String() != "a" || got.ID() != "" {
		t.Errorf("one part gives %q", got)
	}
	if got := Join(Colon); !got.Empty() {
		t.Errorf("no part gives %q", got)
	}
}

// A sentence counts only if it makes the text that was signed.
func TestSigned(t *testing.T) {
	t.Parallel()
	list := Say(Comma, itemsArg, []string{"a", "b"})
	for _, tt := range []struct {
		name, text string
		s          *Sentence
		zh         string
		known      bool
	}{
		{"same", "a, b", &list, "a，b", true},
		{"another text", "a, b, c", &list, "a, b, c", false},
		{"no sentence", "a", nil, "a", false},
		{"unknown ID", "room.of.later", &Sentence{id: "room.of.later"}, "room.of.later", false},
		{"argument missing", "list.comma", &Sentence{id: Comma}, "list.comma", false},
	} {
		if got, known := Signed(tt.text, tt.s).In("zh"); got != tt.zh || known != tt.known {
			t.Errorf("%s: %q, %t", tt.name, got, known)
		}
	}
}

func TestMap(t *testing.T) {
	t.Parallel()
	s := Join(Semicolon, Say(Comma, itemsArg, []string{"mail@example.com", "x"}), English("mail@example.com"))
	hidden := s.Map(func(text string) string { return strings.ReplaceAll(text, "example", "***") })
	if b, _ := json.Marshal(hidden); strings.Contains(string(b), "example") {
		t.Errorf("%s", b)
	}
	if !strings.Contains(s.String(), "example") {
		t.Error("the sentence itself was changed")
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	s := Join(Semicolon, Say(Comma, itemsArg, []Sentence{English("{count}%s"), Say(Colon, itemsArg, []string{"<b>", "\x00"})}), Say("room.of.later", "count", 3))
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Sentence
	if err := json.Unmarshal(b, &back); err != nil || back.String() != s.String() {
		t.Errorf("%s came back as %q, %v", b, back, err)
	}
	again, _ := json.Marshal(back)
	if string(again) != string(b) {
		t.Errorf("%s came back as %s", b, again)
	}
}

// A value that is not a sentence, or is made to cost time, gives the empty sentence.
func TestHostileJSON(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"id":"list.comma","args":{"items":[`, 2000) + `"x"` + strings.Repeat(`]}}`, 2000)
	for _, text := range []string{
		`null`, `3`, `"x"`, `[]`, `{"id":3}`, `{"id":"a.b\u001b[2J"}`, `{"id":"a.b","args":{"x\n":"y"}}`, `{"id":"a.b","args":[]}`, `{"id":"a.b","args":{"x":1.5}}`, `{"id":"a.b","args":{"x":null}}`,
		`{"id":"a.b","args":{"x":true}}`, `{"id":"a.b","args":{"x":99999999999999999999}}`, `{"args":{"x":"y"}}`, `{"id":"a.b","text":"y"}`,
		deep, `{"text":"` + strings.Repeat("a", maxJSON) + `"}`, `{"key":"%s","args":["x"]}`, `{"key":"the old form"}`,
	} {
		s := Say("not.empty")
		if err := json.Unmarshal([]byte(text), &s); err != nil || !s.Empty() {
			t.Errorf("%.60s: %q, %v", text, s, err)
		}
	}
}

func FuzzSentenceJSON(f *testing.F) {
	f.Add(`{"id":"list.comma","args":{"items":["a",3,{"text":"b"},{"id":"x.y","args":{"count":1}}]}}`)
	f.Add(`{"key":"%s","args":["x"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var s, back Sentence
		if json.Unmarshal([]byte(text), &s) != nil {
			return
		}
		for _, tag := range Languages() {
			s.In(tag)
		}
		Signed(text, &s)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &back); err != nil || len(b) < maxJSON && back.String() != s.String() {
			t.Errorf("%q came back as %q: %v", s, back, err)
		}
	})
}
