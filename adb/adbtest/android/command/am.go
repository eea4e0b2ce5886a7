package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preship/adb/adbtest/android"
)

// intent is the intent that am sends: the values of its options.
type intent map[string]string

func (i intent) String() string {
	var b strings.Builder
	for _, part := range []struct{ key, option string }{{"act", "-a"}, {"dat", "-d"}, {"typ", "-t"}, {"cmp", "-n"}} {
		if value := i[part.option]; value != "" {
			fmt.Fprintf(&b, "%s=%s ", part.key, value)
		}
	}
	return "Intent { " + b.String() + "}"
}

func parseIntent(args []string) (i intent, problem string) {
	i = intent{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case !strings.HasPrefix(arg, "-"):
			i["-n"] = arg
		case !slices.Contains([]string{"-a", "-n", "-d", "-t"}, arg):
			return nil, "Error: Unknown option: " + arg
		case len(args) == 0:
			return nil, "Error: Argument expected after \"" + arg + "\""
		default:
			i[arg], args = args[0], args[1:]
		}
	}
	return i, ""
}

// runAm is the activity manager's command.
func runAm(_ context.Context, p *process) int {
	if len(p.Args) < 2 {
		p.Printf("Activity manager (activity) commands:\n  help\n      Print this help text.\n")
		return 255
	}
	switch verb := p.Args[1]; verb {
	case "get-current-user":
		p.Printf("%d\n", p.Owned().CurrentUser)
		return 0
	case "force-stop":
		return 0 // no app runs here
	case "start":
		i, problem := parseIntent(p.Args[2:])
		if problem != "" {
			return android.Exception(p.Stderr, verb, "java.lang.IllegalArgumentException: "+problem)
		}
		p.start(i)
		return 0
	default:
		p.Printf("Unknown command: %s\n", verb)
		return 255
	}
}

// actions are the intents that some app of every handset answers. One that ends with "."
// stands for all that begin with it.
var actions = []string{"android.settings.", "com.android.settings.action.", "android.intent.action.MAIN", "android.intent.action.VIEW", "android.intent.action.DIAL", "com.android.phone.action.TOUCH_DIALER"}

// start opens the page of an intent.
func (p *process) start(i intent) {
	p.Printf("Starting: %s\n", i)
	p.Flush()
	page := i["-n"]
	if page != "" {
		name, _, _ := strings.Cut(page, "/")
		if _, there := p.App(name); !there {
			fmt.Fprintf(p.Stderr, "Error type 3\nError: Activity class {%s} does not exist.\n", page)
			return
		}
	} else {
		page = i["-a"]
		if !slices.ContainsFunc(actions, func(a string) bool { return a == page || strings.HasSuffix(a, ".") && strings.HasPrefix(page, a) }) {
			fmt.Fprintf(p.Stderr, "Error: Activity not started, unable to resolve %s\n", i)
			return
		}
	}
	p.ShowPage(page)
	if file, ok := strings.CutPrefix(i["-d"], "file://"); ok && i["-t"] == "text/x-vcard" {
		p.OpenContacts(file)
	}
}
