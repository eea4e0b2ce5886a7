// Package meter counts how far a backup or a restore is, and calls its caller at
// every change.
//
// It decides nothing and shows nothing: a [Progress] is numbers and a phase. It
// imports no package of this module.
package meter
