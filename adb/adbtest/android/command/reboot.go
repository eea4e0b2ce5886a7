package command

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
	p.Reboot(strings.Join(args, ""))
	return 0
}
