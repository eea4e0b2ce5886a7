package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/toybox"
)

// query is the arguments of the content command.
type query struct {
	verb       string
	uri        string // without content://
	projection []string
	where      string
	user       int
	binds      []bound
	method     string
}

func parseQuery(args []string) (query, string) {
	q := query{}
	if len(args) == 0 {
		return q, "Insufficient arguments"
	}
	q.verb = args[0]
	for args = args[1:]; len(args) > 0; args = args[2:] {
		if len(args) < 2 {
			return q, "No value for " + args[0]
		}
		switch value := args[1]; args[0] {
		case "--uri":
			q.uri = strings.TrimPrefix(value, "content://")
		case "--projection":
			q.projection = strings.Split(value, ":")
		case "--where":
			q.where = value
		case "--bind":
			b, problem := parseBind(value)
			if problem != "" {
				return q, problem
			}
			q.binds = append(q.binds, b)
		case "--method":
			q.method = value
		case "--arg", "--extra":
		case "--user":
			q.user, _ = strconv.Atoi(value)
		default:
			return q, "Unsupported argument: " + args[0]
		}
	}
	if q.uri == "" {
		return q, "Content provider URI not specified. Did you specify --uri argument?"
	}
	return q, ""
}

// call is one run of the content command on a handset.
type call struct {
	*android.State
	*toybox.Process
}

// Content is Android's command content. Its rows are ambiguous when a
// value holds ", ", "=" or a newline, and it ends with status 0 whatever a
// provider throws: both are kept.
func Content(_ context.Context, state *android.State, p *toybox.Process) int {
	c := &call{state, p}
	q, problem := parseQuery(c.Args[1:])
	if problem != "" {
		return c.contentUsage(problem)
	}
	authority, _, _ := strings.Cut(q.uri, "/")
	err := c.refused(authority, q)
	if err == "" {
		switch q.verb {
		case "query":
			err = c.contentQuery(q)
		case "read":
			err = c.contentRead(q)
		case "insert", "delete":
			if q.verb == "insert" && q.binds == nil {
				return c.contentUsage("Binding not specified. Did you specify --bind argument(s)?")
			}
			err = c.contentWrite(q)
		case "call":
			if q.method == "" {
				return c.contentUsage("Content provider method not specified. Did you specify --method argument?")
			}
			c.contentCall(authority, q)
		default:
			return c.contentUsage("Unsupported command: " + q.verb)
		}
	}
	if err != "" {
		c.Flush()
		fmt.Fprintf(c.Stderr, "Error while accessing provider:%s\n%s\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2374)\n\tat android.os.Parcel.createException(Parcel.java:2358)\n", authority, err)
	}
	return 0
}

// contentCall calls a method of a provider. A provider that does not know the
// method hands back nothing. The media index here is always as the files are.
func (c *call) contentCall(authority string, q query) {
	if authority == "media" && q.method == "scan_volume" && c.SDK() >= 30 {
		c.Printf("Result: Bundle[{}]\n")
		return
	}
	c.Printf("Result: null\n")
}

func (c *call) contentUsage(problem string) int {
	fmt.Fprintf(c.Stderr, "\n[ERROR] %s\n\nusage: adb shell content [subcommand] [options]\n", problem)
	return 0
}

// permissionDenial returns the exception of a provider that needs permissions the
// shell does not hold.
func permissionDenial(provider string, permissions ...string) string {
	return fmt.Sprintf("java.lang.SecurityException: Permission Denial: opening provider %s from (null) (pid=9872, uid=2000) requires %s",
		provider, strings.Join(permissions, " or "))
}

// refused returns why the shell may not ask a provider, "" if it may.
func (c *call) refused(authority string, q query) string {
	if q.user != 0 {
		return fmt.Sprintf("java.lang.SecurityException: Shell does not have permission to access user %d", q.user)
	}
	switch authority {
	case "call_log":
		if c.SDK() < 33 { // the Shell's manifest got READ_CALL_LOG with Android 13
			return permissionDenial("com.android.providers.contacts.CallLogProvider", "android.permission.READ_CALL_LOG", "android.permission.WRITE_CALL_LOG")
		}
	case "com.android.contacts":
		if !c.ShellAllowed() {
			return permissionDenial("com.android.providers.contacts.ContactsProvider2", "android.permission.READ_CONTACTS", "android.permission.WRITE_CONTACTS")
		}
	case "com.android.blockednumber":
		return "java.lang.SecurityException: Caller must be system, default dialer or default SMS app"
	case "telephony":
		return "java.lang.SecurityException: Access SIMINFO table from not phone/system UID"
	case findDeviceProvider:
		if c.FindDevice() == "denied" {
			return permissionDenial("com.xiaomi.finddevice.provider.FindDeviceProvider", "com.xiaomi.permission.FIND_DEVICE")
		}
	}
	return ""
}

func (c *call) contentQuery(q query) string {
	t, err := c.table(q.uri)
	if err != "" {
		return err
	}
	if strings.HasPrefix(q.uri, "user_dictionary/") {
		q.where = "" // it shows an empty cursor to who is no keyboard, and looks at neither
	}
	if t, err = t.where(q.where); err != "" {
		return err
	}
	columns := q.projection
	if columns == nil {
		columns = t.Columns
	}
	if err = c.throwsAt(t, q.uri, columns); err != "" {
		return err
	}
	if t, err = t.projected(columns); err != "" {
		return err
	}
	if len(t.Rows) == 0 {
		c.Printf("No result found.\n")
		return ""
	}
	for n, row := range t.Rows {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = t.Columns[i] + "=NULL"
			if value != nil {
				cells[i] = t.Columns[i] + "=" + *value
			}
		}
		c.Printf("Row: %d %s\n", n, strings.Join(cells, ", "))
		if !c.Flush() {
			return ""
		}
	}
	return ""
}

// throwsAt returns what a provider throws at one of the rows asked for, "" if it
// throws at no row: a value may be too large for the window that rows come in.
func (c *call) throwsAt(t table, uri string, columns []string) string {
	rows := t.Rows
	if len(rows) == 0 { // a provider that throws at every row throws at an empty table too
		rows = [][]*string{make([]*string, len(t.Columns))}
	}
	for n, row := range rows {
		if _, throws := c.Troubles.Row(uri, t.cell(row, "_id"), columns); throws {
			return fmt.Sprintf("java.lang.IllegalStateException: Couldn't read row %d, col 1 from CursorWindow.  Make sure the Cursor is initialized correctly before accessing data from it.", n)
		}
	}
	return ""
}
