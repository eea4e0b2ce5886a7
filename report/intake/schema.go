package intake

import (
	"strings"
	"unicode"

	"preship/report/message"
)

// Published is the JSON Schema of the files that [Parse] and [Form.Problems] accept.
// What no schema can say is in its description.
func Published() map[string]any {
	groups := map[string]any{
		"schema": map[string]any{"enum": []any{Schema, "", nil}},
		"salt":   textOr(map[string]any{}, ""),
	}
	needed := map[string][]any{}
	for _, f := range Fields {
		name, field, _ := strings.Cut(f.Name, ".")
		group, ok := groups[name].(map[string]any)
		if !ok {
			group = map[string]any{"type": []any{"object", "null"}, "properties": map[string]any{}, "additionalProperties": false}
			groups[name] = group
		}
		group["properties"].(map[string]any)[field] = f.schema()
		if f.Needed() {
			needed[name] = append(needed[name], field)
		}
	}
	var top []any
	for _, f := range Fields {
		name, _, _ := strings.Cut(f.Name, ".")
		if fields := needed[name]; fields != nil {
			group := groups[name].(map[string]any)
			group["type"], group["required"] = "object", fields
			top = append(top, name)
			delete(needed, name)
		}
	}
	present := func(field string) map[string]any {
		return map[string]any{"required": []any{field}, "properties": map[string]any{field: map[string]any{"type": "string", "pattern": `\S`}}}
	}
	groups["customer"].(map[string]any)["anyOf"] = []any{present("phone"), present("email")}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": Schema,
		"description": "The answers of preship intake --from, in JSON or YAML. preship also refuses a fault that says nothing (\"not working\"), " +
			"a passcode in any answer, a number that is no IMEI by its check digit, a day that the calendar lacks or that can be read in two ways, " +
			"a purchase in the future, a photo that the case does not have, and an answer that contradicts the handset. " +
			"Without a handset in the case it asks for product.model.",
		"type": "object", "properties": groups, "required": top, "additionalProperties": false,
	}
}

func (f Field) schema() map[string]any {
	s := map[string]any{"type": []any{"string", "null"}}
	switch f.kind {
	case asYesNo:
		s = map[string]any{"anyOf": []any{
			map[string]any{"type": []any{"boolean", "null"}},
			map[string]any{"type": "string", "pattern": `^\s*(?:[yY]|[yY][eE][sS]|[sS]|[sS][iIíÍ]|[nN]|[nN][oO]|是|否)?\s*$`},
		}}
	case asDate:
		s["pattern"] = orEmpty(datePattern)
	case asMoment:
		s["pattern"] = orEmpty(datePattern) + `|^[0-9]{4}-[0-9]{2}-[0-9]{2}[tT][0-9:.]+(?:[zZ]|[+-][0-9]{2}:[0-9]{2})$`
	case asCountry:
		s["pattern"] = `^\s*(?:[A-Za-z]{2}|` + strings.Join(anyCountry(), "|") + `)\s*$`
	case asLanguage:
		s["pattern"] = orEmpty(anyCase(languages()))
	case asMade:
		s["pattern"] = orEmpty(anyCase(backupMade))
	case asEmail:
		s["pattern"] = orEmpty(`^\s*` + strings.Trim(emailPattern, "^$") + `\s*$`)
	case asIMEI:
		s["pattern"] = orEmpty(imeiPattern)
	case asList:
		s = map[string]any{"type": []any{"array", "string", "null"}, "items": map[string]any{"type": []any{"string", "null"}}}
	case asMap:
		s = map[string]any{"type": []any{"object", "null"}, "additionalProperties": map[string]any{"type": []any{"string", "null"}}}
	case asPhotos:
		s = map[string]any{"type": []any{"array", "null"}, "items": map[string]any{
			"type": "object", "additionalProperties": false, "required": []any{"file", "sha256"},
			"properties": map[string]any{
				"file":   map[string]any{"type": "string", "pattern": photoName().String()},
				"sha256": map[string]any{"type": "string"},
			},
		}}
	}
	if f.Needed() {
		s["type"] = "string"
		s["pattern"] = needing(s["pattern"])
	}
	words, _ := message.Say(f.Ask).In("en")
	s["description"] = words
	return s
}

// textOr is a schema of a text or null.
func textOr(s map[string]any, description string) map[string]any {
	s["type"] = []any{"string", "null"}
	if description != "" {
		s["description"] = description
	}
	return s
}

// needing is the pattern of a field that must not be empty.
func needing(pattern any) any {
	if p, ok := pattern.(string); ok {
		return strings.TrimPrefix(p, blank+"|")
	}
	return `\S`
}

const blank = `^\s*$`

func orEmpty(pattern string) string { return blank + "|" + pattern }

// anyCase is a pattern for words whose case makes no difference.
func anyCase(words []string) string {
	var b strings.Builder
	b.WriteString(`^\s*(?:`)
	for i, word := range words {
		if i > 0 {
			b.WriteByte('|')
		}
		for _, r := range word {
			if up := unicode.ToUpper(r); up != r {
				b.WriteString("[" + string(r) + string(up) + "]")
				continue
			}
			b.WriteRune(r)
		}
	}
	b.WriteString(`)\s*$`)
	return b.String()
}
