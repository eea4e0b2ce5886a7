// Package provider is the content providers of an emulated handset, and the content
// command through which a shell reads and writes them: contacts, messages, calls,
// the calendar and the vendor's Find Device.
//
// It answers as Android does, with its faults: rows that are ambiguous when a
// value holds ", ", "=" or a newline, and status 0 whatever a provider throws. It is
// no database: it knows the conditions that clients send, and refuses others with
// SQLite's syntax error.
package provider
