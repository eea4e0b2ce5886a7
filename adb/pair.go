package adb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"preship/adb/internal/wire"
	"preship/report/message"
)

// pairTime bounds a pairing: a server gives up on a device that is not there by
// itself, after the ten seconds or more its system takes to say so.
const pairTime = 60 * time.Second

// codeDigits is how long the code is that Android shows under "pair device with
// pairing code".
const codeDigits = 6

// Pair makes a device with wireless debugging (Android 11) trust the server's
// key. addr is the HOST:PORT the device shows beside its code, which is not the
// one to connect to. The answer is the device's GUID, "" when the server does
// not say. The code appears in no error.
//
// ErrNoPairing: the server does not know how (adb before platform-tools 30).
// ErrNotPaired: the code is wrong or used up, or no device answers at addr.
func (c *Client) Pair(ctx context.Context, addr, code string) (guid string, err error) {
	canonical, err := DeviceAddr(addr)
	if err != nil {
		return "", err
	}
	if len(code) != codeDigits || strings.Trim(code, "0123456789") != "" {
		return "", message.Kind(message.Join(message.Colon, message.Of(ErrNotPaired), message.Say("connect.error.pair-digits", "count", codeDigits)), ErrNotPaired)
	}
	limited, cancel := context.WithTimeout(ctx, pairTime)
	defer cancel()
	text, err := c.pair(limited, canonical, code)
	switch {
	case err != nil && limited.Err() != nil && ctx.Err() == nil:
		late := message.Say("connect.error.pair-late", "address", canonical, "time", pairTime.String())
		return "", message.Kind(message.Join(message.Colon, message.Of(ErrNotPaired), late), ErrNotPaired)
	case errors.Is(err, errUnknownService):
		return "", fmt.Errorf("pair %s: %w", canonical, ErrNoPairing)
	case err != nil:
		return "", fmt.Errorf("pair %s: %w", canonical, err)
	}
	if rest, ok := strings.CutPrefix(text, "Successfully paired to "); ok {
		return pairedGUID(rest), nil
	}
	return "", fmt.Errorf("pair %s: %w: %q", canonical, ErrNotPaired, strings.ReplaceAll(text, code, "…"))
}

// pair returns what the server says of the outcome. It comes behind the OKAY
// that only means the question was understood: a block when it is done, a FAIL
// of its own when it is not (pair_service in AOSP's client/adb_wifi.cpp and
// services.cpp; seen with 34.0.5).
func (c *Client) pair(ctx context.Context, addr, code string) (string, error) {
	conn, err := c.dial(ctx, "pairing") // the name is in errors: no code in it
	if err != nil {
		return "", err
	}
	defer conn.Close()
	conn.SetIdle(0) // ctx bounds it
	if err := conn.request("host:pair:" + code + ":" + addr); err != nil {
		return "", err
	}
	r := bufio.NewReader(conn)
	if head, err := r.Peek(len(wire.StatusFail)); err != nil {
		return "", conn.named(endEarly(err))
	} else if string(head) == wire.StatusFail {
		err := wire.ReadStatus(r)
		if fail := (*wire.FailError)(nil); errors.As(err, &fail) {
			return fail.Message, nil
		}
		return "", conn.named(err)
	}
	b, err := wire.ReadBlock(r)
	if err != nil {
		return "", conn.named(err)
	}
	return string(b), nil
}

func endEarly(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// pairedGUID reads "HOST:PORT [guid=adb-SERIAL-xxxxxx]".
func pairedGUID(s string) string {
	_, guid, _ := strings.Cut(s, "[guid=")
	guid, _, _ = strings.Cut(guid, "]")
	return guid
}

// Announcement is a device that the server hears announcing itself on the local
// network.
type Announcement struct {
	Name    string // "adb-SERIAL-xxxxxx"
	Service string // one of the Service constants, or another of the device's
	Addr    string // "HOST:PORT", to Pair or Connect with
}

// What devices announce (adb_mdns.h in AOSP).
const (
	ServiceADB     = "_adb._tcp"             // adbd without encryption
	ServicePairing = "_adb-tls-pairing._tcp" // waits to be paired, while it shows a code
	ServiceConnect = "_adb-tls-connect._tcp" // wireless debugging
)

// Announced lists what the server hears on the network. ErrNoAnnouncements: the
// server cannot listen, so that nothing is known.
func (c *Client) Announced(ctx context.Context) ([]Announcement, error) {
	check, err := c.ask(ctx, "host:mdns:check")
	switch {
	case errors.Is(err, errUnknownService):
		return nil, message.Error(message.Say("connect.error.server", "address", c.Addr()), ErrNoAnnouncements)
	case err != nil:
		return nil, err
	// "mdns daemon version […]" when it listens; a build without mDNS answers
	// nothing (34.0.5 of Debian).
	case !strings.HasPrefix(string(check), "mdns daemon version"):
		return nil, message.Error(message.Say("connect.error.server", "address", c.Addr()), ErrNoAnnouncements)
	}
	b, err := c.ask(ctx, "host:mdns:services")
	if err != nil {
		return nil, err
	}
	return parseAnnouncements(string(b))
}

// parseAnnouncements reads lines of "NAME\tSERVICE\tHOST:PORT".
func parseAnnouncements(s string) ([]Announcement, error) {
	var list []Announcement
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, "\r \t")
		if line == "" {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || fields[0] == "" {
			return nil, fmt.Errorf("%w: announcement %q", ErrProtocol, line)
		}
		addr, err := DeviceAddr(strings.TrimSpace(fields[2]))
		if err != nil {
			return nil, fmt.Errorf("%w: announcement %q", ErrProtocol, line)
		}
		list = append(list, Announcement{fields[0], strings.TrimSuffix(fields[1], "."), addr})
	}
	return list, nil
}
