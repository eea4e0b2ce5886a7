package reset

import (
	"context"

	"preship/adb"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// Owner is the job that a reset is part of. It speaks with the person at the handset,
// and keeps what happens. Its methods are called by one goroutine at a time.
type Owner interface {
	// Say shows what happens, or what is waited for.
	Say(message.Sentence)
	// Instruct asks the person to do something on the handset.
	Instruct(message.Sentence)
	// Save keeps the state of the reset on disk. It is called before the wipe is sent,
	// and an error then stops the reset.
	Save(report.Reset) error
	// Record keeps a command and its answer as evidence.
	Record(casedir.Entry) (ref string, err error)
	// Recheck checks the saved backup again and, if the handset's system is running,
	// which handset it is. It is called right before anything is erased, or before the
	// person is asked to start that. An error ends the reset with nothing erased: an
	// [ErrSince] if something changed, another one if that could not be checked.
	Recheck(context.Context) error
	// Devices lists the whole bus, to tell a wrong handset from a missing one.
	Devices(context.Context) ([]adb.DeviceInfo, error)
}
