// Package devices prints the handsets that an adb server lists, with advice for each state,
// and watches the list for changes.
//
// It asks the adb server only, and sends nothing to a handset.
package devices
