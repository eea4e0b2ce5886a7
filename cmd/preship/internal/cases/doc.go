// Package cases lists the cases of a folder for a person, marks those whose data was
// handed back, and deletes that data.
//
// The list comes from the register and from the folders themselves. Purge deletes only
// the data of a case whose report is sealed and verifies, and asks before it does.
// Sealed reports stay.
package cases
