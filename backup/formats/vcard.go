package formats

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// WriteVCards returns cards as vCard 3.0, which today's address books read. Nicknames,
// anniversaries and relations are in the properties that vCard 4 registered for them.
func WriteVCards(cards []*Card) []byte {
	var out bytes.Buffer
	for _, c := range cards {
		out.WriteString("BEGIN:VCARD\r\nVERSION:3.0\r\n")
		for _, p := range c.lines {
			p.write(&out)
		}
		out.WriteString("END:VCARD\r\n")
	}
	return out.Bytes()
}

func (p *property) write(out *bytes.Buffer) {
	head := p.name
	if p.group != "" && strings.Trim(p.group, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" {
		head = p.group + "." + head
	}
	if len(p.types) > 0 {
		head += ";TYPE=" + strings.Join(p.types, ",")
	}
	if p.binary {
		foldLine(out, head+";ENCODING=b:"+p.value[0])
		return
	}
	values, between := make([]string, len(p.value)), ";"
	if p.list {
		between = ","
	}
	for i, v := range p.value {
		values[i] = escapeText(v)
	}
	foldLine(out, head+":"+strings.Join(values, between))
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
