package reset

import (
	"context"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/report/message"
)

// route is where the settings of an OS version have the factory reset.
type route struct {
	os       string // as the handset names it; empty: any
	from, to int    // major versions, both included; 0: any
	says     message.ID
	// opens is the page that is opened for the person: the first one on the route.
	opens *handset.Command
	// about: the reset is an entry of About phone.
	about bool
}

// routes is the table of routes; the first that fits counts. Xiaomi's are from public
// guides and are not checked on hardware, but for HyperOS 1, whose settings were read.
var routes = []route{
	{os: "MIUI", from: 1, to: 11, says: "guide.route.additional", opens: handset.OpenSettings},
	{os: "MIUI", from: 12, says: "guide.route.about", opens: handset.OpenAbout, about: true},
	{os: "HyperOS", says: "guide.route.about", opens: handset.OpenAbout, about: true},
	{os: "Android", says: "guide.route.android", opens: handset.OpenSettings},
	{says: "guide.route.unknown", opens: handset.OpenAbout, about: true},
}

// routeOf returns the route of a handset. The last row fits all.
func routeOf(id handset.Identity) route {
	major := majorOf(id.OS.Version.Value)
	for _, r := range routes {
		known := r.from == 0 || major >= r.from && (r.to == 0 || major <= r.to)
		if (r.os == "" || r.os == id.OS.Name.Value) && known {
			return r
		}
	}
	panic("the last route fits all")
}

// majorOf returns the major version of a build such as V14.0.9.0.SKGMIXM; 0 if it has
// none.
func majorOf(build string) int {
	first, _, _ := strings.Cut(strings.TrimLeft(build, "OSV"), ".")
	major, _ := strconv.Atoi(first)
	return major
}

// show gives the whole route in one instruction.
func (r route) show(a *attempt) { a.instruct("guide.by-hand", "route", message.Say(r.says)) }

// open opens the first page of the route. The person finds it without that too.
func (r route) open(ctx context.Context, a *attempt) error { return a.ask(ctx, r.opens) }
