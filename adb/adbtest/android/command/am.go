package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/profile"
)

// intent is the intent that am sends.
type intent struct {
	action, component, data, mime string
}

func (i intent) String() string {
	var parts []string
	for _, part := range []struct{ key, value string }{
		{"act", i.action}, {"dat", i.data}, {"typ", i.mime}, {"cmp", i.component},
	} {
		if part.value != "" {
			parts = append(parts, part.key+"="+part.value)
		}
	}
	return "Intent { " + strings.Join(parts, " ") + " }"
}

func parseIntent(args []string) (intent, string) {
	var i intent
	values := map[string]*string{"-a": &i.action, "-n": &i.component, "-d": &i.data, "-t": &i.mime}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if dst := values[arg]; dst != nil {
			if len(args) == 0 {
				return i, "Error: Argument expected after \"" + arg + "\""
			}
			*dst, args = args[0], args[1:]
			continue
		}
		if strings.HasPrefix(arg, "-") {
			return i, "Error: Unknown option: " + arg
		}
		i.component = arg
	}
	return i, ""
}

// runAm is the activity manager's command.
func runAm(_ context.Context, p *process) int {
	if len(p.Args) < 2 {
		p.Printf("Activity manager (activity) commands:\n  help\n      Print this help text.\n")
		return 255
	}
	switch p.Args[1] {
	case "get-current-user":
		p.Printf("%d\n", p.CurrentUser())
		return 0
	case "force-stop":
		if len(p.Args) < 3 {
			return android.Exception(p.Stderr, p.Args[1], `java.lang.IllegalArgumentException: Argument expected after "force-stop"`)
		}
		return 0 // no app runs here
	case "start", "broadcast":
	default:
		p.Printf("Unknown command: %s\n", p.Args[1])
		return 255
	}
	i, problem := parseIntent(p.Args[2:])
	if problem != "" {
		return android.Exception(p.Stderr, p.Args[1], "java.lang.IllegalArgumentException: "+problem)
	}
	if p.Args[1] == "broadcast" {
		return p.broadcast(i)
	}
	p.Printf("Starting: %s\n", i)
	p.Flush()
	if !p.resolves(i) {
		if i.component != "" {
			fmt.Fprintf(p.Stderr, "Error type 3\nError: Activity class {%s} does not exist.\n", i.component)
		} else {
			fmt.Fprintf(p.Stderr, "Error: Activity not started, unable to resolve %s\n", i)
		}
		return 0
	}
	page := i.component
	if page == "" {
		page = i.action
	}
	p.ShowPage(page)
	if file, ok := strings.CutPrefix(i.data, "file://"); ok && i.mime == "text/x-vcard" {
		p.OpenContacts(file)
	}
	return 0
}

// broadcast sends an intent that no app here receives. Those of the system are not the
// shell's to send.
func (p *process) broadcast(i intent) int {
	p.Printf("Broadcasting: %s\n", strings.TrimSuffix(i.String(), " }")+" flg=0x400000 }")
	p.Flush()
	if strings.HasPrefix(i.action, "android.intent.action.") {
		return android.Exception(p.Stderr, "broadcast", "java.lang.SecurityException: Permission Denial: not allowed to send broadcast "+i.action+" from pid=9872, uid=2000")
	}
	p.Printf("Broadcast completed: result=0\n")
	return 0
}

// actions are the intents that some app of every handset answers.
var actions = []string{"android.intent.action.MAIN", "android.intent.action.VIEW", "android.intent.action.DIAL", "com.android.phone.action.TOUCH_DIALER"}

func (p *process) resolves(i intent) bool {
	if i.component != "" {
		name, _, _ := strings.Cut(i.component, "/")
		return slices.ContainsFunc(p.Apps(), func(a profile.App) bool { return a.Name == name })
	}
	return strings.HasPrefix(i.action, "android.settings.") || strings.HasPrefix(i.action, "com.android.settings.action.") || slices.Contains(actions, i.action)
}
