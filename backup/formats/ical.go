package formats

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/backup/query"
	"preship/report/pattern"
)

var (
	// rule matches a recurrence rule. Other characters could end its line.
	rule = pattern.New(`^[A-Za-z0-9=;,:+\-]+$`)
	// seconds matches the provider's form of a duration, which iCalendar does not allow.
	seconds     = pattern.New(`^P(\d{1,9})S$`)
	untilMoment = pattern.New(`UNTIL=(\d{8})T\d{6}Z?`)
	lasting     = pattern.New(`^[PTWDHMS0-9]{2,20}$`)
)

// Calendars returns each calendar that has events as iCalendar (RFC 5545), by a name for
// its file: "" if there is one calendar only.
func Calendars(calendars, events, reminders []Row, now time.Time) map[string][]byte {
	names, of := map[string]string{}, map[string][]Row{}
	for _, c := range calendars {
		names[c.Text("_id")] = cmp.Or(c.Text("calendar_displayName"), c.Text("name"), c.Text("account_name"))
	}
	for _, e := range events {
		if _, err := strconv.ParseInt(e.Text("dtstart"), 10, 64); err == nil && e.Text("deleted") != "1" {
			of[e.Text("calendar_id")] = append(of[e.Text("calendar_id")], e)
		}
	}
	if len(of) == 0 {
		of[""] = nil
	}
	files, taken := map[string][]byte{}, map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(of)) {
		name := ""
		if len(of) > 1 {
			name = FileName(cmp.Or(names[id], "calendar"))
			if taken[strings.ToLower(name)] {
				name += "-" + FileName(id)
			}
			taken[strings.ToLower(name)] = true
		}
		files[name] = calendarICS(names[id], of[id], reminders, now)
	}
	return files
}

// calendarICS returns the events of one calendar.
func calendarICS(name string, events, reminders []Row, now time.Time) []byte {
	used := zones{}
	var written bytes.Buffer
	for _, e := range events {
		if start, err := strconv.ParseInt(e.Text("dtstart"), 10, 64); err == nil && e.Text("deleted") != "1" {
			writeEvent(&written, e, time.UnixMilli(start).UTC(), reminders, used, now)
		}
	}
	var b bytes.Buffer
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//preship//backup//EN\r\n")
	if name != "" {
		foldLine(&b, "NAME:"+escapeText(name)) // RFC 7986, and the older form of it
		foldLine(&b, "X-WR-CALNAME:"+escapeText(name))
	}
	used.write(&b, now)
	b.Write(written.Bytes())
	b.WriteString("END:VCALENDAR\r\n")
	return b.Bytes()
}

func writeEvent(b *bytes.Buffer, e Row, start time.Time, reminders []Row, used zones, now time.Time) {
	w := &whenWriter{e: e, zone: zoneOf(e), used: used}
	id := e.Text("_id")
	foldLine(b, "BEGIN:VEVENT")
	if original := e.Text("original_id"); query.IsInteger(original) { // one occurrence of a recurring event
		id = original
	}
	foldLine(b, fmt.Sprintf("UID:calendar-%s-event-%s@preship", e.Text("calendar_id"), id))
	foldLine(b, "DTSTAMP:"+now.UTC().Format(icsTime))
	if at, err := strconv.ParseInt(e.Text("originalInstanceTime"), 10, 64); err == nil && id != e.Text("_id") {
		foldLine(b, "RECURRENCE-ID"+w.when(time.UnixMilli(at).UTC()))
	}
	foldLine(b, "DTSTART"+w.when(start))
	if end, err := strconv.ParseInt(e.Text("dtend"), 10, 64); err == nil {
		foldLine(b, "DTEND"+w.when(time.UnixMilli(end).UTC()))
	} else if d := icsDuration(e.Text("duration")); d != "" {
		foldLine(b, "DURATION:"+d)
	}
	for _, p := range []struct{ name, column string }{{"SUMMARY", "title"}, {"DESCRIPTION", "description"}, {"LOCATION", "eventLocation"}} {
		if v := e.Text(p.column); v != "" {
			foldLine(b, p.name+":"+escapeText(v))
		}
	}
	if status := eventStatus[e.Text("eventStatus")]; status != "" {
		foldLine(b, "STATUS:"+status)
	}
	for line := range strings.Lines(e.Text("rrule")) {
		if line = strings.TrimSpace(line); rule().MatchString(line) {
			if e.Text("allDay") == "1" { // the end has the same form as the beginning
				line = untilMoment().ReplaceAllString(line, "UNTIL=$1")
			}
			foldLine(b, "RRULE:"+line)
		}
	}
	w.dates(b, "RDATE", e.Text("rdate"))
	w.dates(b, "EXDATE", e.Text("exdate"))
	writeAlarms(b, e.Text("_id"), reminders)
	foldLine(b, "END:VEVENT")
}

// eventStatus has the numbers of Android's CalendarContract.Events.
var eventStatus = map[string]string{"0": "TENTATIVE", "1": "CONFIRMED", "2": "CANCELLED"}

// defaultReminder is Android's number for a reminder at the time that the calendar app is set
// to. That time is not in the provider: the alarm is at the start.
const defaultReminder = -1

// writeAlarms writes the reminders of an event. One after the start has negative minutes, as
// at nine o'clock of a whole day.
func writeAlarms(b *bytes.Buffer, event string, reminders []Row) {
	for _, r := range reminders {
		minutes, err := strconv.Atoi(r.Text("minutes"))
		if r.Text("event_id") != event || err != nil {
			continue
		}
		trigger := fmt.Sprintf("-PT%dM", minutes)
		switch {
		case minutes == defaultReminder:
			trigger = "-PT0M"
		case minutes < 0:
			trigger = fmt.Sprintf("PT%dM", -minutes)
		}
		foldLine(b, "BEGIN:VALARM")
		foldLine(b, "ACTION:DISPLAY")
		foldLine(b, "DESCRIPTION:reminder")
		foldLine(b, "TRIGGER:"+trigger)
		foldLine(b, "END:VALARM")
	}
}

const (
	icsTime  = "20060102T150405Z"
	icsLocal = "20060102T150405"
)

// zoneOf returns the zone to write an event in: its own if the event recurs, because it
// would move with summer time otherwise; else nil, which is UTC.
func zoneOf(e Row) *time.Location {
	if e.Text("rrule") == "" && e.Text("rdate") == "" && e.Text("original_id") == "" {
		return nil
	}
	zone, err := namedZone(e.Text("eventTimezone"))
	if err != nil || zone == time.UTC {
		return nil
	}
	return zone
}

// namedZone returns a zone of the handset. It refuses "Local", which LoadLocation takes
// for the zone of this computer.
func namedZone(name string) (*time.Location, error) {
	if name == time.Local.String() {
		return nil, errors.New("not a time zone")
	}
	return time.LoadLocation(name)
}

// Zone returns a zone of the handset, UTC if its name is not known.
func Zone(name string) *time.Location {
	if zone, err := namedZone(name); err == nil {
		return zone
	}
	return time.UTC
}

// whenWriter writes the times of one event.
type whenWriter struct {
	e    Row
	zone *time.Location // nil: UTC
	used zones
}

// when returns a time in the form that follows DTSTART or DTEND.
func (w *whenWriter) when(t time.Time) string {
	switch {
	case w.e.Text("allDay") == "1":
		return ";VALUE=DATE:" + t.Format("20060102")
	case w.zone == nil:
		return ":" + t.Format(icsTime)
	}
	w.used.need(w.zone, t)
	return ";TZID=" + w.zone.String() + ":" + t.In(w.zone).Format(icsLocal)
}

// dates writes a list of times of the provider: each line has a zone and a semicolon, if
// any, and then times separated by commas.
func (w *whenWriter) dates(b *bytes.Buffer, name, list string) {
	for line := range strings.Lines(list) {
		zone := time.UTC
		if before, after, ok := strings.Cut(strings.TrimSpace(line), ";"); ok {
			loaded, err := namedZone(before)
			if err != nil {
				continue
			}
			zone, line = loaded, after
		}
		for text := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			if t, ok := icsMoment(text, zone); ok {
				foldLine(b, name+w.when(t.UTC()))
			}
		}
	}
}

// icsMoment reads one time of a list.
func icsMoment(text string, zone *time.Location) (time.Time, bool) {
	for _, form := range []string{icsTime, icsLocal, "20060102"} {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func icsDuration(d string) string {
	if m := seconds().FindStringSubmatch(d); m != nil {
		return "PT" + m[1] + "S"
	}
	if lasting().MatchString(d) {
		return d
	}
	return ""
}
