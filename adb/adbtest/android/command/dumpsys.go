package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/profile"
	"preship/adb/adbtest/trouble"
)

// dumps are the services dumpsys knows, besides those a profile brings along.
var dumps = map[string]func(p *process, args []string) string{
	"account":       dumpAccount,
	"battery":       dumpBattery,
	"user":          dumpUser,
	"device_policy": dumpDevicePolicy,
	"package":       dumpPackage,
	"iphonesubinfo": func(*process, []string) string { return "" }, // since Android 5.0
}

func runDumpsys(_ context.Context, p *process) int {
	args, names := p.Args[1:], p.systemServices()
	if len(args) == 0 || args[0] == "-l" {
		p.Printf("Currently running services:\n  %s\n", strings.Join(names, "\n  "))
		if len(args) > 0 {
			return 0
		}
		for _, name := range names {
			p.Printf("%s\nDUMP OF SERVICE %s:\n%s", strings.Repeat("-", 79), name, p.dump(name, nil))
			p.Printf("--------- 0.001s was the duration of dumpsys %s, ending at: %s\n", name, p.Now().Format(time.DateTime))
		}
		return 0
	}
	if !slices.Contains(names, args[0]) {
		fmt.Fprintf(p.Stderr, "Can't find service: %s\n", args[0])
		return 0
	}
	p.Printf("%s", p.dump(args[0], args[1:]))
	return 0
}

func (p *process) dump(name string, args []string) string {
	if text, ok := p.Profile.Dumps[name]; ok {
		return text
	}
	return dumps[name](p, args)
}

// systemServices lists the system services.
func (p *process) systemServices() []string {
	names := slices.Collect(maps.Keys(dumps))
	names = slices.AppendSeq(names, maps.Keys(p.Profile.Dumps))
	slices.Sort(names)
	return slices.Compact(names)
}

// userInfo prints a user as android.content.pm.UserInfo does.
func userInfo(u profile.User) string { return fmt.Sprintf("UserInfo{%d:%s:%x}", u.ID, u.Name, u.Flags) }

// maskName hides the middle of an account's name as MIUI's dump does: the first
// four and the last three letters stay; of an address, its domain.
func maskName(name string) string {
	if stem, domain, ok := strings.Cut(name, "@"); ok {
		return stem + "***@" + domain
	}
	r := []rune(name)
	switch {
	case len(r) > 7:
		return string(r[:4]) + "***" + string(r[len(r)-3:])
	case len(r) > 2:
		return string(r[:2]) + "***" + string(r[len(r)-1:])
	}
	return "***"
}

// dumpAccount returns AccountManagerService's dump. The list of authenticators names
// every type that could have an account, signed in or not.
func dumpAccount(p *process, _ []string) string {
	var b strings.Builder
	for _, u := range p.Users() {
		fmt.Fprintf(&b, "User %s:\n", userInfo(u))
		p.dumpUserAccounts(&b, u)
	}
	return b.String()
}

func (p *process) dumpUserAccounts(b *strings.Builder, u profile.User) {
	fmt.Fprintf(b, "  Accounts: %d\n", len(u.Accounts))
	for _, a := range u.Accounts {
		name := a.Name
		if p.Profile.MasksAccounts {
			name = maskName(name)
		}
		fmt.Fprintf(b, "    Account {name=%s, type=%s}\n", name, a.Kind)
	}
	b.WriteString("\n  AccountId, Action_Type, timestamp, UID, TableName, Key\n  Accounts History\n")
	for i := range u.Accounts {
		fmt.Fprintf(b, "  %d,action_account_add,2026-01-%02d 18:02:11,10%03d,accounts,%d\n", i+1, i+2, 140+i, i)
	}
	b.WriteString("\n  Active Sessions: 0\n\n  RegisteredServicesCache: 3 services\n")
	for _, kind := range p.authenticators() {
		fmt.Fprintf(b, "    ServiceInfo: AuthenticatorDescription {type=%s}, ComponentInfo{%s/.Authenticator}, uid 10140\n", kind, kind)
	}
	b.WriteString("\n")
	if !u.Running {
		return
	}
	b.WriteString("  Account visibility:\n")
	for _, a := range u.Accounts {
		name := a.Name
		if p.Profile.MasksAccounts {
			name = maskName(name)
		}
		fmt.Fprintf(b, "    %s\n      com.android.settings, 1\n", name)
	}
	b.WriteString("\n")
}

func (p *process) authenticators() []string {
	kinds := []string{"com.android.localphone", "com.google"}
	if p.Profile.FindDevice != "absent" {
		kinds = append(kinds, android.VendorAccount)
	}
	return kinds
}

func dumpBattery(p *process, _ []string) string {
	b := p.Profile.Battery
	level := b.Level
	if t, ok := p.Troubles.Happens(trouble.LowBattery); ok {
		level = t.Level
	}
	status := 3 // discharging
	switch {
	case b.Powered && level == 100:
		status = 5 // full
	case b.Powered:
		status = 2 // charging
	}
	return fmt.Sprintf(`Current Battery Service state:
  AC powered: false
  USB powered: %t
  Wireless powered: false
  Max charging current: 500000
  Max charging voltage: 5000000
  Charge counter: %d
  status: %d
  health: %d
  present: true
  level: %d
  scale: 100
  voltage: %d
  temperature: %d
  technology: Li-poly
`, b.Powered, level*50000, status, b.Health, level, 3500+level*8, b.Tenths)
}
