package after

import (
	"os/exec"
	"syscall"
)

// alone runs a program in a process group of its own: Ctrl-C in the window is for preship.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
