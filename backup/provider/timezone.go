package provider

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zones, on computers that have none
)

// zoneYears is how far ahead the changes of a time zone are written out: an event
// that comes again has no end.
const zoneYears = 30

// observance is one kind of change of a zone: all those from one offset to
// another under one name are one part of a VTIMEZONE.
type observance struct {
	name     string
	from, to int // seconds east of UTC
	summer   bool
	at       []time.Time // when it began, in the time before it, as RFC 5545 wants
}

// zones collects the time zones that events are told in, with the earliest
// moment each is needed for.
type zones map[string]time.Time

func (z zones) need(zone *time.Location, at time.Time) {
	name := zone.String()
	if first, ok := z[name]; !ok || at.Before(first) {
		z[name] = at
	}
}

// write writes every zone as a VTIMEZONE: a TZID means nothing without one
// (RFC 5545, 3.2.19).
func (z zones) write(b *bytes.Buffer, now time.Time) {
	names := make([]string, 0, len(z))
	for name := range z {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			continue // it was loaded a moment ago
		}
		b.WriteString("BEGIN:VTIMEZONE\r\n")
		foldLine(b, "TZID:"+name)
		for _, o := range observances(zone, z[name], now.AddDate(zoneYears, 0, 0)) {
			o.write(b)
		}
		b.WriteString("END:VTIMEZONE\r\n")
	}
}

// observances lists the changes of a zone that hold for any moment of a span.
// Where a zone goes on by rule, ZoneBounds may stop at the end of a year, which
// changes nothing, and at that of a leap year it does not get on by itself.
func observances(zone *time.Location, from, to time.Time) (list []*observance) {
	at := from.In(zone)
	for {
		start, end := at.ZoneBounds()
		before := start.Add(-time.Second)
		if start.IsZero() { // it has always been so
			start, before = time.Unix(0, 0).In(zone), at
		}
		if len(list) == 0 || !sameZone(start, before) {
			list = addObservance(list, start, before)
		}
		switch {
		case end.IsZero() || end.After(to):
			return list
		case end.After(at):
			at = end
		default:
			at = at.Add(24 * time.Hour)
		}
	}
}

func sameZone(a, b time.Time) bool {
	nameA, offsetA := a.Zone()
	nameB, offsetB := b.Zone()
	return nameA == nameB && offsetA == offsetB
}

func addObservance(list []*observance, start, before time.Time) []*observance {
	name, offset := start.Zone()
	_, was := before.Zone()
	began := start.In(time.FixedZone("", was))
	for _, o := range list {
		if o.name == name && o.from == was && o.to == offset {
			o.at = append(o.at, began)
			return list
		}
	}
	return append(list, &observance{name: name, from: was, to: offset, summer: start.IsDST(), at: []time.Time{began}})
}

func (o *observance) write(b *bytes.Buffer) {
	kind := "STANDARD"
	if o.summer {
		kind = "DAYLIGHT"
	}
	fmt.Fprintf(b, "BEGIN:%s\r\nDTSTART:%s\r\n", kind, o.at[0].Format(icsLocal))
	if len(o.at) > 1 {
		rest := make([]string, 0, len(o.at)-1)
		for _, at := range o.at[1:] {
			rest = append(rest, at.Format(icsLocal))
		}
		foldLine(b, "RDATE:"+strings.Join(rest, ","))
	}
	fmt.Fprintf(b, "TZOFFSETFROM:%s\r\nTZOFFSETTO:%s\r\n", icsOffset(o.from), icsOffset(o.to))
	foldLine(b, "TZNAME:"+escapeText(o.name))
	fmt.Fprintf(b, "END:%s\r\n", kind)
}

// icsOffset writes an offset from UTC; seconds, of zones long ago, only where
// there are any.
func icsOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
