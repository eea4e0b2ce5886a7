package formats

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// errVCard means that a vCard has no beginning or no end.
var errVCard = errors.New("vCards are cut short")

// property is one line of a vCard, unfolded and decoded.
type property struct {
	group, name string
	types       []string
	value       []string // components, of which most properties have one
	binary      bool     // value is base64
}

// structured has the properties whose semicolons separate components.
var structured = map[string]bool{"N": true, "ADR": true, "ORG": true}

// ConvertVCards rewrites the provider's vCards, which are version 2.1, as version 3.0,
// which today's address books read. It decodes quoted-printable with its soft line breaks,
// names types, and removes character sets of single lines.
func ConvertVCards(given []byte) (converted []byte, count int, err error) {
	var out bytes.Buffer
	var card []property
	inside := false
	lines := strings.Split(strings.ReplaceAll(string(given), "\r\n", "\n"), "\n")
	for len(lines) > 0 {
		var line string
		line, lines = logicalLine(lines)
		switch upper := strings.ToUpper(strings.TrimSpace(line)); {
		case upper == "BEGIN:VCARD":
			if inside {
				return nil, 0, fmt.Errorf("%w: card %d has no end", errVCard, count)
			}
			inside, card = true, nil
		case upper == "END:VCARD":
			if !inside {
				return nil, 0, fmt.Errorf("%w: an end without its beginning", errVCard)
			}
			inside = false
			count++
			writeVCard(&out, card)
		case inside && upper != "":
			if p, ok := parseProperty(line); ok {
				card = append(card, p)
			}
		}
	}
	if inside {
		return nil, 0, fmt.Errorf("%w: card %d has no end", errVCard, count)
	}
	return out.Bytes(), count, nil
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
	switch {
	case p.binary:
		value = strings.Join(strings.Fields(value), "")
		if _, err := base64.StdEncoding.DecodeString(value); err != nil {
			return p, false
		}
		p.value = []string{value}
		return p, true
	case quoted:
		value = unquotePrintable(value)
	default:
		value = strings.ReplaceAll(value, "\n", "")
	}
	p.value = components(value, structured[name])
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
	s = strings.ReplaceAll(s, "=\n", "")
	var b strings.Builder
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

// components splits a value at its semicolons and decodes escaped ones.
func components(value string, split bool) []string {
	parts, b := []string{}, strings.Builder{}
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] == '\\' && i+1 < len(value) && strings.IndexByte(`;:,\`, value[i+1]) >= 0:
			i++
			b.WriteByte(value[i])
		case value[i] == ';' && split:
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteByte(value[i])
		}
	}
	return append(parts, b.String())
}

func writeVCard(out *bytes.Buffer, card []property) {
	out.WriteString("BEGIN:VCARD\r\nVERSION:3.0\r\n")
	has := map[string]bool{}
	for _, p := range card {
		has[p.name] = true
	}
	if !has["N"] {
		out.WriteString("N:;;;;\r\n") // version 3.0 requires both
	}
	if !has["FN"] {
		out.WriteString("FN:\r\n")
	}
	for _, p := range card {
		head := p.name
		if p.group != "" && !strings.ContainsAny(p.group, "\n;:") {
			head = p.group + "." + head
		}
		if len(p.types) > 0 {
			head += ";TYPE=" + strings.Join(p.types, ",")
		}
		if p.binary {
			foldLine(out, head+";ENCODING=b:"+p.value[0])
			continue
		}
		escaped := make([]string, len(p.value))
		for i, v := range p.value {
			escaped[i] = escapeText(v)
		}
		foldLine(out, head+":"+strings.Join(escaped, ";"))
	}
	out.WriteString("END:VCARD\r\n")
}

// escapeText escapes a text value for vCard 3.0 and iCalendar, and removes other control
// characters, which both forbid.
func escapeText(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\ufffd")
	s = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", `\n`).Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// foldLine writes a line in pieces of at most 75 bytes, without splitting a character.
func foldLine(out *bytes.Buffer, line string) {
	const width = 75
	room := width
	for len(line) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		out.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], width-1
	}
	out.WriteString(line + "\r\n")
}

// CountPictures counts the pictures in vCards of version 3.0.
func CountPictures(cards []byte) int { return bytes.Count(cards, []byte("\r\nPHOTO;")) }
