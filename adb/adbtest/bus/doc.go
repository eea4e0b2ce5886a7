// Package bus is the place of an emulated handset on the adb bus: its state there,
// when it leaves and returns, and which computers its owner allowed to debug it.
//
// A [Bus] numbers every stay, so that a front can drop the connections of a stay
// that ended. [Keyring] checks signatures of computers; it never makes one. The
// package decides nothing: the handset moves itself.
//
// It imports no other package of preship.
package bus
