package adb

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// DefaultDevicePort is adbd's port on the network unless it was set otherwise
// ("adb tcpip 5555"). Wireless debugging picks a port of its own.
const DefaultDevicePort = 5555

// DeviceAddr reads the address of a device on the network, HOST[:PORT], and
// returns it as "HOST:PORT", which is also the serial a server lists the device
// by. An IPv6 address may stand alone or in brackets, and gets brackets. Any other
// text is ErrAddress and is never sent to a server, where a colon or a control
// character would change the request.
func DeviceAddr(s string) (string, error) {
	host, port := s, strconv.Itoa(DefaultDevicePort)
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		host = s[1 : len(s)-1]
	}
	switch ip, err := netip.ParseAddr(host); {
	case err == nil:
		host = ip.String()
	case strings.Contains(s, ":"):
		if host, port, err = net.SplitHostPort(s); err != nil {
			return "", fmt.Errorf("%w: %q", ErrAddress, s)
		}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || !isHost(host) {
		return "", fmt.Errorf("%w: %q", ErrAddress, s)
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), nil
}

// maxHost is the longest name DNS knows.
const maxHost = 253

// isHost accepts IP addresses and names of letters, digits, '-', '_' and '.'.
func isHost(s string) bool {
	if ip, err := netip.ParseAddr(s); err == nil {
		return !strings.ContainsFunc(ip.Zone(), notNameRune)
	}
	return s != "" && len(s) <= maxHost && s[0] != '-' && !strings.ContainsFunc(s, notNameRune)
}

func notNameRune(r rune) bool {
	return (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z') && !strings.ContainsRune("-_.", r)
}
