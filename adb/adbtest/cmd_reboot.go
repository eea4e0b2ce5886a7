package adbtest

import (
	"context"
	"strings"
)

// runReboot restarts the handset, as adbd's own service does.
func runReboot(_ context.Context, p *process) int {
	_, args, ok := p.Options("p")
	if !ok {
		return 1
	}
	target := strings.Join(args, "")
	p.h.reboot(target)
	return 0
}
