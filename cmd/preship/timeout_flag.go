package main

import (
	"errors"
	"time"

	"github.com/spf13/pflag"
)

// duration is a flag that takes a time longer than none.
type duration time.Duration

func (d *duration) Set(s string) error {
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return errors.New("say a time such as 90s, 20m or 2h")
	}
	*d = duration(v)
	return nil
}

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *duration) Type() string { return "DURATION" }

func addTimeout(f *pflag.FlagSet, d *time.Duration) {
	f.Var((*duration)(d), "timeout", "end after this time as Ctrl-C does, with exit code 1; once a wipe is sent it no longer counts")
}
