package doctor

import (
	"context"

	"preship/adb"
	"preship/report"
	"preship/report/message"
)

// check is one question about this computer.
type check struct {
	id    string
	name  message.ID
	looks string // the subject of the check
	// required means that no handset can be prepared while the check fails or is
	// unknown.
	required bool
	run      func(context.Context, *facts) result
}

// result is the answer to a check.
type result struct {
	status report.Status
	found  message.Sentence
	next   []message.Sentence // what to do, in this order
}

// checks are in the order in which a person solves the problems.
var checks = []check{
	{"adb-binary", "doctor.name.adb-binary", "the adb that preship would start, on the PATH", true, checkADBBinary},
	{"adb-versions", "doctor.name.adb-versions", "other adb programs, on the PATH and in the SDK's folders, and whether they end each other's server", false, checkADBVersions},
	{"adb-server", "doctor.name.adb-server", "who answers at the server's address", true, checkADBServer},
	{"environment", "doctor.name.environment", "variables that send adb elsewhere", true, checkEnvironment},
	{"usb", "doctor.name.usb", "handsets on the bus, and whether this user may open them", false, checkUSB},
	{"usb-programs", "doctor.name.usb-programs", "other programs that hold a handset", false, checkUSBPrograms},
	{"forwards", "doctor.name.forwards", "ways that programs keep open into a handset through the adb server", false, checkForwards},
	{"handsets", "doctor.name.handsets", "the handsets adb lists, and the one preship would take", false, checkHandsets},
	{"disk", "doctor.name.disk", "room where cases go (--out)", true, checkDisk},
	{"folder", "doctor.name.folder", "whether cases can be written there, and what names and sizes its file system takes", true, checkFolder},
	{"clock", "doctor.name.clock", "this computer's time, against when preship was built, and its zone", true, checkClock},
	{"key", "doctor.name.key", "the key that signs reports", true, checkKey},
	{"others", "doctor.name.others", "handsets that another preship works on", false, checkOthers},
	{"terminal", "doctor.name.terminal", "whether questions can be asked and progress shown", false, checkTerminal},
}

// facts is what the checks look at. What several checks need is read once.
type facts struct {
	Options
	machine machine

	binaries []adbBinary
	server   serverSeen
	infos    []adb.DeviceInfo
	infosErr error
	bus      []usbDevice
	busErr   error
}

func newFacts(opts Options, m machine) *facts { return &facts{Options: opts, machine: m} }

// look reads what several checks need.
func (f *facts) look(ctx context.Context) {
	f.binaries = findADB(ctx, f.machine, f.Console.Getenv)
	f.server = f.lookAtServer(ctx)
	f.infosErr = f.server.err
	if f.server.err == nil {
		f.infos, f.infosErr = f.server.client.Devices(ctx)
	}
	f.bus, f.busErr = f.machine.usb()
}

// next are the messages of what to do, without arguments.
func next(ids ...message.ID) (all []message.Sentence) {
	for _, id := range ids {
		all = append(all, message.Say(id))
	}
	return all
}

// couldNotLook is the text of a check that could not be made.
func couldNotLook(err error) message.Sentence {
	return message.Say("doctor.could-not-look", "error", message.Of(err))
}
