package adb

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"preship/adb/internal/wire"
	"preship/report/message"
)

// DeviceInfo is one device as the server lists it.
type DeviceInfo struct {
	Serial  string
	State   State
	Detail  string // the rest of a state of several words: "(user in plugdev group; …); see […]"
	Product string // ro.product.name; this and the next two are "" until its owner allowed the computer
	Model   string // ro.product.model, with '_' for all but letters and digits
	Device  string // ro.product.device, the codename
	USB     string // where it is plugged in: "1-4"; "" on the network
	// TransportID is the server's number for this connection of the device; it
	// changes when the device reconnects. 0: the server did not say.
	TransportID int64
}

// Devices lists every device the server knows, whatever its state. An empty
// list is the server's own complete answer.
func (c *Client) Devices(ctx context.Context) ([]DeviceInfo, error) {
	b, err := c.ask(ctx, "host:devices-l")
	if err != nil {
		return nil, err
	}
	return parseDevices(string(b))
}

// Find returns the entry of that serial, or one in StateAbsent.
func Find(list []DeviceInfo, serial string) DeviceInfo {
	for _, d := range list {
		if d.Serial == serial {
			return d
		}
	}
	return DeviceInfo{Serial: serial}
}

// parseDevices reads the answer of host:devices-l (serial padded to 22 columns,
// state, attributes) and of host:devices (serial, tab, state), which older
// servers send for tracking.
func parseDevices(s string) ([]DeviceInfo, error) {
	var list []DeviceInfo
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		d, ok := parseDevice(line)
		if !ok {
			return nil, message.Detail(ErrProtocol, message.Say("error.detail.line", "line", strconv.Quote(line)))
		}
		list = append(list, d)
	}
	return list, nil
}

func parseDevice(line string) (DeviceInfo, bool) {
	serial, rest, ok := cutSerial(line)
	if !ok {
		return DeviceInfo{}, false
	}
	d := DeviceInfo{Serial: serial}
	d.State, rest = cutState(rest)
	if d.State == StateAbsent {
		return DeviceInfo{}, false
	}
	if strings.HasPrefix(rest, "(") {
		d.Detail, rest = cutDetail(rest)
	}
	for word := range strings.FieldsSeq(rest) {
		d.attribute(word)
	}
	return d, true
}

// serialColumns is the width that servers pad a serial to: "%-22s " in AOSP's
// append_transport.
const serialColumns = 22

// cutSerial splits a line behind the serial. A serial may hold spaces ("(no
// serial number)", or a second mDNS name "adb-1-x (2)._adb-tls-connect._tcp"),
// so the column decides, and for longer serials the first state behind it.
func cutSerial(line string) (serial, rest string, ok bool) {
	if serial, rest, ok := strings.Cut(line, "\t"); ok {
		return serial, strings.TrimLeft(rest, " "), serial != ""
	}
	if len(line) > serialColumns+1 && line[serialColumns] == ' ' {
		serial, rest = strings.TrimRight(line[:serialColumns], " "), line[serialColumns+1:]
		if state, _ := cutState(rest); known(state) && serial != "" {
			return serial, rest, true
		}
	}
	for i := 1; i < len(line); i++ {
		if line[i] != ' ' {
			continue
		}
		if state, _ := cutState(line[i+1:]); known(state) {
			serial = strings.TrimRight(line[:i], " ")
			return serial, line[i+1:], serial != ""
		}
	}
	// An unknown state: the serial is the first word.
	serial, rest, ok = strings.Cut(line, " ")
	return serial, strings.TrimLeft(rest, " "), ok && serial != ""
}

func known(s State) bool {
	_, ok := states[s]
	return ok
}

// cutState splits the state off the front: the one state of two words, or a
// word.
func cutState(s string) (State, string) {
	if rest, ok := strings.CutPrefix(s, string(StateNoPermissions)); ok && (rest == "" || rest[0] == ' ' || rest[0] == ';') {
		return StateNoPermissions, strings.TrimLeft(rest, " ")
	}
	word, rest, _ := strings.Cut(s, " ")
	return State(word), strings.TrimLeft(rest, " ")
}

// cutDetail splits off the explanation a server adds to a state, which ends
// with a link in brackets or, without one, with its last parenthesis.
func cutDetail(s string) (detail, rest string) {
	end := strings.LastIndexByte(s, ']')
	if end < 0 {
		end = strings.LastIndexByte(s, ')')
	}
	return s[:end+1], s[end+1:]
}

func (d *DeviceInfo) attribute(word string) {
	key, value, ok := strings.Cut(word, ":")
	switch {
	case !ok && d.USB == "":
		d.USB = word // the path alone, as servers built on libusb write it
	case key == "usb":
		d.USB = value
	case key == "product":
		d.Product = value
	case key == "model":
		d.Model = value
	case key == "device":
		d.Device = value
	case key == "transport_id":
		// A number that does not fit stays 0, unknown.
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
			d.TransportID = n
		}
	}
}

// Track calls fn with the whole list of devices now and again whenever it
// changes, until fn returns an error, which Track returns unchanged, or the
// context or the server ends. A server that goes away is ErrClosed.
func (c *Client) Track(ctx context.Context, fn func([]DeviceInfo) error) error {
	err := c.track(ctx, "host:track-devices-l", fn)
	if errors.Is(err, errUnknownService) { // servers before platform-tools 29
		err = c.track(ctx, "host:track-devices", fn)
	}
	return err
}

func (c *Client) track(ctx context.Context, service string, fn func([]DeviceInfo) error) error {
	conn, err := c.dial(ctx, service)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.request(service); err != nil {
		return err
	}
	conn.SetIdle(0) // nothing is owed until something changes
	for {
		b, err := wire.ReadBlock(conn)
		if err != nil {
			return conn.named(err)
		}
		list, err := parseDevices(string(b))
		if err != nil {
			return err
		}
		if err := fn(list); err != nil {
			return err
		}
	}
}
