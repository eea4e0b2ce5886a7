//go:build unix

package after

import (
	"os/exec"
	"syscall"
)

// alone runs a program in a process group of its own: Ctrl-C at the terminal is for preship,
// and a time limit ends all that the program started.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
