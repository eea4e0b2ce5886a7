package job

import (
	"context"
	"time"
)

// deaf is a person who hears nothing. With asks they can be asked, and answer
// nothing.
type deaf struct{ asks bool }

func (deaf) Tell(Event)                                    {}
func (d deaf) CanAsk() bool                                { return d.asks }
func (deaf) Ask(context.Context, Question) (string, error) { return "", nil }

// aHost is a computer with nothing but a clock and a folder for preship's files.
func aHost(config string) Host {
	return Host{Now: time.Now, ConfigDir: func() (string, error) { return config, nil }}
}
