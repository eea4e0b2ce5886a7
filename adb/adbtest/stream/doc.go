// Package stream is a service's end of a stream between the emulated handset and a
// computer: the bytes that came and were not read yet, and the speed at which bytes
// go out. The fronts, adbd and the adb server, make streams; services use them.
//
// It imports no other package of preship.
package stream
