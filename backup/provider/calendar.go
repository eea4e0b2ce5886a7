package provider

import (
	"context"
	"strconv"
	"strings"
	"time"

	"preship/backup/formats"
)

var eventsTable = table{
	file: "calendar", uri: "content://com.android.calendar/events", what: group{"events", "backup.rows.events"}, name: eventName,
	numbers: []string{"calendar_id", "dtstart", "dtend", "allDay", "hasAlarm", "eventStatus", "deleted"},
	texts:   []string{"title", "description", "eventLocation", "eventTimezone", "rrule", "rdate", "exdate", "duration", "organizer", "original_id", "originalInstanceTime"},
}

var remindersTable = table{
	file: "calendar.reminders", uri: "content://com.android.calendar/reminders", what: group{"reminders", "backup.rows.reminders"},
	numbers: []string{"event_id", "minutes", "method"},
}

var calendarsTable = table{
	file: "calendar.calendars", uri: "content://com.android.calendar/calendars", what: group{"calendars", "backup.rows.calendars"},
	numbers: []string{"calendar_color", "visible", "deleted"},
	texts:   []string{"calendar_displayName", "account_type", "account_name", "name", "ownerAccount"},
}

var attendeesTable = table{
	file: "calendar.attendees", uri: "content://com.android.calendar/attendees", what: group{"people invited to events", "backup.rows.attendees"},
	numbers: []string{"event_id", "attendeeRelationship", "attendeeType", "attendeeStatus"},
	texts:   []string{"attendeeName", "attendeeEmail"},
}

// eventName names an event for the owner.
func eventName(r formats.Row) string {
	at, err := strconv.ParseInt(r.Text("dtstart"), 10, 64)
	if err != nil {
		return r.Text("title")
	}
	return strings.TrimPrefix(r.Text("title")+", ", ", ") + formats.Moment(at)
}

// calendar saves events, reminders, calendars and attendees, and a file for each calendar.
func (k *Keeper) calendar(ctx context.Context, out *outcome) error {
	all, err := k.tables(ctx, out, &eventsTable, &remindersTable, &calendarsTable, &attendeesTable)
	if err != nil {
		return err
	}
	k.countRows("calendar", all[0])
	if all[0].refused != nil {
		return nil // the rows of the other tables are saved
	}
	for name, file := range formats.Calendars(all[2].rows, all[0].rows, all[1].rows, time.Now()) {
		if name != "" {
			name += "."
		}
		if err := k.writeMade(out, "calendar."+name+"ics", file); err != nil {
			return err
		}
	}
	return nil
}
