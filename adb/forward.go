package adb

import (
	"context"
	"strconv"
	"strings"

	"preship/report/message"
)

// Forward is a way that a server keeps open from its own socket computer
// into a device.
type Forward struct {
	Serial string // of the device
	Local  string // socket specification on the server's computer: "tcp:6100"
	Remote string // and on the device: "localabstract:scrcpy"
}

// Forwards lists the ways into devices that programs have asked the server for.
func (c *Client) Forwards(ctx context.Context) ([]Forward, error) {
	b, err := c.ask(ctx, "host:list-forward")
	if err != nil {
		return nil, err
	}
	return parseForwards(string(b))
}

// parseForwards reads lines of "SERIAL LOCAL REMOTE". A serial may hold spaces,
// so the two behind it are counted from the end.
func parseForwards(s string) ([]Forward, error) {
	var list []Forward
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		rest, remote, ok := cutLast(strings.TrimRight(line, " \r"))
		serial, local, ok2 := cutLast(rest)
		if !ok || !ok2 || strings.TrimSpace(serial) == "" || !isSpec(local) || !isSpec(remote) {
			return nil, message.Detail(ErrProtocol, message.Say("error.detail.line", "line", strconv.Quote(line)))
		}
		list = append(list, Forward{serial, local, remote})
	}
	return list, nil
}

func cutLast(s string) (before, last string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i <= 0 {
		return "", "", false
	}
	return strings.TrimRight(s[:i], " "), s[i+1:], true
}

// isSpec accepts KIND:NAME, as adb writes sockets.
func isSpec(s string) bool {
	kind, name, ok := strings.Cut(s, ":")
	return ok && kind != "" && name != ""
}
