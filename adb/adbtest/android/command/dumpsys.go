package command

import (
	"cmp"
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
	"power": func(*process, []string) string {
		return "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mWakefulness=Awake\n"
	},
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

// userTypes name what UserManager calls a user, by its id: vendors' second
// space and dual apps have fixed numbers.
func userType(u profile.User) string {
	switch {
	case u.ID == 0:
		return "android.os.usertype.full.SYSTEM"
	case u.ID == 999:
		return "android.os.usertype.profile.CLONE"
	case u.Flags&0x20 != 0:
		return "android.os.usertype.profile.MANAGED"
	}
	return "android.os.usertype.full.SECONDARY"
}

// dumpUser returns UserManagerService's dump, with the parts that clients read.
func dumpUser(p *process, _ []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Current user: %d\n\nUsers:\n", p.CurrentUser())
	for n, u := range p.Users() {
		state := "-1"
		if u.Running {
			state = "RUNNING_UNLOCKED"
		}
		fmt.Fprintf(&b, "  %s serialNo=%d isPrimary=%t\n", userInfo(u), n*10, u.ID == 0)
		fmt.Fprintf(&b, "    Type: %s\n    Flags: %d\n    State: %s\n", userType(u), u.Flags, state)
		b.WriteString("    Created: <unknown>\n    Last logged in: +39m2s760ms ago\n")
		fmt.Fprintf(&b, "    Last logged in fingerprint: %s\n", p.Prop("ro.build.fingerprint"))
		fmt.Fprintf(&b, "    Has profile owner: %t\n    Restrictions:\n      none\n    Device policy global restrictions:\n", u.ID == 0 && p.ProfileOwner() != "")
		policy, effective := "null", "none"
		if p.ResetForbidden() {
			policy, effective = "no_factory_reset", "no_factory_reset"
		}
		fmt.Fprintf(&b, "      %s\n    Effective restrictions:\n      %s\n", policy, effective)
	}
	b.WriteString("\n  Device owner id:-10000\n\n  Guest restrictions:\n    no_sms\n    no_install_unknown_sources\n    no_config_wifi\n    no_outgoing_calls\n")
	fmt.Fprintf(&b, "\n  Device managed: %t\n  Started users state: {0=3}\n\n  Max users: 4\n  Supports switchable users: true\n  All guests ephemeral: false\n", p.DeviceOwner() != "")
	return b.String()
}

func dumpDevicePolicy(p *process, _ []string) string {
	var b strings.Builder
	b.WriteString("Current Device Policy Manager state:\n  Immutable state:\n    mHasFeature=true\n")
	if owner := p.DeviceOwner(); owner != "" {
		pkg, _, _ := strings.Cut(owner, "/")
		fmt.Fprintf(&b, "  Device Owner: \n    admin=ComponentInfo{%s}\n    name=\n    package=%s\n    User ID: 0\n", owner, pkg)
		fmt.Fprintf(&b, "\n  Enabled Device Admins (User 0, provisioningState: 3):\n    %s:\n      uid=10210\n", owner)
	} else if owner := p.ProfileOwner(); owner != "" {
		pkg, _, _ := strings.Cut(owner, "/")
		fmt.Fprintf(&b, "  Profile Owner (User 0): \n    admin=ComponentInfo{%s}\n    name=\n    package=%s\n", owner, pkg)
		fmt.Fprintf(&b, "\n  Enabled Device Admins (User 0, provisioningState: 0):\n    %s:\n      uid=10210\n", owner)
	} else {
		b.WriteString("\n  Enabled Device Admins (User 0, provisioningState: 0):\n")
	}
	b.WriteString("    mPasswordOwner=-1\n")
	return b.String()
}

func dumpPackage(p *process, args []string) string {
	if len(args) == 0 {
		return "Database versions:\n"
	}
	var b strings.Builder
	for _, a := range p.Apps() {
		if a.Name != args[0] {
			continue
		}
		fmt.Fprintf(&b, "Packages:\n  Package [%s] (1f0e3c2):\n    userId=10210\n    pkg=Package{b3d2a1 %s}\n", a.Name, a.Name)
		fmt.Fprintf(&b, "    codePath=%s\n    versionCode=%d minSdk=%d targetSdk=%d\n    versionName=%s\n", strings.TrimSuffix(a.Paths[0], "/base.apk"), a.Code, a.MinSDK, a.TargetSDK, cmp.Or(a.Version, "null"))
		fmt.Fprintf(&b, "    firstInstallTime=%s\n    lastUpdateTime=%s\n", a.Installed, a.Installed)
	}
	if b.Len() == 0 {
		return fmt.Sprintf("Unable to find package: %s\n", args[0])
	}
	return b.String()
}
