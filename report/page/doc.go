// Package page writes a report for people: the HTML page, the PDF, and the label for the
// parcel, in each language of package message.
//
// Equal reports give equal bytes. A page needs no network and no script, and a text of a
// handset cannot act on it. A page shows only the contents of the report, and marks
// texts that have no words in its language.
//
// It draws the token of the seal as a code and does not know its meaning.
package page
