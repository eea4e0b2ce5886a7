// Package bugreport lets a handset write a bugreport, copies it, and removes it from the
// handset.
//
// A bugreport is the one question of preship that makes a file on the handset. It holds
// logs, names of networks, accounts and apps, so a caller asks its owner first and keeps it
// on the computer.
//
// Whatever the handset says is bounded: its lines, the time it takes, the size of the file,
// and where the file can be. A path outside the folder of bugreports is refused.
package bugreport
