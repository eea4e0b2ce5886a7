// Package formats makes files that people open of the rows that a handset's providers
// gave: contacts as vCard 3.0, events as iCalendar, messages as a page and as the files that
// two apps import, the call log as a table and as such files.
//
// A [Row] may hold any text, written by strangers. No text ends its property, its cell or
// its element: it is escaped by the rules of the format, a cell never becomes a formula,
// and the page runs no scripts and loads nothing. The functions refuse nothing but vCards
// that are cut short; a value that a format cannot hold is left out.
//
// It reads no handset and writes no file.
//
// Arrows: formats uses query for the form of numbers, message for the words of the page, and nothing else of ours.
package formats
