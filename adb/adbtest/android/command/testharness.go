package command

import "fmt"

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
