// Package mask removes personal data from a handset's answers before they leave the
// computer in a report. Its table names for every row of the command table which
// parts of the answer may stay; everything else is left out and counted.
//
// It lists what to keep, never what to remove: the next version of a vendor may print
// anything. A row that is not in the table keeps nothing.
package mask
