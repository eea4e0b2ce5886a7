package provider

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

const findDeviceProvider = "com.xiaomi.finddevice.provider"

// providers are the authorities every handset has, with rows or without.
var providers = []string{"call_log", "com.android.calendar", "com.android.contacts", "mms", "mms-sms", "settings", "sms", "user_dictionary"}

// table returns the rows behind a URI, or the exception that the provider throws.
func (c *call) table(uri string) (t table, err string) {
	authority, path, _ := strings.Cut(uri, "/")
	switch authority {
	case findDeviceProvider:
		return c.findDeviceTable(path)
	case "settings":
		return c.settingsTable(path)
	case "mms":
		if id, ok := strings.CutSuffix(path, "/addr"); ok {
			return c.addressesOf(id), ""
		}
	case "sms":
		if kind, ok := messageBoxes[path]; ok {
			return c.messagesOf(kind), ""
		}
	case "user_dictionary": // filled for keyboards alone
		return table{Columns: []string{"_id", "word", "frequency", "locale", "appid", "shortcut"}}, ""
	}
	tables := c.Tables()
	if t, ok := tables[uri]; ok {
		return table(t).unrestricted(uri), ""
	}
	known := func(other string) bool { return other == authority || strings.HasPrefix(other, authority+"/") }
	if slices.Contains(providers, authority) || slices.ContainsFunc(slices.Collect(maps.Keys(tables)), known) {
		if path == "" || c.SDK() > 0 && slices.Contains(emptyTables, uri) {
			return table{Columns: []string{"_id"}}, ""
		}
		return table{}, "java.lang.IllegalArgumentException: Unknown URI content://" + uri
	}
	return table{}, "java.lang.IllegalStateException: Could not find provider: " + authority
}

// messageBoxes are the folders of the provider of messages, by the type of their rows.
var messageBoxes = map[string]string{"inbox": "1", "sent": "2", "draft": "3", "outbox": "4", "failed": "5", "queued": "6"}

// messagesOf returns the messages of one type, of those that the shell may see.
func (c *call) messagesOf(kind string) table {
	all := table(c.Tables()["sms"]).unrestricted("sms")
	out := table{Columns: all.Columns}
	for _, row := range all.Rows {
		if all.cell(row, "type") == kind {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// addressesOf returns the senders and receivers of one picture message.
func (c *call) addressesOf(message string) table {
	all := table(c.Tables()["mms/addr"])
	out := table{Columns: []string{"_id", "msg_id", "contact_id", "address", "type", "charset"}}
	if all.Columns == nil {
		return out
	}
	out.Columns = all.Columns
	for _, row := range all.Rows {
		if all.cell(row, "msg_id") == message {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// emptyTables are the tables every handset has, when a profile gives no rows.
var emptyTables = []string{
	"call_log/calls", "com.android.calendar/attendees", "com.android.calendar/calendars", "com.android.calendar/events",
	"com.android.calendar/reminders", "com.android.contacts/contacts", "com.android.contacts/data", "com.android.contacts/groups",
	"com.android.contacts/raw_contacts", "mms/part",
}

func (c *call) findDeviceTable(path string) (table, string) {
	status := c.FindDevice()
	if status == "absent" {
		return table{}, "java.lang.IllegalStateException: Could not find provider: " + findDeviceProvider
	}
	values := map[string]string{"isOpen": "0", "isLastStatusOpen": "0", "isLocked": "0", "isLastStatusLocked": "0", "lastSessionUserId": ""}
	if status == "on" {
		values["isOpen"], values["isLastStatusOpen"] = "1", "1"
	}
	value, ok := values[path]
	if !ok {
		return table{}, "java.lang.IllegalArgumentException: Unknown URI content://" + findDeviceProvider + "/" + path
	}
	return table{Columns: []string{path}, Rows: [][]*string{{&value}}}, ""
}

func (c *call) settingsTable(ns string) (table, string) {
	values := c.Settings(ns)
	if values == nil {
		return table{}, "java.lang.IllegalArgumentException: Unknown URI content://settings/" + ns
	}
	t := table{Columns: []string{"_id", "name", "value"}}
	for n, key := range slices.Sorted(maps.Keys(values)) {
		id, value := strconv.Itoa(n+1), values[key]
		t.Rows = append(t.Rows, []*string{&id, &key, &value})
	}
	return t, ""
}
