package adbtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// intent is what am was told to send.
type intent struct {
	action, component, data, pkg, mime string
	flags                              uint32
}

func (i intent) String() string {
	var parts []string
	for _, part := range []struct{ key, value string }{
		{"act", i.action}, {"dat", i.data}, {"typ", i.mime}, {"pkg", i.pkg}, {"cmp", i.component},
	} {
		if part.value != "" {
			parts = append(parts, part.key+"="+part.value)
		}
		if part.key == "typ" && i.flags != 0 {
			parts = append(parts, fmt.Sprintf("flg=0x%x", i.flags))
		}
	}
	return "Intent { " + strings.Join(parts, " ") + " }"
}

func parseIntent(args []string) (intent, string) {
	var i intent
	values := map[string]*string{"-a": &i.action, "-n": &i.component, "-d": &i.data, "-p": &i.pkg, "-t": &i.mime}
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
		switch {
		case arg == "--receiver-foreground":
			i.flags |= 0x10000000
		case arg == "-W" || arg == "-S" || arg == "-R" || arg == "-D":
		case (arg == "--user" || arg == "-f" || arg == "-c") && len(args) > 0:
			args = args[1:]
		case strings.HasPrefix(arg, "--e") && len(args) > 1:
			args = args[2:]
		case strings.HasPrefix(arg, "-"):
			return i, "Error: Unknown option: " + arg
		case strings.Contains(arg, "/"):
			i.component = arg
		default:
			i.action = arg
		}
	}
	return i, ""
}

// runAm is the activity manager's command.
func runAm(_ context.Context, p *process) int {
	if len(p.args) < 2 {
		fmt.Fprintln(p.stderr, "Activity manager (activity) commands:\n  help\n      Print this help text.")
		return 1
	}
	switch p.args[1] {
	case "get-current-user":
		p.printf("%d\n", p.h.currentUser())
		return 0
	case "force-stop", "kill", "kill-all":
		return 0
	case "start", "start-activity", "broadcast":
	default:
		fmt.Fprintf(p.stderr, "Unknown command: %s\n", p.args[1])
		return 255
	}
	i, problem := parseIntent(p.args[2:])
	if problem != "" {
		return p.exception(p.args[1], "java.lang.IllegalArgumentException: "+problem)
	}
	if p.args[1] == "broadcast" {
		// Also for FACTORY_RESET, whose receiver wants a permission the shell
		// has not: the answer proves nothing, and nothing happens.
		i.flags |= 0x400000
		p.printf("Broadcasting: %s\nBroadcast completed: result=0\n", i)
		return 0
	}
	p.printf("Starting: %s\n", i)
	p.stdout.flush()
	if !p.h.resolves(i) {
		if i.component != "" {
			fmt.Fprintf(p.stderr, "Error type 3\nError: Activity class {%s} does not exist.\n", i.component)
		} else {
			i.flags = 0x10000000
			fmt.Fprintf(p.stderr, "Error: Activity not started, unable to resolve %s\n", i)
		}
		return 0
	}
	defer p.waited(p.args[2:], i)
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

// waited is what am start -W says once the page is there.
func (p *process) waited(args []string, i intent) {
	if !slices.Contains(args, "-W") {
		return
	}
	activity := i.component
	if activity == "" {
		activity = "com.android.settings/.Settings"
	}
	p.printf("Status: ok\nLaunchState: COLD\nActivity: %s\nTotalTime: 412\nWaitTime: 415\nComplete\n", activity)
}

// currentUser is the user whose space is on the screen; a reset leaves only the
// owner.
func (h *Handset) currentUser() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state.resets > 0 {
		return 0
	}
	return h.profile.current
}

// actions are the intents that some app of every handset answers.
var actions = []string{"android.intent.action.MAIN", "android.intent.action.VIEW", "android.intent.action.DIAL", "com.android.phone.action.TOUCH_DIALER"}

func (h *Handset) resolves(i intent) bool {
	if i.component != "" {
		name, _, _ := strings.Cut(i.component, "/")
		return slices.ContainsFunc(h.apps(), func(a app) bool { return a.name == name })
	}
	return strings.HasPrefix(i.action, "android.settings.") || strings.HasPrefix(i.action, "com.android.settings.action.") || slices.Contains(actions, i.action)
}

// runInput sends touches and keys, which the vendor's second debugging switch
// holds back. A pressed HOME key leaves the page that was shown.
func runInput(_ context.Context, p *process) int {
	if len(p.args) < 2 {
		fmt.Fprintln(p.stderr, "Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]")
		return 255
	}
	if !p.h.toggleOn() {
		if p.h.sdk() < 31 {
			return p.exception("input", "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission")
		}
		return p.exception("input", "java.lang.SecurityException: Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission.")
	}
	var x, y, x2, y2 int
	if n, _ := fmt.Sscanf(strings.Join(p.args[1:], " "), "tap %d %d", &x, &y); n == 2 {
		p.h.touch(x, y)
	}
	if n, _ := fmt.Sscanf(strings.Join(p.args[1:], " "), "swipe %d %d %d %d", &x, &y, &x2, &y2); n == 4 {
		p.h.swipe(y, y2)
	}
	if line := strings.Join(p.args[1:], " "); line == "keyevent 3" || line == "keyevent KEYCODE_HOME" || line == "keyevent HOME" {
		p.h.showPage("")
	}
	return 0
}
