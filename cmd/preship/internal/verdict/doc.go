// Package verdict prints how a job ended and whether a sealed report verifies.
//
// It prints the verdict that a report holds and never makes one of its own. A report that
// does not verify is printed as that, with each problem, and its verdict is not.
package verdict
