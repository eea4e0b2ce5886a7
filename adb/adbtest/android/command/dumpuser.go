package command

import (
	"fmt"
	"strings"

	"preship/adb/adbtest/profile"
)

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
		fmt.Fprintf(&b, "    codePath=%s\n    versionCode=%d minSdk=21 targetSdk=30\n    versionName=%s\n", strings.TrimSuffix(a.Paths[0], "/base.apk"), versionCode(a.Version), a.Version)
		fmt.Fprintf(&b, "    firstInstallTime=%s\n    lastUpdateTime=%s\n", a.Installed, a.Installed)
	}
	if b.Len() == 0 {
		return fmt.Sprintf("Unable to find package: %s\n", args[0])
	}
	return b.String()
}
