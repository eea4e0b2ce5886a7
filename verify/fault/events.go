package fault

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

func (c *collection) eventList(ctx context.Context) answer[health.Events] {
	if c.events == nil {
		list := one(ctx, c, handset.SystemEvents.Must(), health.ParseEvents)
		c.events = &list
	}
	return *c.events
}

// since returns when the oldest event happened that the handset keeps; nil without one.
func since(e health.Events) *time.Time {
	if len(e.List) == 0 {
		return nil
	}
	return &e.List[0].At
}

// reasonKeys are the properties that hold why the handset started last, the best one first.
var reasonKeys = []string{"sys.boot.reason", "ro.boot.bootreason"}

const historyKey = "persist.sys.boot.reason.history"

func askRestarts(ctx context.Context, c *collection) {
	out := &report.FaultRestarts{History: []report.FaultStart{}, Events: []report.FaultEvents{}}
	c.out.Restarts = out
	props, events := c.properties(ctx), c.eventList(ctx)
	if up := one(ctx, c, handset.Uptime.Must(), health.ParseUptime); up.Known() {
		seconds := int64(up.Items[0].Seconds())
		out.UptimeSeconds = &seconds
	}
	if props.Known() {
		readStarts(out, props.Items[0])
	}
	if events.Known() {
		out.Since = since(events.Items[0])
		out.Events = countEvents(events.Items[0].With(health.SystemTags...))
	}
	c.sayRestarts(out, props.Known() && (out.Last != nil || len(out.History) > 0), events, props.Ref)
	c.askKernelLog(ctx, out)
}

func readStarts(out *report.FaultRestarts, props map[string]string) {
	for _, key := range reasonKeys {
		if r, ok := health.ParseBootReason(props[key]); ok && out.Last == nil {
			out.Last = &r.Reason
		}
	}
	for _, r := range health.ParseBootHistory(props[historyKey]) {
		start := report.FaultStart{Reason: r.Reason, Unasked: r.Unasked()}
		if !r.At.IsZero() {
			start.At = &r.At
		}
		out.History = append(out.History, start)
	}
	if len(out.History) == 0 && out.Last != nil {
		r := health.BootReason{Reason: *out.Last}
		out.History = append(out.History, report.FaultStart{Reason: r.Reason, Unasked: r.Unasked()})
	}
}

// countEvents counts events by their tag, the most first.
func countEvents(list []health.Event) []report.FaultEvents {
	byTag := map[string]*report.FaultEvents{}
	for _, e := range list {
		if byTag[e.Tag] == nil {
			byTag[e.Tag] = &report.FaultEvents{Tag: e.Tag}
		}
		byTag[e.Tag].Count++
		byTag[e.Tag].Last = e.At
	}
	out := []report.FaultEvents{}
	for _, tag := range slices.Sorted(maps.Keys(byTag)) {
		out = append(out, *byTag[tag])
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Count > out[j].Count })
	return out
}

// stops are the tags that stand for a system that stopped. The other tags are also written
// at an ordinary start.
var stops = []string{"system_server_crash", "system_server_native_crash", "system_server_watchdog", "system_server_anr", "APANIC_CONSOLE", "APANIC_THREADS"}

// restarted is noted at a start of the system without one of the kernel, which follows such a
// stop.
const restarted = "SYSTEM_RESTART"

func (c *collection) sayRestarts(out *report.FaultRestarts, started bool, events answer[health.Events], ref string) {
	unasked, stopped, restarts := 0, 0, 0
	var seen []string
	for _, s := range out.History {
		if s.Unasked {
			unasked++
			seen = append(seen, s.Reason)
		}
	}
	for _, e := range out.Events {
		switch {
		case slices.Contains(stops, e.Tag):
			stopped += e.Count
		case e.Tag == restarted:
			restarts = e.Count
		}
		seen = append(seen, fmt.Sprintf("%s %d", e.Tag, e.Count))
	}
	stopped = max(stopped, restarts) // the same events, or the older ones are dropped
	observed := message.AsIs(strings.Join(seen, ", "))
	switch {
	case unasked > 0:
		c.add(check.FaultRestarts, report.StatusWarn, message.Say("fault.restarts.unasked", "count", unasked), observed, ref, events.Ref)
	case stopped > 0:
		c.add(check.FaultRestarts, report.StatusWarn, message.Say("fault.restarts.system", "count", stopped), observed, ref, events.Ref)
	case !started || !events.Known():
		c.unknown(check.FaultRestarts, "fault.restarts.unknown", events.Why, ref, events.Ref)
	default:
		c.add(check.FaultRestarts, report.StatusPass, message.Say("fault.restarts.none"), observed, ref, events.Ref)
	}
}

func askCrashes(ctx context.Context, c *collection) {
	events := c.eventList(ctx)
	if !events.Known() {
		c.unknown(check.FaultCrashes, "fault.crashes.unknown", events.Why, events.Ref)
		return
	}
	out := &report.FaultCrashes{Apps: c.appsOf(events.Items[0]), Since: since(events.Items[0])}
	c.out.Crashes = out
	for _, a := range out.Apps {
		out.Total += a.Crashes + a.Freezes
	}
	out.Apps = out.Apps[:min(len(out.Apps), maxApps)]
	if out.Total == 0 {
		c.add(check.FaultCrashes, report.StatusPass, message.Say("fault.crashes.none"), message.Sentence{}, events.Ref)
		return
	}
	most := out.Apps[0]
	if len(out.Apps) > 1 && most.Crashes+most.Freezes == out.Apps[1].Crashes+out.Apps[1].Freezes {
		c.add(check.FaultCrashes, report.StatusWarn, message.Say("fault.crashes.spread", "count", out.Total), message.Sentence{}, events.Ref)
		return
	}
	c.add(check.FaultCrashes, report.StatusWarn, message.Say("fault.crashes.seen", "count", out.Total, "app", appTitle(most)), message.Sentence{}, events.Ref)
}

// appsOf counts crashes and freezes by app, the most first. An app of the owner has a
// number in place of its name, unless the owner agreed.
func (c *collection) appsOf(e health.Events) []report.FaultApp {
	byName := map[string]*report.FaultApp{}
	for _, ev := range e.With(health.AppTags...) {
		a := byName[ev.Process]
		if a == nil {
			a = &report.FaultApp{Name: ev.Process, Named: true, System: strings.HasPrefix(ev.Tag, "system_")}
			byName[ev.Process] = a
		}
		if strings.HasSuffix(ev.Tag, "_anr") {
			a.Freezes++
		} else {
			a.Crashes++
		}
		a.Last = ev.At
	}
	apps := []report.FaultApp{}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		apps = append(apps, *byName[name])
	}
	sort.SliceStable(apps, func(i, j int) bool { return apps[i].Crashes+apps[i].Freezes > apps[j].Crashes+apps[j].Freezes })
	for i := range apps {
		if a := &apps[i]; a.Name == "" || !a.System && !c.opts.AppNames {
			a.Name, a.Named = fmt.Sprintf("app %d", i+1), false
		}
	}
	return apps
}

// appTitle is the name of an app, or the number that stands for it.
func appTitle(a report.FaultApp) message.Sentence {
	if number, ok := strings.CutPrefix(a.Name, "app "); ok && !a.Named {
		return message.Say("fault.app", "number", number)
	}
	return message.AsIs(a.Name)
}

// maxApps bounds the apps in a report.
const maxApps = 20
