// Package wire holds the byte codecs of adb's protocols: requests to an adb
// server, shell v2 packets, sync records and the messages between a server and
// adbd. It knows how bytes are laid out and how large they may be; it opens no
// connection, sets no deadline and decides nothing.
//
// Both the client and the emulated handset are built on it, so a codec here is
// tested against bytes recorded from Android's own daemon, never only against
// itself.
//
// Sources: AOSP packages/modules/adb, files protocol.txt, SERVICES.TXT,
// SYNC.TXT, file_sync_protocol.h, shell_protocol.h and types.h.
package wire

import "errors"

// ErrMalformed is wrapped by every error that says the peer broke the protocol,
// as opposed to an error of the connection.
var ErrMalformed = errors.New("malformed adb data")
