// Package schema holds the JSON Schemas (draft 2020-12) of what preship writes for other
// programs.
//
// They follow the Go types: a test generates each one from its type. The package knows
// no type itself and imports no other package of this module.
package schema
