package screen

import (
	"context"
	"fmt"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/toybox"
)

// Input is Android's command input: touches and swipes, which the vendor's second
// debugging switch holds back. A key does nothing.
func (s Screen) Input(_ context.Context, p *toybox.Process) int {
	if len(p.Args) < 2 {
		fmt.Fprintln(p.Stderr, "Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]")
		return 255
	}
	if !s.ShellAllowed() {
		why := "Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission."
		if s.SDK() < 31 {
			why = "Injecting to another application requires INJECT_EVENTS permission"
		}
		return android.Exception(p.Stderr, "input", "java.lang.SecurityException: "+why)
	}
	var x, y, x2, y2 int
	line := strings.Join(p.Args[1:], " ")
	if n, _ := fmt.Sscanf(line, "tap %d %d", &x, &y); n == 2 {
		s.touch(x, y)
	}
	if n, _ := fmt.Sscanf(line, "swipe %d %d %d %d", &x, &y, &x2, &y2); n == 4 {
		s.swipe(y, y2)
	}
	return 0
}
