package main

import (
	"slices"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// A name in the list that is no command would let no command hear --serial.
func TestCommandsThatAskTheHandset(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv()
	var paths []string
	for _, cmd := range newRootCmd(e).Commands() {
		paths = append(paths, cmd.Name())
	}
	for _, path := range asksHandset {
		if !slices.Contains(paths, path) {
			t.Errorf("%s is no command", path)
		}
	}
}

func TestEmptyValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args []string
		want bool
	}{
		{"a file", []string{"--passphrase-file", "x"}, false},
		{"no file", []string{"--passphrase-file", ""}, true},
		{"spaces", []string{"--without-backup", " "}, true},
		{"no list", []string{"--despite", ""}, true},
		{"a list", []string{"--despite", "a,b"}, false},
		{"one of a list", []string{"--encrypt-to", "age1x", "--encrypt-to", ""}, true},
		{"a switch", []string{"--json"}, false},
		{"a span of none", []string{"--wait", "0s"}, false},
	} {
		e, _, _ := testEnv()
		cmd, _, err := newRootCmd(e).Find([]string{"prepare"})
		mustDo(t, err)
		mustDo(t, cmd.ParseFlags(tt.args))
		if got := checkHeard(cmd) != nil; got != tt.want {
			t.Errorf("%s: refused %t, want %t", tt.name, got, tt.want)
		}
	}
}

// A backup waits for a handset that left as long as --wait says. The default of --wait is
// for a person, and bounds no backup.
func TestWaitBoundsTheBackup(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want time.Duration
	}{
		{nil, 0},
		{[]string{"--wait", "7m"}, 7 * time.Minute},
		{[]string{"--wait", "30s"}, 30 * time.Second},
	} {
		e, _, _ := testEnv()
		var o jobOptions
		f := pflag.NewFlagSet("prepare", pflag.ContinueOnError)
		o.addWait(f, e)
		mustDo(t, f.Parse(tt.args))
		if got := o.of(e, &globals{}).Away; got != tt.want {
			t.Errorf("%q: the backup waits %v, want %v", tt.args, got, tt.want)
		}
	}
}
