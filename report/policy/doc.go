// Package policy judges a report by the rules of a desk or a bench, beyond its verdict.
//
// A policy can ask for more than the verdict does. It never makes anything pass, and the
// report stays as it is. The package refuses rules that it does not know: a misspelt one
// would hold for nothing.
package policy
