package formats

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errVCard means that a vCard has no beginning or no end.
var errVCard = errors.New("vCards are cut short")

// property is one line of a vCard, unfolded and decoded.
type property struct {
	group, name string
	types       []string
	value       []string // components, of which most properties have one
	list        bool     // commas and not semicolons separate the components
	binary      bool     // value is base64
}

// Card is the vCard of one contact.
type Card struct{ lines []property }

// structured has the properties whose semicolons separate components.
var structured = map[string]bool{"N": true, "ADR": true, "ORG": true, androidCustom: true}

// ReadVCards reads the provider's vCards, which are version 2.1. It decodes
// quoted-printable with its soft line breaks, names types, removes character sets of single
// lines, and drops sounds that only phones of that time could play. The error is for cards
// that are cut short.
func ReadVCards(given []byte) (cards []*Card, err error) {
	var card *Card
	lines := strings.Split(strings.ReplaceAll(string(given), "\r\n", "\n"), "\n")
	for len(lines) > 0 {
		var line string
		line, lines = logicalLine(lines)
		switch upper := strings.ToUpper(strings.TrimSpace(line)); {
		case upper == "BEGIN:VCARD":
			if card != nil {
				return nil, fmt.Errorf("%w: card %d has no end", errVCard, len(cards))
			}
			card = &Card{}
		case upper == "END:VCARD":
			if card == nil {
				return nil, fmt.Errorf("%w: an end without its beginning", errVCard)
			}
			card.complete()
			cards, card = append(cards, card), nil
		case card != nil && upper != "":
			if p, ok := parseProperty(line); ok && !p.empty() && !p.soundOfOldPhones() {
				card.lines = append(card.lines, p)
			}
		}
	}
	if card != nil {
		return nil, fmt.Errorf("%w: card %d has no end", errVCard, len(cards))
	}
	return cards, nil
}

func (p *property) empty() bool { return strings.Join(p.value, "") == "" }

// soundOfOldPhones reports whether a line is a name as Japanese phones sorted it, in a form
// that no version of vCard has.
func (p *property) soundOfOldPhones() bool {
	return strings.HasPrefix(p.name, "X-IRMC") ||
		p.name == "SOUND" && slices.ContainsFunc(p.types, func(t string) bool { return strings.HasPrefix(t, "X-IRMC") })
}

// logicalLine joins the lines of one property. A quoted-printable line that ends in "="
// continues, and any line that begins with white space continues the one before.
func logicalLine(lines []string) (line string, rest []string) {
	line, rest = lines[0], lines[1:]
	head, _, _ := strings.Cut(line, ":")
	quoted := strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
	var b strings.Builder
	b.WriteString(line)
	for len(rest) > 0 {
		switch {
		case quoted && strings.HasSuffix(line, "="):
		case !quoted && (strings.HasPrefix(rest[0], " ") || strings.HasPrefix(rest[0], "\t")):
			rest[0] = rest[0][1:]
		default:
			return b.String(), rest
		}
		line, rest = rest[0], rest[1:]
		b.WriteString("\n" + line)
	}
	return b.String(), rest
}

func parseProperty(line string) (p property, ok bool) {
	head, value, ok := strings.Cut(line, ":")
	if !ok {
		return p, false
	}
	params := strings.Split(head, ";")
	name := strings.ToUpper(strings.TrimSpace(params[0]))
	if group, rest, ok := strings.Cut(name, "."); ok {
		p.group, name = group, rest
	}
	if name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" || name == "VERSION" {
		return p, false
	}
	p.name = name
	quoted := false
	for _, param := range params[1:] {
		key, word, named := strings.Cut(param, "=")
		if !named {
			key, word = "TYPE", param
		}
		for word := range strings.SplitSeq(strings.ToUpper(word), ",") {
			switch {
			case word == "QUOTED-PRINTABLE":
				quoted = true
			case word == "BASE64" || word == "B" && strings.EqualFold(key, "ENCODING"):
				p.binary = true
			case strings.EqualFold(key, "TYPE"):
				p.types = append(p.types, typeWord(word))
			}
		}
	}
	if p.binary {
		value = strings.Join(strings.Fields(value), "")
		_, err := base64.StdEncoding.DecodeString(value)
		p.value = []string{value}
		return p, err == nil
	}
	if quoted {
		value = strings.ReplaceAll(value, "=\n", "")
	} else {
		value = strings.ReplaceAll(value, "\n", "")
	}
	p.value = components(value, structured[name])
	for i, v := range p.value {
		if quoted { // a semicolon that is encoded is text
			v = unquotePrintable(v)
		}
		p.value[i] = unescape(v)
	}
	return p, true
}

// typeWord returns the characters of a type that a line's head may have.
func typeWord(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, word)
}

// unquotePrintable decodes quoted-printable. It leaves invalid escapes as they are, so
// that a damaged line is kept.
func unquotePrintable(s string) string {
	var b bytes.Buffer
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) {
			hi, lo := hexDigit(s[i+1]), hexDigit(s[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\ufffd")
}

func hexDigit(c byte) int { return strings.IndexByte("0123456789ABCDEF", upperByte(c)) }

func upperByte(c byte) byte {
	if c >= 'a' && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}

// escaped has the characters that a backslash escapes.
const escaped = `;:,\`

// components splits a value, not decoded yet, at its semicolons if split is true.
func components(value string, split bool) []string {
	if !split {
		return []string{value}
	}
	var parts []string
	from := 0
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] == '\\' && i+1 < len(value) && strings.IndexByte(escaped, value[i+1]) >= 0:
			i++
		case value[i] == ';':
			parts, from = append(parts, value[from:i]), i+1
		}
	}
	return append(parts, value[from:])
}

// unescape removes the backslashes of escaped characters.
func unescape(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) && strings.IndexByte(escaped, value[i+1]) >= 0 {
			i++
		}
		b.WriteByte(value[i])
	}
	return b.String()
}
