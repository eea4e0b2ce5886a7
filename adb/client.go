package adb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"preship/report/message"
)

// Defaults of Options.
const (
	DefaultDialTimeout = 5 * time.Second
	DefaultIdleTimeout = 20 * time.Second
)

// Options says where the server is and how patient to be. The zero value is the
// server that the adb command would use.
type Options struct {
	// Addr is "HOST:PORT" or adb's own form: "tcp:HOST:PORT", "tcp:PORT",
	// "localfilesystem:PATH", "localabstract:NAME". Empty: ADB_SERVER_SOCKET,
	// ANDROID_ADB_SERVER_ADDRESS and ANDROID_ADB_SERVER_PORT, else localhost:5037.
	Addr string
	// Start lets Ensure start a server if no server answers at a local address.
	Start bool
	// ADB is the binary that Ensure starts a server with; empty: "adb" on the PATH.
	ADB string
	// DialTimeout bounds reaching the server; 0: DefaultDialTimeout.
	DialTimeout time.Duration
	// IdleTimeout is the longest silence on a stream that owes bytes; 0:
	// DefaultIdleTimeout. It moves with progress, so it does not bound a transfer.
	IdleTimeout time.Duration
	// Dial, when set, reaches the server in place of Addr.
	Dial func(ctx context.Context) (net.Conn, error)
}

// Client talks to one adb server. It holds no connection, each question opens
// its own, and it is safe for concurrent use.
type Client struct {
	endpoint endpoint
	options  Options
	host     hostSide
	shellV2  sync.Map // serials of the devices that had shell_v2
}

// New returns a client. It does not connect.
func New(o Options) (*Client, error) {
	e, err := environmentEndpoint()
	if o.Addr != "" {
		e, err = parseEndpoint(o.Addr)
	}
	if err != nil {
		return nil, fmt.Errorf("adb: %w", err)
	}
	if o.DialTimeout <= 0 {
		o.DialTimeout = DefaultDialTimeout
	}
	if o.IdleTimeout <= 0 {
		o.IdleTimeout = DefaultIdleTimeout
	}
	c := &Client{endpoint: e, options: o}
	c.host = newHostSide(c)
	return c, nil
}

// Addr returns where the server is: "HOST:PORT", or adb's own form of a local socket.
func (c *Client) Addr() string {
	if c.endpoint.network == "tcp" {
		return c.endpoint.address
	}
	return c.endpoint.spec
}

// Version asks the server for its version, 41 since 2018. ErrNoServer means
// nothing listens there.
func (c *Client) Version(ctx context.Context) (int, error) {
	v, err := c.host.version(ctx)
	if err != nil {
		return 0, message.Error(message.Say("connect.error.server", "address", c.Addr()), fmt.Errorf("version: %w", err))
	}
	return v, nil
}

// Connect asks the server to connect to a device on the network; addr is as
// DeviceAddr takes it. A device that waits for its owner's consent is
// ErrUnauthorized, one that does not answer is ErrUnreachable. One that was
// connected already is no error, whatever its state.
func (c *Client) Connect(ctx context.Context, addr string) error {
	canonical, err := DeviceAddr(addr)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if err := c.host.connect(ctx, canonical); err != nil {
		return fmt.Errorf("connect %s: %w", canonical, err)
	}
	return nil
}

// Disconnect undoes Connect. A device that is not connected is ErrNoDevice.
func (c *Client) Disconnect(ctx context.Context, addr string) error {
	canonical, err := DeviceAddr(addr)
	if err != nil {
		return fmt.Errorf("disconnect: %w", err)
	}
	if err := c.host.disconnect(ctx, canonical); err != nil {
		return fmt.Errorf("disconnect %s: %w", canonical, err)
	}
	return nil
}

// Device returns the device with that serial, whether or not it is listed now.
func (c *Client) Device(serial string) *Device {
	return &Device{client: c, serial: serial, idle: c.options.IdleTimeout}
}

// dial opens a connection to the server. ctx bounds the dialling and the
// connection's whole life: when it ends, the connection is closed.
func (c *Client) dial(ctx context.Context, name string) (*Conn, error) {
	dctx, cancel := context.WithTimeout(ctx, c.options.DialTimeout)
	defer cancel()
	var nc net.Conn
	var err error
	if c.options.Dial != nil {
		nc, err = c.options.Dial(dctx)
	} else {
		var d net.Dialer
		nc, err = d.DialContext(dctx, c.endpoint.network, c.endpoint.address)
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, c.noServer(err)
	}
	return newConn(ctx, nc, name, c.options.IdleTimeout), nil
}

// lacksServer returns [ErrNoServer] with the address and why, and wraps err.
func (c *Client) lacksServer(why message.Sentence, err error) error {
	at := message.Join(message.Colon, message.Say("connect.error.no-server", "address", c.Addr()), why)
	return message.Kind(at, errors.Join(ErrNoServer, err))
}

func (c *Client) noServer(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	return c.lacksServer(message.Of(err), err)
}

// Pick finds the device to work on: the one named, else the one that
// ANDROID_SERIAL names, else the only one. The error is ErrNoDevice, a
// *ManyDevicesError, or a *StateError when the device is listed in any state
// but "device"; with a *StateError the device and its info are returned too.
func (c *Client) Pick(ctx context.Context, serial string) (*Device, DeviceInfo, error) {
	list, err := c.Devices(ctx)
	if err != nil {
		return nil, DeviceInfo{}, err
	}
	if serial == "" {
		serial = os.Getenv("ANDROID_SERIAL")
	}
	info, err := pick(list, serial)
	if err != nil {
		return nil, info, err
	}
	d := c.Device(info.Serial)
	if info.State != StateDevice {
		return d, info, &StateError{Serial: info.Serial, State: info.State, Detail: info.Detail}
	}
	return d, info, nil
}

func pick(list []DeviceInfo, serial string) (DeviceInfo, error) {
	if serial != "" {
		info := Find(list, serial)
		if info.State == StateAbsent {
			return info, fmt.Errorf("%s: %w", serial, ErrNoDevice)
		}
		return info, nil
	}
	// Like adb itself, a device without permissions is passed over when there is
	// another.
	var usable []DeviceInfo
	for _, d := range list {
		if d.State != StateNoPermissions {
			usable = append(usable, d)
		}
	}
	if len(usable) == 0 {
		usable = list
	}
	switch len(usable) {
	case 0:
		return DeviceInfo{}, ErrNoDevices
	case 1:
		return usable[0], nil
	}
	return DeviceInfo{}, &ManyDevicesError{Devices: usable}
}
