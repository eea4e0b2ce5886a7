package formats

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// icsPart is a component of an iCalendar file, read without any of the code that
// wrote it.
type icsPart struct {
	name  string
	lines [][2]string // the text before the colon, and after it
	parts []*icsPart
}

func readICS(t testing.TB, file []byte) *icsPart {
	t.Helper()
	root := &icsPart{}
	stack := []*icsPart{root}
	for n, line := range strings.Split(strings.ReplaceAll(string(file), "\r\n ", ""), "\r\n") {
		key, value, ok := strings.Cut(line, ":")
		top := stack[len(stack)-1]
		switch {
		case line == "":
		case !ok || strings.ContainsAny(line, "\r\n"):
			t.Fatalf("line %d is no property: %q", n, line)
		case key == "BEGIN":
			part := &icsPart{name: value}
			top.parts = append(top.parts, part)
			stack = append(stack, part)
		case key == "END":
			if top.name != value {
				t.Fatalf("line %d ends %s inside of %s", n, value, top.name)
			}
			stack = stack[:len(stack)-1]
		default:
			top.lines = append(top.lines, [2]string{key, value})
		}
	}
	if len(stack) != 1 || len(root.parts) != 1 {
		t.Fatal("components are open at the end")
	}
	return root.parts[0]
}

func (p *icsPart) value(key string) string {
	for _, l := range p.lines {
		if l[0] == key {
			return l[1]
		}
	}
	return ""
}

// offsetAt is what a VTIMEZONE says of a local time: the observance that began last.
func (p *icsPart) offsetAt(t testing.TB, local string) int {
	t.Helper()
	best, offset := "", ""
	for _, o := range p.parts {
		for _, began := range append(strings.Split(o.value("RDATE"), ","), o.value("DTSTART")) {
			if began <= local && began > best {
				best, offset = began, o.value("TZOFFSETTO")
			}
		}
	}
	if len(offset) != 5 {
		t.Fatalf("%s has no offset for %s", p.value("TZID"), local)
	}
	h, err1 := strconv.Atoi(offset[1:3])
	m, err2 := strconv.Atoi(offset[3:])
	if err1 != nil || err2 != nil {
		t.Fatalf("offset %q", offset)
	}
	seconds := h*3600 + m*60
	if offset[0] == '-' {
		seconds = -seconds
	}
	return seconds
}

func rowOf(columns ...string) Row {
	r := Row{}
	for i := 0; i < len(columns); i += 2 {
		r[columns[i]] = &columns[i+1]
	}
	return r
}

// TestCalendarZones: an event that comes again keeps its time of day, in every
// zone and on both sides of summer time, by the file alone.
func TestCalendarZones(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var events []Row
	want := map[string]int64{}
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC", "Nowhere/AtAll"} {
		for month := range 66 {
			id := strconv.Itoa(len(events) + 1)
			at := time.Date(2018, time.Month(1+month*5), 15, 13, 30, 0, 0, time.UTC).UnixMilli()
			want["calendar-1-event-"+id+"@preship"] = at
			events = append(events, rowOf("_id", id, "calendar_id", "1", "dtstart", fmt.Sprint(at), "eventTimezone", zone, "rrule", "FREQ=WEEKLY", "duration", "P3600S"))
		}
	}
	cal := readICS(t, calendarICS("", events, nil, now))
	zones := map[string]*icsPart{}
	for _, p := range cal.parts {
		if p.name == "VTIMEZONE" {
			zones[p.value("TZID")] = p
		}
	}
	if len(zones) != 6 {
		t.Errorf("%d time zones, want 6", len(zones))
	}
	for _, p := range cal.parts {
		if p.name != "VEVENT" {
			continue
		}
		for _, l := range p.lines {
			if key, id, zoned := strings.Cut(l[0], ";TZID="); key == "DTSTART" {
				form, value := icsTime, l[1]
				offset := 0
				if zoned {
					if zones[id] == nil {
						t.Fatalf("%s has no VTIMEZONE", id)
					}
					form, offset = icsLocal, zones[id].offsetAt(t, value)
				}
				got, err := time.Parse(form, value)
				if err != nil || got.UnixMilli()-int64(offset)*1000 != want[p.value("UID")] {
					t.Errorf("%s:%s is another moment than %v (%v)", l[0], value, time.UnixMilli(want[p.value("UID")]).UTC(), err)
				}
			}
		}
	}
}

// TestCalendarExceptions: days left out and moved stay with their event.
func TestCalendarExceptions(t *testing.T) {
	t.Parallel()
	const at = "1773000000000" // 2026-03-08 20:00 UTC
	events := []Row{
		rowOf("_id", "1", "calendar_id", "1", "dtstart", at, "eventTimezone", "Europe/Berlin", "rrule", "FREQ=DAILY;UNTIL=20260401T000000Z",
			"exdate", "20260310T200000Z,20260311T200000Z", "rdate", "Europe/Berlin;20260420T210000", "duration", "P3600S"),
		rowOf("_id", "2", "calendar_id", "1", "dtstart", "1773262800000", "eventTimezone", "Europe/Berlin", "original_id", "1", "originalInstanceTime", "1773259200000", "eventStatus", "2"),
		rowOf("_id", "3", "calendar_id", "1", "dtstart", "1773014400000", "allDay", "1", "eventTimezone", "UTC", "rrule", "FREQ=YEARLY;UNTIL=20300308T000000Z", "rdate", "Local;20270707T120000", "duration", "P1D"),
		rowOf("_id", "4", "calendar_id", "1", "dtstart", at, "title", "x\r\nEND:VEVENT", "rrule", "FREQ=DAILY\r\nEND:VCALENDAR", "exdate", "20260310\nEND:VEVENT", "eventTimezone", "../../etc/passwd"),
	}
	file := calendarICS("", events, nil, time.Unix(0, 0))
	cal := readICS(t, file)
	var got []string
	for _, p := range cal.parts {
		if p.name == "VEVENT" {
			for _, l := range p.lines {
				got = append(got, l[0]+":"+l[1])
			}
		}
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		"EXDATE;TZID=Europe/Berlin:20260310T210000\nEXDATE;TZID=Europe/Berlin:20260311T210000\n", "RDATE;TZID=Europe/Berlin:20260420T210000",
		"UID:calendar-1-event-1@preship\nDTSTAMP:19700101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20260311T210000\n", "STATUS:CANCELLED",
		"DTSTART;VALUE=DATE:20260309\n", "UNTIL=20300308\n", `SUMMARY:x\nEND:VEVENT`, "UNTIL=20260401T000000Z",
	} {
		if !strings.Contains(all+"\n", want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "202707") {
		t.Errorf("a time in the zone of this computer, which is wrong:\n%s", all)
	}
	if n := strings.Count(all, "UID:"); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
}

// TestCalendarZoneDates: a VTIMEZONE gives each change of its zone once.
func TestCalendarZoneDates(t *testing.T) {
	t.Parallel()
	e := rowOf("_id", "1", "calendar_id", "1", "dtstart", "946728000000", "eventTimezone", "Europe/Berlin", "rrule", "FREQ=DAILY")
	for _, zone := range readICS(t, calendarICS("", []Row{e}, nil, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))).parts {
		seen := map[string]bool{}
		for _, o := range zone.parts {
			for _, at := range append(strings.Split(o.value("RDATE"), ","), o.value("DTSTART")) {
				if seen[o.name+at] {
					t.Errorf("%s %s is there twice", o.name, at)
				}
				seen[o.name+at] = true
			}
		}
	}
}

func TestReminders(t *testing.T) {
	t.Parallel()
	e := rowOf("_id", "1", "calendar_id", "1", "dtstart", "1773014400000", "allDay", "1")
	var reminders []Row
	want := []string{"-PT30M", "-PT0M", "PT540M", "-PT0M"}
	for _, minutes := range []string{"30", "0", "-540", "-1"} {
		reminders = append(reminders, rowOf("event_id", "1", "minutes", minutes))
	}
	var got []string
	for _, alarm := range readICS(t, calendarICS("", []Row{e}, reminders, time.Unix(0, 0))).parts[0].parts {
		got = append(got, alarm.value("TRIGGER"))
	}
	if !slices.Equal(got, want) {
		t.Errorf("alarms %q, want %q", got, want)
	}
}

// TestCalendars: each calendar is its own file, with its name.
func TestCalendars(t *testing.T) {
	t.Parallel()
	calendars := []Row{rowOf("_id", "1", "calendar_displayName", "Work/Büro"), rowOf("_id", "2", "calendar_displayName", "work/büro"), rowOf("_id", "3", "calendar_displayName", "empty")}
	var events []Row
	for _, calendar := range []string{"1", "2", "2", "9"} {
		events = append(events, rowOf("_id", "1", "calendar_id", calendar, "dtstart", "1773014400000"))
	}
	want := map[string]int{"Work_Büro": 1, "work_büro-2": 2, "calendar": 1}
	files := Calendars(calendars, events, nil, time.Unix(0, 0))
	for name, n := range want {
		cal := readICS(t, files[name])
		if len(cal.parts) != n || name == "Work_Büro" && cal.value("NAME") != "Work/Büro" {
			t.Errorf("%s: %d events, named %q", name, len(cal.parts), cal.value("NAME"))
		}
	}
	if len(files) != len(want) || len(Calendars(calendars, events[:1], nil, time.Unix(0, 0))[""]) == 0 {
		t.Errorf("%d files, want %d", len(files), len(want))
	}
}

func TestCallsCSV(t *testing.T) {
	t.Parallel()
	rows := []Row{
		rowOf("date", "1772300000000", "type", "2", "number", "+49 30 5550102", "name", "=1+1", "duration", "62", "subscription_id", "1"),
		rowOf("date", "-x", "type", "3", "number", "-5"),
	}
	got, err := CallsCSV(rows, time.FixedZone("", 3600))
	want := "\ufeffwhen,UTC offset,kind,number,name,seconds,place,SIM\n2026-02-28 18:33:20,+01:00,outgoing,+49 30 5550102,'=1+1,62,,1\n'-x,,missed,'-5,,,,\n"
	if err != nil || string(got) != want {
		t.Errorf("%q, want %q, error %v", got, want, err)
	}
}

// FuzzCalendar: whatever a provider holds, the file stays one calendar.
func FuzzCalendar(f *testing.F) {
	f.Add("title", "1773000000000", "Europe/Berlin", "FREQ=DAILY", "20260310T200000Z", "P3600S")
	f.Add("END:VEVENT", "-62135596800000", "America/New_York", "FREQ=DAILY\nX:1", "Europe/Berlin;20260310T200000,x", "PT1H")
	f.Add("\r\n", "9223372036854775807", "Local", "", "Local;1", "P")
	f.Fuzz(func(t *testing.T, title, start, zone, rrule, dates, duration string) {
		e := rowOf("_id", "1", "calendar_id", "1", "dtstart", start, "title", title, "eventTimezone", zone, "rrule", rrule, "rdate", dates, "exdate", dates, "duration", duration)
		cal := readICS(t, calendarICS("", []Row{e}, nil, time.Unix(0, 0)))
		for _, p := range cal.parts {
			if p.name != "VTIMEZONE" && p.name != "VEVENT" {
				t.Errorf("component %q", p.name)
			}
		}
	})
}
