package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/profile"
)

const settingsDenied = "Permission denial: writing to settings requires:android.permission.WRITE_SECURE_SETTINGS"

// runSettings reads and writes the settings provider. Writing needs
// WRITE_SECURE_SETTINGS, which the vendor's second debugging switch holds back.
func runSettings(_ context.Context, p *process) int {
	args := p.Args[1:]
	if len(args) < 2 {
		fmt.Fprintln(p.Stderr, "Settings provider (settings) commands:\n  help\n      Print this help text.")
		return 255
	}
	verb, ns := args[0], args[1]
	if !slices.Contains([]string{"system", "secure", "global"}, ns) {
		fmt.Fprintf(p.Stderr, "Error: Invalid namespace '%s'\n", ns)
		return 255
	}
	switch {
	case verb == "list":
		values := p.Settings(ns)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			p.Printf("%s=%s\n", key, values[key])
		}
		return 0
	case verb == "get" && len(args) == 3:
		v, ok := p.Settings(ns)[args[2]]
		if !ok {
			v = "null"
		}
		p.Printf("%s\n", v)
		return 0
	case verb == "put" && len(args) == 4, verb == "delete" && len(args) == 3:
		if !p.ShellAllowed() {
			return android.Exception(p.Stderr, verb, "java.lang.SecurityException: "+settingsDenied)
		}
		if verb == "put" {
			p.PutSetting(ns, args[2], args[3])
		} else {
			p.DeleteSetting(ns, args[2])
		}
		return 0
	}
	fmt.Fprintln(p.Stderr, "Error: Bad arguments")
	return 255
}

// runLocksettings answers get-disabled: true is no lock. Android 10 and 11
// check the empty credential first and throw where another one is set.
func runLocksettings(_ context.Context, p *process) int {
	if len(p.Args) < 2 || p.Args[1] != "get-disabled" {
		fmt.Fprintln(p.Stderr, "lockSettings service commands:\n\nNOTE: when lock screen is set, all commands require the --old <CREDENTIAL> argument.")
		return 255
	}
	locked := p.Owned().ScreenLock
	if sdk := p.SDK(); locked && (sdk == 29 || sdk == 30) {
		fmt.Fprint(p.Stderr, "Error while executing command: get-disabled\njava.lang.IllegalArgumentException: Credential can't be null or empty\n"+
			"\tat com.android.server.locksettings.LockSettingsService.doVerifyCredential(LockSettingsService.java:1889)\n")
		return 255
	}
	p.Printf("%t\n", !locked)
	return 0
}

// runDpm answers list-owners, which Android 12 brought.
func runDpm(_ context.Context, p *process) int {
	if len(p.Args) < 2 || p.Args[1] != "list-owners" || p.SDK() < 31 {
		fmt.Fprintln(p.Stderr, "Error: unknown command")
		return 255
	}
	p.Printf("%s", render("owners", p))
	return 0
}

// runSm answers list-volumes.
func runSm(_ context.Context, p *process) int {
	if len(p.Args) < 2 || p.Args[1] != "list-volumes" {
		fmt.Fprintln(p.Stderr, "usage: sm list-disks [adoptable]\n       sm list-volumes [public|private|emulated|all]")
		return 1
	}
	kind := "all"
	if len(p.Args) > 2 {
		kind = p.Args[2]
	}
	rows := []profile.Volume{
		{ID: "private", State: "mounted", Label: "null"}, {ID: "emulated;0", State: "mounted", Label: "null"},
	}
	if p.SDK() < 30 {
		rows[1].ID = "emulated"
	}
	for _, v := range append(rows, p.Profile.Volumes...) {
		if kind == "all" || strings.HasPrefix(v.ID, kind) {
			p.Printf("%s %s %s\n", v.ID, v.State, v.Label)
		}
	}
	return 0
}

// runGetprop prints one property, or all of them sorted by name. A value may
// hold newlines, and they are printed as they are.
func runGetprop(_ context.Context, p *process) int {
	_, args, ok := p.Options("")
	if !ok {
		return 1
	}
	if len(args) > 0 {
		p.Printf("%s\n", p.Prop(args[0]))
		return 0
	}
	props := p.Props()
	for _, key := range slices.Sorted(maps.Keys(props)) {
		p.Printf("[%s]: [%s]\n", key, props[key])
	}
	return 0
}

func runSetprop(_ context.Context, p *process) int {
	if len(p.Args) != 3 {
		fmt.Fprintln(p.Stderr, "usage: setprop NAME VALUE\n\nSets an Android system property.")
		return 1
	}
	if !p.SetProp(p.Args[1], p.Args[2]) {
		return p.Fail("failed to set property '%s' to '%s'", p.Args[1], p.Args[2])
	}
	return 0
}
