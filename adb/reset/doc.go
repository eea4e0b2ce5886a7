// Package reset factory-resets a handset and sees it happen: the ways to do it,
// the preconditions of doing it, and the watch on the bus.
//
// The command that wipes is sent once, and only with a [Permit], which exists
// only where every precondition held and the owner typed the handset's own
// number. The command is saved before it is sent, so that a run that died in
// the middle is continued by watching, never by wiping a second time unasked.
//
// The package believes neither an exit status nor its own wish: a reset counts
// by the answer of the handset, by its leaving the bus, and by its state when
// it returns. It knows no way around a lock, sends no broadcast, and never sends
// the recovery services that erase the IMEI partition or the factory reset
// protection. It only reads the handset's screen, unless the owner asked it to press the
// buttons of the vendor's reset; it types no secret, and keeps no page that asks for one.
// It sends the command that erases an emulator to nothing else.
//
// It imports adb/handset for the commands, report for the findings and report/casedir for
// the evidence. The connection is a [Device] and the job an [Owner]: the caller passes both.
package reset
