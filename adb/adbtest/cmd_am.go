package adbtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preship/adb/adbtest/profile"
)

// intent is what am was told to send.
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
		fmt.Fprintln(p.Stderr, "Activity manager (activity) commands:\n  help\n      Print this help text.")
		return 1
	}
	switch p.Args[1] {
	case "get-current-user":
		p.Printf("%d\n", p.h.currentUser())
		return 0
	case "start":
	default:
		fmt.Fprintf(p.Stderr, "Unknown command: %s\n", p.Args[1])
		return 255
	}
	i, problem := parseIntent(p.Args[2:])
	if problem != "" {
		return p.exception(p.Args[1], "java.lang.IllegalArgumentException: "+problem)
	}
	p.Printf("Starting: %s\n", i)
	p.Flush()
	if !p.h.resolves(i) {
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
	p.h.showPage(page)
	if i.mime == vcardType {
		p.h.offerImport(i.data)
	}
	return 0
}

// currentUser is the user whose space is on the screen; a reset leaves only the
// owner.
func (h *Handset) currentUser() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state.resets > 0 {
		return 0
	}
	return h.profile.CurrentUser
}

// actions are the intents that some app of every handset answers.
var actions = []string{"android.intent.action.MAIN", "android.intent.action.VIEW", "android.intent.action.DIAL", "com.android.phone.action.TOUCH_DIALER"}

func (h *Handset) resolves(i intent) bool {
	if i.component != "" {
		name, _, _ := strings.Cut(i.component, "/")
		return slices.ContainsFunc(h.apps(), func(a profile.App) bool { return a.Name == name })
	}
	return strings.HasPrefix(i.action, "android.settings.") || strings.HasPrefix(i.action, "com.android.settings.action.") || slices.Contains(actions, i.action)
}

// runInput sends touches and keys, which the vendor's second debugging switch
// holds back.
func runInput(_ context.Context, p *process) int {
	if len(p.Args) < 2 {
		fmt.Fprintln(p.Stderr, "Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]")
		return 255
	}
	if !p.h.toggleOn() {
		if p.h.sdk() < 31 {
			return p.exception("input", "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission")
		}
		return p.exception("input", "java.lang.SecurityException: Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission.")
	}
	var x, y, x2, y2 int
	if n, _ := fmt.Sscanf(strings.Join(p.Args[1:], " "), "tap %d %d", &x, &y); n == 2 {
		p.h.touch(x, y)
	}
	if n, _ := fmt.Sscanf(strings.Join(p.Args[1:], " "), "swipe %d %d %d %d", &x, &y, &x2, &y2); n == 4 {
		p.h.swipe(y, y2)
	}
	return 0
}
