package adb

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"preship/report/message"
)

const defaultPort = 5037

// endpoint is where a server listens.
type endpoint struct {
	network string // for net.Dial: "tcp" or "unix"
	address string
	host    string // TCP only
	port    int
	spec    string // as adb itself writes it
}

// local reports whether adb would start a server there: it refuses for anything
// but its own machine (is_local_socket_spec in AOSP's socket_spec.cpp).
func (e endpoint) local() bool {
	if e.network != "tcp" || e.host == "localhost" {
		return true
	}
	ip := net.ParseIP(e.host)
	return ip != nil && ip.IsLoopback()
}

// listenSpec returns the address in the form that `adb -L` takes. Loopback addresses
// lose their host: adb takes only "localhost" for local.
func (e endpoint) listenSpec() string {
	if e.network == "tcp" {
		return "tcp:" + strconv.Itoa(e.port)
	}
	return e.spec
}

// environmentEndpoint follows adb's own order: ADB_SERVER_SOCKET, else
// ANDROID_ADB_SERVER_ADDRESS and ANDROID_ADB_SERVER_PORT.
func environmentEndpoint() (endpoint, error) {
	if spec := os.Getenv("ADB_SERVER_SOCKET"); spec != "" {
		e, err := parseEndpoint(spec)
		if err != nil {
			return endpoint{}, fmt.Errorf("ADB_SERVER_SOCKET: %w", err)
		}
		return e, nil
	}
	host, port := os.Getenv("ANDROID_ADB_SERVER_ADDRESS"), strconv.Itoa(defaultPort)
	if host == "" {
		host = "localhost"
	}
	if p := os.Getenv("ANDROID_ADB_SERVER_PORT"); p != "" {
		port = p
	}
	e, err := tcpEndpoint(host, port)
	if err != nil {
		return endpoint{}, fmt.Errorf("ANDROID_ADB_SERVER_PORT: %w", err)
	}
	return e, nil
}

// parseEndpoint reads "host:port" and the socket specifications of adb that a
// client can dial: tcp:PORT, tcp:HOST:PORT, tcp:HOST, local:PATH,
// localfilesystem:PATH, localabstract:NAME.
func parseEndpoint(spec string) (endpoint, error) {
	kind, rest, _ := strings.Cut(spec, ":")
	switch kind {
	case "tcp":
		return parseTCP(rest)
	case "local", "localfilesystem", "localabstract":
		if rest == "" {
			return endpoint{}, message.Error(message.Say("connect.error.socket", "address", strconv.Quote(spec)), nil)
		}
		if kind == "localabstract" {
			rest = "@" + rest
		}
		return endpoint{network: "unix", address: rest, spec: spec}, nil
	case "localreserved", "vsock", "acceptfd", "dev", "jdwp":
		return endpoint{}, message.Error(message.Say("connect.error.kind", "address", strconv.Quote(spec)), nil)
	}
	if !strings.Contains(spec, ":") {
		return endpoint{}, message.Error(message.Say("connect.error.form", "address", strconv.Quote(spec)), nil)
	}
	return parseTCP(spec)
}

func parseTCP(s string) (endpoint, error) {
	if !strings.Contains(s, ":") {
		if _, err := strconv.Atoi(s); err == nil {
			return tcpEndpoint("localhost", s)
		}
		return tcpEndpoint(s, strconv.Itoa(defaultPort))
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return endpoint{}, message.Error(message.Say("connect.error.address", "address", strconv.Quote(s)), err)
	}
	if host == "" {
		host = "localhost"
	}
	return tcpEndpoint(host, port)
}

func tcpEndpoint(host, port string) (endpoint, error) {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return endpoint{}, message.Error(message.Say("connect.error.port", "port", strconv.Quote(port)), nil)
	}
	if host == "" {
		return endpoint{}, message.Error(message.Say("connect.error.no-host"), nil)
	}
	address := net.JoinHostPort(host, strconv.Itoa(int(n)))
	return endpoint{network: "tcp", address: address, host: host, port: int(n), spec: "tcp:" + address}, nil
}

// defaultDevicePort is adbd's port on the network unless it was set otherwise
// ("adb tcpip 5555"). Wireless debugging picks a port of its own.
const defaultDevicePort = 5555

// DeviceAddr reads the address of a device on the network, HOST[:PORT], and
// returns it as "HOST:PORT", which is also the serial a server lists the device
// by. An IPv6 address may stand alone or in brackets, and gets brackets. Any other
// text is ErrAddress and is never sent to a server, where a colon or a control
// character would change the request.
func DeviceAddr(s string) (string, error) {
	host, port := s, strconv.Itoa(defaultDevicePort)
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
