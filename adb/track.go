package adb

import (
	"context"
	"errors"

	"preship/adb/internal/wire"
)

// Track calls fn with the whole list of devices now and again whenever it
// changes, until fn returns an error, which Track returns as it is, or the
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
