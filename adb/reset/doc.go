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
// protection. On the handset's screen it reads only, unless its
// owner asked for the buttons of the vendor's reset to be pressed; it types no
// secret, and keeps no page that asks for one. What erases an emulator is sent
// to nothing else.
package reset
