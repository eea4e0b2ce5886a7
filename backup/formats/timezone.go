package formats

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // for computers without a zone database
)

// zoneYears is how far ahead the changes of a time zone are written. A recurring event may
// have no end.
const zoneYears = 30

// observance holds all changes of a zone from one offset to another under one name. It is
// one part of a VTIMEZONE.
type observance struct {
	name     string
	from, to int // seconds east of UTC
	summer   bool
	at       []time.Time // its beginnings, in the local time before the change (RFC 5545)
}

// zones collects the time zones of events, with the earliest moment each is needed for.
type zones map[string]time.Time

func (z zones) need(zone *time.Location, at time.Time) {
	name := zone.String()
	if first, ok := z[name]; !ok || at.Before(first) {
		z[name] = at
	}
}

// write writes every zone as a VTIMEZONE, which a TZID needs (RFC 5545, 3.2.19).
func (z zones) write(b *bytes.Buffer, now time.Time) {
	names := make([]string, 0, len(z))
	for name := range z {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			continue // not possible: the zone was loaded before
		}
		b.WriteString("BEGIN:VTIMEZONE\r\n")
		foldLine(b, "TZID:"+name)
		for _, o := range observances(zone, z[name], now.AddDate(zoneYears, 0, 0)) {
			o.write(b)
		}
		b.WriteString("END:VTIMEZONE\r\n")
	}
}

// observances returns the changes of a zone that are in force at any moment of a span. If a
// zone continues by rule, ZoneBounds may stop at the end of a year although nothing changes
// there, and at the end of a leap year it does not advance by itself.
func observances(zone *time.Location, from, to time.Time) (list []*observance) {
	at := from.In(zone)
	for {
		start, end := at.ZoneBounds()
		before := start.Add(-time.Second)
		if start.IsZero() { // the offset has no beginning
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
			if !slices.ContainsFunc(o.at, began.Equal) {
				o.at = append(o.at, began)
			}
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

// icsOffset returns an offset from UTC, with seconds only if they are not 0, as in old
// zones.
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
