// Package worklist reads the list a desk makes of the handsets it expects: a CSV file with
// a line for each, found by its serial number or its IMEI. The line gives the ticket, the
// numbers printed on the box, and any other field of the intake form.
//
// It refuses a list with a column or an answer that it cannot read, or with two lines
// about one handset: a ticket would be filed under the wrong handset.
package worklist
