package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		s          Sentence
		en, es, zh string
	}{
		{"row as it stands", Say("Find Device is off"), "Find Device is off", "Buscar dispositivo está desactivado", "查找设备已关闭"},
		{"percent sign that is no verb", Say("charge the handset to 30 %"), "charge the handset to 30 %", "cargue el teléfono hasta el 30 %", "请将手机充电到 30 %"},
		{"number", Say("there are %d contacts", 1204), "there are 1204 contacts", "hay 1.204 contactos", "有 1,204 个联系人"},
		{
			"sentence within", Say("%s could not be compared: the handset does not tell its IMEI", Say("the box")),
			"the box could not be compared: the handset does not tell its IMEI", "caja: no se pudo comparar, el teléfono no indica su IMEI", "包装盒：无法比对，手机没有提供 IMEI",
		},
		{
			"text that looks like a row", Say("the battery reports that it is not well: %s", "the box"),
			"the battery reports that it is not well: the box", "la batería indica que no está bien: the box", "电池报告异常：the box",
		},
		{
			"text that looks like a format", Say("the battery reports that it is not well: %s", "%d%s%n"),
			"the battery reports that it is not well: %d%s%n", "la batería indica que no está bien: %d%s%n", "电池报告异常：%d%s%n",
		},
		{
			"one after the other", Join("; ", Say("make its own backup"), Say("compare all 15 digits")),
			"make its own backup; compare all 15 digits", "haga su propia copia; compare las 15 cifras", "进行应用自带备份；请核对全部 15 位数字",
		},
	} {
		if got := tt.s.String(); got != tt.en {
			t.Errorf("%s: English %q, want %q", tt.name, got, tt.en)
		}
		for tag, want := range map[string]string{"en": tt.en, "es": tt.es, "zh": tt.zh} {
			if got, ok := tt.s.In(tag); got != want || !ok {
				t.Errorf("%s in %s: %q, %t, want %q", tt.name, tag, got, ok, want)
			}
		}
		var back Sentence
		if err := json.Unmarshal(mustMarshal(t, tt.s), &back); err != nil || back.String() != tt.en {
			t.Errorf("%s: came back as %q, %v", tt.name, back, err)
		}
	}
	if got, ok := Say("%s; %s", Say("make its own backup"), Say("nobody translated this")).In("es"); ok {
		t.Errorf("a sentence within that is in no table gives %q, %t", got, ok)
	}
	if got, ok := Chain("refused: not ready to reset: lock.x").In("es"); !ok || got != "rechazado: no está listo para restablecer: lock.x" {
		t.Errorf("the chain of an error gives %q, %t", got, ok)
	}
	if got, ok := Say("nobody translated this").In("es"); ok || got != "nobody translated this" {
		t.Errorf("a row that is in no table gives %q, %t", got, ok)
	}
}

// What was signed is the English; a message that makes another one is not used.
func TestMessageMustMakeTheText(t *testing.T) {
	t.Parallel()
	f := Finding{Summary: "another handset is connected"}
	f.Message = &Message{Summary: &Sentence{Key: "there are %d contacts", Args: []Arg{{Text: "3"}}}}
	if got := langNamed("es").told(f).Text; got != "hay otro teléfono conectado" {
		t.Errorf("the page says %q", got)
	}
	f.Tell(Say("there are %d contacts", 3))
	f.Summary = "there are 4 contacts"
	if got := langNamed("es").told(f); got.Text != f.Summary || !got.English {
		t.Errorf("the page says %+v of a finding that says %q", got, f.Summary)
	}
	f.Tell(Say("another handset is connected"))
	if f.Message != nil {
		t.Errorf("a row as it stands has a message: %+v", f.Message)
	}
}

// An argument that is none, and one made to cost time, are empty.
func TestArgsOfAnotherHand(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"key":"%s","args":[`, 4000) + `"x"` + strings.Repeat(`]}`, 4000)
	for _, arg := range []string{"null", "true", "1.5", "[]", `[{"key":"x"}]`, "99999999999999999999", deep, `"` + strings.Repeat("a", 1<<20) + `"`} {
		var s Sentence
		if err := json.Unmarshal([]byte(`{"key":"%s","args":[`+arg+`]}`), &s); err != nil {
			t.Errorf("%.40s: %v", arg, err)
		}
		if got := s.String(); got != "" {
			t.Errorf("%.40s gives %.40q", arg, got)
		}
	}
}

// A format of another hand is not tried: each of these verbs would write a megabyte.
func TestFormatsOfAnotherHand(t *testing.T) {
	t.Parallel()
	wide := Sentence{Key: "%[1]999999s" + strings.Repeat("%[1]999999s", 63), Args: []Arg{{Text: "x"}}}
	for _, s := range []Sentence{wide, Say("%s; %s", wide, "x")} {
		text := s.String()
		if got := sentenceOf(text, &s); got.Key != text || len(got.Args) > 0 {
			t.Errorf("%.40q is taken for a sentence of ours", s.Key)
		}
	}
	if own := Say("%s; %s", Say("make its own backup"), Say("nobody translated this")); sentenceOf(own.String(), &own).Key != own.Key {
		t.Error("a sentence that is not translated is not taken for one")
	}
}

// What is personal must not stand in the arguments when it was taken out of the text.
func TestMessagesAreImpersonal(t *testing.T) {
	t.Parallel()
	s := Say("%s; %s", Say("mail@example.com"), "other@example.com")
	var f Finding
	f.Tell(s)
	f.drop(func(s string) string { return impersonal(s, "/home/name") })
	if text := string(mustMarshal(t, f)); strings.Contains(text, "example") {
		t.Error(text)
	}
}

// Every reason a report gives by itself is translated, and every key is used by
// one table only.
func TestReasonsAreTranslated(t *testing.T) {
	t.Parallel()
	for name, change := range variants {
		r := build(t, change)
		for _, why := range r.Reasons {
			if why.Check != "" && !strings.HasSuffix(why.Check, "*") {
				continue // a sample's own words
			}
			for _, tag := range []string{"es", "zh"} {
				l := langNamed(tag)
				if got := l.why(why); got.English || strings.Contains(got.Text, "step") {
					t.Errorf("%s in %s: %q", name, tag, got.Text)
				}
				if got := l.next(why); got != nil && got.English {
					t.Errorf("%s in %s: %q", name, tag, got.Text)
				}
			}
		}
	}
	for _, row := range rungs {
		for _, text := range []string{row.Title, row.NotProved} {
			if !slices.ContainsFunc(messages, func(p phrase) bool { return p.en == text }) {
				t.Errorf("%q is in no table", text)
			}
		}
	}
}
