package adb

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

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
		return nil, fmt.Errorf("adb server %s: %w", c.Addr(), ErrNoAnnouncements)
	case err != nil:
		return nil, err
	// "mdns daemon version […]" when it listens; a build without mDNS answers
	// nothing at all (34.0.5 of Debian).
	case !strings.HasPrefix(string(check), "mdns daemon version"):
		return nil, fmt.Errorf("adb server %s: %w", c.Addr(), ErrNoAnnouncements)
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
