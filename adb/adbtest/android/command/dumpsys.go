package command

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/profile"
	"preship/adb/adbtest/trouble"
)

// dumps are the services dumpsys knows, besides those a profile brings along.
var dumps = []string{"account", "battery", "device_policy", "iphonesubinfo", "package", "power", "user"} // iphonesubinfo prints nothing since Android 5.0

//go:embed answers.tmpl
var answersFile string

// answers are templates of what commands print. Their data is a process, unless they say
// otherwise.
var answers = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"dir": path.Dir, "times": func(a, b int) int { return a * b }, "userInfo": userInfo, "userType": userType,
	}).Parse(answersFile))
})

// render returns what a template makes of its data.
func render(name string, data any) string {
	var b strings.Builder
	if err := answers().ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // the templates are ours, and every test of a profile runs them
	}
	return b.String()
}

func runDumpsys(_ context.Context, p *process) int {
	args := p.Args[1:]
	list := "Currently running services:\n  " + strings.Join(p.systemServices(), "\n  ") + "\n"
	switch {
	case len(args) == 0:
		p.Printf("%s%s", list, p.dumpAll())
	case args[0] == "-l":
		p.Printf("%s", list)
	case !slices.Contains(p.systemServices(), args[0]):
		fmt.Fprintf(p.Stderr, "Can't find service: %s\n", args[0])
	default:
		p.Printf("%s", p.dump(args[0], args[1:]))
	}
	return 0
}

func (p *process) dumpAll() string {
	var b strings.Builder
	for _, name := range p.systemServices() {
		fmt.Fprintf(&b, "%s\nDUMP OF SERVICE %s:\n%s", strings.Repeat("-", 79), name, p.dump(name, nil))
		fmt.Fprintf(&b, "--------- 0.001s was the duration of dumpsys %s, ending at: %s\n", name, p.Now().Format(time.DateTime))
	}
	return b.String()
}

func (p *process) dump(name string, args []string) string {
	if own, ok := p.Profile.Dumps[name]; ok {
		return own
	}
	if name != "package" || len(args) == 0 {
		return render(name, p)
	}
	app, there := p.App(args[0])
	if !there {
		return fmt.Sprintf("Unable to find package: %s\n", args[0])
	}
	return render("app", app)
}

// systemServices lists the system services.
func (p *process) systemServices() []string {
	names := slices.AppendSeq(slices.Clone(dumps), maps.Keys(p.Profile.Dumps))
	slices.Sort(names)
	return slices.Compact(names)
}

// userInfo prints a user as android.content.pm.UserInfo does.
func userInfo(u profile.User) string { return fmt.Sprintf("UserInfo{%d:%s:%x}", u.ID, u.Name, u.Flags) }

// userType returns what UserManager calls a user, by its id: vendors' second
// space and dual apps have fixed numbers.
func userType(u profile.User) string {
	switch {
	case u.ID == 0:
		return "full.SYSTEM"
	case u.ID == 999:
		return "profile.CLONE"
	case u.Flags&0x20 != 0:
		return "profile.MANAGED"
	}
	return "full.SECONDARY"
}

// AccountName returns the name that a dump shows. MIUI's hides the middle: the first
// four and the last three letters stay; of an address, its domain.
func (p *process) AccountName(a profile.Account) string {
	stem, domain, address := strings.Cut(a.Name, "@")
	r := []rune(a.Name)
	switch {
	case !p.Profile.MasksAccounts:
		return a.Name
	case address:
		return stem + "***@" + domain
	case len(r) > 7:
		return string(r[:4]) + "***" + string(r[len(r)-3:])
	case len(r) > 2:
		return string(r[:2]) + "***" + string(r[len(r)-1:])
	}
	return "***"
}

// AccountKinds returns every type that could have an account, signed in or not.
func (p *process) AccountKinds() []string {
	kinds := []string{"com.android.localphone", "com.google"}
	if p.Profile.FindDevice != "absent" {
		kinds = append(kinds, android.VendorAccount)
	}
	return kinds
}

// Battery returns the state of the battery.
func (p *process) Battery() profile.Battery {
	b := p.Profile.Battery
	if t, ok := p.Troubles.Happens(trouble.LowBattery); ok {
		b.Level = t.Level
	}
	return b
}
