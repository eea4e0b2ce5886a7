// Package health parses what a handset's commands print about its own faults: the wear of
// its battery, its restarts, crashes of its apps, its temperatures, storage, radio, sensors
// and cameras. Its parsers are pure functions over bytes.
//
// A parser looks at the first [Most] bytes of an answer. It refuses an answer without the
// heading that its command prints: empty, translated or foreign text is an error, never
// "nothing wrong". A field that the answer lacks is nil or empty. Results hold printable
// characters only, and neither names of networks nor numbers of cards.
//
// It imports package dump for its errors, and knows no handset and no vendor.
package health
