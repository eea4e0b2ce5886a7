// Package recording lets a handset record its screen for a few seconds, copies the
// recording, and removes it from the handset, also after a failure.
//
// The recording is the one file that this room makes on a handset. Its path and its length
// are fixed, and its size is bounded. An owner is asked first: a screen shows whatever it
// shows.
//
// It takes everything out of the copy that is not the picture: times, places, labels,
// tracks beside the picture, and bytes that no picture refers to. It changes the bytes in
// place and refuses a file that is no MP4 file of a screen.
//
// It imports adb/handset for the rows, and knows neither case nor report.
package recording
