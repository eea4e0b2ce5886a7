package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"preship/adb/adbtest/android"
)

// runPm is pm, which is cmd package by another name.
func runPm(_ context.Context, p *process) int { return p.pm(p.Args[1:]) }

func (p *process) pm(args []string) int {
	if len(args) == 0 {
		p.Printf("Package manager (package) commands:\n  help\n    Print this help text.\n")
		return 255
	}
	switch args[0] {
	case "list":
		if len(args) > 1 {
			return p.pmList(args[1], args[2:])
		}
		p.Printf("Error: didn't specify type of data to list\n")
		return 255
	case "path":
		return p.pmPath(args[1:])
	case "clear":
		return p.pmClear(args[1:])
	case "install-existing":
		return p.pmInstallExisting(args[1:])
	case "install", "install-create", "install-write", "install-commit", "install-abandon", "uninstall":
		return p.pmChange(args[0], args[1:])
	}
	p.Printf("Unknown command: %s\n", args[0])
	return 255
}

// pmChange installs and removes apps.
func (p *process) pmChange(verb string, args []string) int {
	switch verb {
	case "install":
		return p.pmInstall(args)
	case "uninstall":
		return p.pmUninstall(args)
	}
	return p.pmSession(verb, args)
}

func (p *process) pmList(what string, args []string) int {
	switch what {
	case "users":
		p.listUsers()
	case "features":
		p.listFeatures()
	case "packages":
		return p.listPackages(args)
	default:
		p.Printf("Error: unknown list type '%s'\n", what)
		return 255
	}
	return 0
}

// listFeatures prints the features that tell a phone from a tablet without a modem, and
// those of the parts that a fault may be of, sorted as Android sorts them.
func (p *process) listFeatures() {
	p.Printf("feature:reqGlEsVersion=0x30002\nfeature:android.hardware.bluetooth\nfeature:android.hardware.camera\nfeature:android.hardware.camera.front\n")
	for _, sensor := range []string{"accelerometer", "compass", "gyroscope", "light", "proximity"} {
		p.Printf("feature:android.hardware.sensor.%s\n", sensor)
	}
	if len(p.imeis()) > 0 {
		p.Printf("feature:android.hardware.telephony\nfeature:android.hardware.telephony.gsm\n")
	}
	p.Printf("feature:android.hardware.touchscreen\nfeature:android.hardware.wifi\n")
}

func (p *process) listUsers() {
	p.Printf("Users:\n")
	for _, u := range p.Users() {
		p.Printf("\t%s", userInfo(u))
		if u.Running {
			p.Printf(" running")
		}
		p.Printf("\n")
	}
}

func (p *process) listPackages(args []string) int {
	var third, file, codes bool
	filter, userID := "", 0
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; arg {
		case "-3":
			third = true
		case "-f":
			file = true
		case "--show-versioncode":
			codes = true
		case "--user":
			i++
			if i == len(args) {
				fmt.Fprintln(p.Stderr, "Error: --user needs an argument")
				return 1
			}
			userID, _ = strconv.Atoi(args[i])
		default:
			if strings.HasPrefix(arg, "-") {
				p.Printf("Error: Unknown option: %s\n", arg)
				return 255
			}
			filter = arg
		}
	}
	if userID != 0 { // another user's things are closed to the shell
		return android.Exception(p.Stderr, "list", fmt.Sprintf("java.lang.SecurityException: Shell does not have permission to access user %d", userID))
	}
	for _, a := range p.Apps() {
		if third && !a.ThirdParty || !strings.Contains(a.Name, filter) {
			continue
		}
		p.Printf("package:")
		if file {
			p.Printf("%s=", a.Paths[0])
		}
		p.Printf("%s", a.Name)
		if codes {
			p.Printf(" versionCode:%d", a.Code)
		}
		p.Printf("\n")
	}
	return 0
}

func (p *process) pmPath(args []string) int {
	if len(args) > 1 && args[0] == "--user" {
		args = args[2:]
	}
	if len(args) == 0 {
		fmt.Fprintln(p.Stderr, "Error: no package specified")
		return 1
	}
	for _, a := range p.Apps() {
		if a.Name != args[0] {
			continue
		}
		for _, path := range a.Paths {
			p.Printf("package:%s\n", path)
		}
		return 0
	}
	return 1
}

// runCmd reaches the system services that have a shell command.
func runCmd(_ context.Context, p *process) int {
	if len(p.Args) < 2 {
		fmt.Fprintln(p.Stderr, "cmd: No service specified; use -l to list all services")
		return 20
	}
	args := p.Args[2:]
	switch p.Args[1] {
	case "package":
		return p.pm(args)
	case "wifi":
		return p.cmdWifi(args)
	case "testharness":
		return p.testHarness(args)
	}
	fmt.Fprintf(p.Stderr, "cmd: Can't find service: %s\n", p.Args[1])
	return 20
}

func (p *process) cmdWifi(args []string) int {
	switch {
	case len(args) == 1 && args[0] == "status" && p.SDK() >= 30:
		p.Printf("Wifi is enabled\nWifi scanning is only available when wifi is enabled\n==== Primary ClientModeManager instance ====\nWifi is not connected\n")
		return 0
	case len(args) == 0 || args[0] != "list-networks" || p.SDK() < 30:
		p.Printf("Unknown command: %s\n", strings.Join(args[:min(len(args), 1)], " "))
		return 255
	}
	p.Printf("Network Id      SSID                         Security type\n0            home-net                              wpa2-psk\n")
	return 0
}

// testHarness wipes the handset and keeps the computers that may debug it, so that
// tests can continue at once. It came with Android 10, and needs a partition
// that outlives the wipe, which not every emulator image has.
func (p *process) testHarness(args []string) int {
	switch {
	case p.SDK() < 29:
		fmt.Fprintf(p.Stderr, "cmd: Can't find service: %s\n", p.Args[1])
		return 20
	case len(args) != 1 || args[0] != "enable" && args[0] != "restore":
		fmt.Fprintln(p.Stderr, "About:\n  Test Harness Mode is a mode that the device can be placed in to prepare\n  the device for running UI tests.")
		return 0
	case p.Prop("ro.frp.pst") == "":
		fmt.Fprintln(p.Stderr, "Failed to enable Test Harness Mode")
		return 1
	}
	p.FactoryReset(true)
	p.FinishSetUp()
	p.SetDebugging(true)
	p.Reboot("")
	return 0
}
