// Package faultform asks a person about the fault of a handset: its kind, the questions of
// that kind, and the tests that were done by hand.
//
// Each answer is returned as soon as it is given, through the keep function, so that an
// interrupted form resumes at the next question. An empty answer leaves a question out.
//
// It knows neither terminal nor job, and reads no handset.
package faultform
