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

// pmVerbs are the commands of the package manager.
var pmVerbs = map[string]func(p *process, verb string, args []string) int{
	"list":            pmList,
	"path":            pmPath,
	"uninstall":       pmUninstall,
	"install":         pmInstall,
	"install-create":  pmCreate,
	"install-write":   pmSession,
	"install-commit":  pmSession,
	"install-abandon": pmSession,
}

func (p *process) pm(args []string) int {
	if len(args) == 0 {
		p.Printf("Package manager (package) commands:\n  help\n    Print this help text.\n")
		return 255
	}
	run, ok := pmVerbs[args[0]]
	if !ok {
		p.Printf("Unknown command: %s\n", args[0])
		return 255
	}
	return run(p, args[0], args[1:])
}

func pmList(p *process, _ string, args []string) int {
	switch what := strings.Join(args[:min(len(args), 1)], ""); what {
	case "users", "features":
		p.Printf("%s", render(what, p))
		return 0
	case "packages":
		return p.listPackages(args[1:])
	case "":
		p.Printf("Error: didn't specify type of data to list\n")
	default:
		p.Printf("Error: unknown list type '%s'\n", what)
	}
	return 255
}

func (p *process) listPackages(args []string) int {
	given, filter := map[string]bool{}, ""
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch arg {
		case "-3", "-f":
			given[arg] = true
		case "--user":
			id := append(args, "null")[0]
			user, err := strconv.Atoi(id)
			if err != nil {
				return android.Exception(p.Stderr, "list", "java.lang.IllegalArgumentException: Bad user number: "+id)
			}
			if user != 0 { // another user's things are closed to the shell
				return android.Exception(p.Stderr, "list", fmt.Sprintf("java.lang.SecurityException: Shell does not have permission to access user %d", user))
			}
			args = args[1:]
		default:
			if strings.HasPrefix(arg, "-") {
				p.Printf("Error: Unknown option: %s\n", arg)
				return 255
			}
			filter = arg
		}
	}
	for _, a := range p.Apps() {
		if given["-3"] && !a.ThirdParty || !strings.Contains(a.Name, filter) {
			continue
		}
		file := ""
		if given["-f"] {
			file = a.Paths[0] + "="
		}
		p.Printf("package:%s%s\n", file, a.Name)
	}
	return 0
}

func pmPath(p *process, _ string, args []string) int {
	if len(args) > 1 && args[0] == "--user" {
		args = args[2:]
	}
	if len(args) == 0 {
		fmt.Fprintln(p.Stderr, "Error: no package specified")
		return 1
	}
	app, there := p.App(args[0])
	if !there {
		return 1
	}
	for _, path := range app.Paths {
		p.Printf("package:%s\n", path)
	}
	return 0
}

// pmUninstall removes an app; of the system's own only updates can go.
func pmUninstall(p *process, _ string, args []string) int {
	rest, _ := installArgs(args)
	if len(rest) == 0 {
		p.Printf("Error: package name not specified\n")
		return 1
	}
	gone, ok := p.RemoveApp(rest[0])
	if !ok {
		return p.installed("DELETE_FAILED_INTERNAL_ERROR")
	}
	for _, file := range gone.Paths {
		p.Tree.Drop(file)
	}
	return p.installed("")
}

// services are the system services that have a shell command, and since which API level.
var services = map[string]struct {
	since int
	run   func(p *process, args []string) int
}{
	"package":     {0, (*process).pm},
	"wifi":        {30, (*process).cmdWifi},
	"testharness": {29, (*process).testHarness},
}

// runCmd reaches the system services that have a shell command.
func runCmd(_ context.Context, p *process) int {
	if len(p.Args) < 2 {
		fmt.Fprintln(p.Stderr, "cmd: No service specified; use -l to list all services")
		return 20
	}
	s, ok := services[p.Args[1]]
	if !ok || p.SDK() < s.since {
		fmt.Fprintf(p.Stderr, "cmd: Can't find service: %s\n", p.Args[1])
		return 20
	}
	return s.run(p, p.Args[2:])
}

func (p *process) cmdWifi(args []string) int {
	switch verb := strings.Join(args, " "); verb {
	case "status":
		p.Printf("Wifi is enabled\nWifi scanning is only available when wifi is enabled\n==== Primary ClientModeManager instance ====\nWifi is not connected\n")
	case "list-networks":
		p.Printf("Network Id      SSID                         Security type\n0            home-net                              wpa2-psk\n")
	default:
		p.Printf("Unknown command: %s\n", verb)
		return 255
	}
	return 0
}

// testHarness wipes the handset and keeps the computers that may debug it, so that
// tests can continue at once. It needs a partition that outlives the wipe, which not every
// emulator image has.
func (p *process) testHarness(args []string) int {
	switch {
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
