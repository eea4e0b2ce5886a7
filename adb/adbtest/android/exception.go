package android

import (
	"fmt"
	"io"
)

// Exception writes what a system service threw at a shell command, and returns the
// command's status.
func Exception(stderr io.Writer, command, text string) int {
	fmt.Fprintf(stderr, "\nException occurred while executing '%s':\n%s\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2438)\n", command, text)
	return 255
}
