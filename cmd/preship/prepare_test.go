package main

import (
	"fmt"
	"strings"
	"testing"

	"preship/adb"
)

func TestWorst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		codes []exitCode
		want  exitCode
	}{
		{[]exitCode{exitReady}, exitReady},
		{[]exitCode{exitReady, exitNotReady}, exitNotReady},
		{[]exitCode{exitNotReady, exitNoHandset, exitReady}, exitNoHandset},
		{[]exitCode{exitNoHandset, exitFailed}, exitFailed},
		{[]exitCode{exitFailed, exitInterrupted}, exitInterrupted},
		{[]exitCode{exitReady, exitCodeOf(adb.ErrNoServer)}, exitFailed},
	} {
		var all []int
		for _, c := range tt.codes {
			all = append(all, int(c))
		}
		if got := (codes{}).Worst(all); got != int(tt.want) {
			t.Errorf("%v: %d, want %d", tt.codes, got, tt.want)
		}
	}
	for _, row := range exitCodes {
		if !strings.Contains(", "+worstFirst()+",", fmt.Sprintf(", %d,", row.code)) {
			t.Errorf("exit code %d has no place among the others", row.code)
		}
	}
}
