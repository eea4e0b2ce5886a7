// Package page writes a report for people: the HTML page, the PDF, and the label for the
// parcel, in each language of package message.
//
// Equal reports give equal bytes. A page needs no network and no script, and what a
// handset said cannot act on it. A page shows only what is in the report, and marks
// what it has no words for in its language.
//
// It draws the token of the seal as a code and does not know what it means.
package page
