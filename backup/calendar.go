package backup

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var eventsTable = table{
	file: "calendar", uri: "content://com.android.calendar/events",
	numbers: []string{"calendar_id", "dtstart", "dtend", "allDay", "hasAlarm", "eventStatus", "deleted"},
	texts:   []string{"title", "description", "eventLocation", "eventTimezone", "rrule", "rdate", "exdate", "duration", "organizer"},
}

var remindersTable = table{
	file: "calendar.reminders", uri: "content://com.android.calendar/reminders",
	numbers: []string{"event_id", "minutes", "method"},
}

// calendarTables are the rest of a calendar.
var calendarTables = []table{
	{
		file: "calendar.calendars", uri: "content://com.android.calendar/calendars",
		numbers: []string{"calendar_color", "visible", "deleted"},
		texts:   []string{"calendar_displayName", "account_type", "account_name", "name", "ownerAccount"},
	},
	{
		file: "calendar.attendees", uri: "content://com.android.calendar/attendees",
		numbers: []string{"event_id", "attendeeRelationship", "attendeeType", "attendeeStatus"},
		texts:   []string{"attendeeName", "attendeeEmail"},
	},
}

// calendar saves events, reminders, calendars and who was invited.
func (k *keeper) calendar(ctx context.Context) ([]string, error) {
	events, err := k.rows(ctx, &eventsTable)
	if err != nil {
		return nil, err
	}
	reminders, err := k.rows(ctx, &remindersTable)
	if err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	for i := range calendarTables {
		if _, err := k.rows(ctx, &calendarTables[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", calendarTables[i].file, err)
		}
	}
	k.count("calendar", len(events))
	return nil, k.write("calendar.ics", calendarICS(events, reminders, time.Now()))
}

var (
	// rule is what a recurrence may consist of: anything else could end the line.
	rule = regexp.MustCompile(`^[A-Za-z0-9=;,:+\-]+$`)
	// seconds is how the provider writes a duration, which iCalendar does not allow.
	seconds = regexp.MustCompile(`^P(\d{1,9})S$`)
	lasting = regexp.MustCompile(`^[PTWDHMS0-9]{2,20}$`)
)

// calendarICS writes events as iCalendar (RFC 5545).
func calendarICS(events, reminders []row, now time.Time) []byte {
	var b bytes.Buffer
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//preship//backup//EN\r\n")
	for _, e := range events {
		start, err := strconv.ParseInt(e.text("dtstart"), 10, 64)
		if e.text("deleted") == "1" || err != nil {
			continue
		}
		foldLine(&b, "BEGIN:VEVENT")
		foldLine(&b, fmt.Sprintf("UID:calendar-%s-event-%s@preship", e.text("calendar_id"), e.text("_id")))
		foldLine(&b, "DTSTAMP:"+now.UTC().Format(icsTime))
		foldLine(&b, "DTSTART"+icsDate(e, start))
		if end, err := strconv.ParseInt(e.text("dtend"), 10, 64); err == nil {
			foldLine(&b, "DTEND"+icsDate(e, end))
		} else if d := icsDuration(e.text("duration")); d != "" {
			foldLine(&b, "DURATION:"+d)
		}
		for _, p := range []struct{ name, column string }{{"SUMMARY", "title"}, {"DESCRIPTION", "description"}, {"LOCATION", "eventLocation"}} {
			if v := e.text(p.column); v != "" {
				foldLine(&b, p.name+":"+escapeText(v))
			}
		}
		for line := range strings.Lines(e.text("rrule")) {
			if line = strings.TrimSpace(line); rule.MatchString(line) {
				foldLine(&b, "RRULE:"+line)
			}
		}
		writeAlarms(&b, e.text("_id"), reminders)
		foldLine(&b, "END:VEVENT")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.Bytes()
}

func writeAlarms(b *bytes.Buffer, event string, reminders []row) {
	for _, r := range reminders {
		minutes, err := strconv.Atoi(r.text("minutes"))
		if r.text("event_id") != event || err != nil || minutes < 0 {
			continue
		}
		fmt.Fprintf(b, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:reminder\r\nTRIGGER:-PT%dM\r\nEND:VALARM\r\n", minutes)
	}
}

const icsTime = "20060102T150405Z"

// icsDate writes a time as the rest of a DTSTART or DTEND. An event that comes
// again is told in its own time zone, or it would move with summer time.
func icsDate(e row, ms int64) string {
	t := time.UnixMilli(ms).UTC()
	if e.text("allDay") == "1" {
		return ";VALUE=DATE:" + t.Format("20060102")
	}
	if zone, err := time.LoadLocation(e.text("eventTimezone")); err == nil && e.text("rrule") != "" && zone != time.UTC && zone != time.Local {
		return ";TZID=" + zone.String() + ":" + t.In(zone).Format("20060102T150405")
	}
	return ":" + t.Format(icsTime)
}

func icsDuration(d string) string {
	if m := seconds.FindStringSubmatch(d); m != nil {
		return "PT" + m[1] + "S"
	}
	if lasting.MatchString(d) {
		return d
	}
	return ""
}
