// Package uptime measures how much time passes on this computer, whatever its clock is set
// to meanwhile, and the time for which the computer sleeps included. Go's own monotonic
// clock stops while some computers sleep. It has one file for each system; on a system
// without one Now returns [errors.ErrUnsupported].
package uptime
