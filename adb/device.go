package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"preship/report/message"
)

// Device is one device of a server, known by its serial. It holds no
// connection and is safe for concurrent use.
type Device struct {
	client *Client
	serial string
	idle   time.Duration
}

// Serial returns the device's serial as the server lists it.
func (d *Device) Serial() string { return d.serial }

// Client returns the client the device belongs to.
func (d *Device) Client() *Client { return d.client }

// WithIdle returns the same device with another idle timeout for the streams opened
// on it: for commands that are silent for long. 0 is no timeout.
func (d *Device) WithIdle(idle time.Duration) *Device {
	e := *d
	e.idle = idle
	return &e
}

// Info asks the server how it lists the device now. One that is not listed is in
// StateAbsent.
func (d *Device) Info(ctx context.Context) (DeviceInfo, error) {
	list, err := d.client.Devices(ctx)
	if err != nil {
		return DeviceInfo{}, err
	}
	return Find(list, d.serial), nil
}

// State returns the state of Info.
func (d *Device) State(ctx context.Context) (State, error) {
	info, err := d.Info(ctx)
	return info.State, err
}

// Open opens a service on the device. The stream lives until it is closed or
// ctx ends. A service that the device does not offer is ErrRefused.
func (d *Device) Open(ctx context.Context, service string) (*Conn, error) {
	conn, err := d.client.dial(ctx, d.streamName(service))
	if err != nil {
		return nil, err
	}
	conn.SetIdle(d.idle)
	if err := conn.request("host:transport:" + d.serial); err != nil {
		conn.Close()
		return nil, err
	}
	if err := conn.request(service); err != nil {
		conn.Close()
		return nil, d.diagnose(ctx, err)
	}
	return conn, nil
}

// maxNamed is how much of a service is repeated in errors.
const maxNamed = 80

func (d *Device) streamName(service string) string {
	if len(service) > maxNamed {
		service = service[:maxNamed] + "…"
	}
	return fmt.Sprintf("%s: %q", d.serial, service)
}

// diagnoseTimeout bounds the question that diagnose asks the server.
const diagnoseTimeout = 5 * time.Second

// diagnose finds out whether a stream ended because the device left: the stream
// itself only says that it closed.
func (d *Device) diagnose(ctx context.Context, err error) error {
	if ctx.Err() != nil || !errors.Is(err, ErrClosed) && !errors.Is(err, ErrRefused) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, diagnoseTimeout)
	defer cancel()
	info, askErr := d.Info(ctx)
	switch {
	case errors.Is(askErr, ErrNoServer):
		return fmt.Errorf("%w (%w)", askErr, err)
	case askErr == nil && info.State.Away():
		return &goneError{d.serial, err}
	}
	return err
}

// goneError is ErrGone with what ended because of it, which its text leaves out:
// that a stream closed is how a device leaves.
type goneError struct {
	serial string
	ended  error
}

func (e *goneError) Error() string   { return fmt.Sprintf("%s: %v", e.serial, ErrGone) }
func (e *goneError) Unwrap() []error { return []error{ErrGone, e.ended} }

// Service opens any service and reads its answer until it closes. Only ctx
// bounds the time, because a service may be silent while it works; more than
// limit bytes are ErrTooLarge, with the first limit bytes returned.
func (d *Device) Service(ctx context.Context, service string, limit int64) ([]byte, error) {
	conn, err := d.WithIdle(0).Open(ctx, service)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	b, err := io.ReadAll(io.LimitReader(conn, limit+1))
	if int64(len(b)) > limit {
		return b[:limit], fmt.Errorf("%s: %w", conn.name, message.Detail(ErrTooLarge, message.Say("error.detail.limit", "limit", strconv.FormatInt(limit, 10))))
	}
	if err != nil {
		return b, d.diagnose(ctx, err)
	}
	return b, nil
}

// Reboot asks the device to restart: target is "", "recovery", "bootloader" or
// "sideload". It returns when the device took the request, or left with it.
// A link (package adb/link) waits for what follows.
func (d *Device) Reboot(ctx context.Context, target string) error {
	conn, err := d.Open(ctx, "reboot:"+target)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The daemon closes when it has passed the request on; closing first would
	// take it back. A device that left meanwhile did restart.
	_, err = io.Copy(io.Discard, io.LimitReader(conn, maxRebootText))
	if ctx.Err() != nil {
		return err
	}
	return nil
}

const maxRebootText = 4 << 10

// Features are the features of a device's own daemon, not reduced to those of the
// server: sync and shell streams only pass through the server.
type Features map[string]bool

// Names of features, AOSP's transport.cpp.
const (
	FeatureShellV2    = "shell_v2"
	FeatureCmd        = "cmd"
	FeatureStatV2     = "stat_v2"
	FeatureLsV2       = "ls_v2"
	FeatureABBExec    = "abb_exec"
	FeatureSendRecvV2 = "sendrecv_v2"
)

// Has reports whether the device offers the feature.
func (f Features) Has(name string) bool { return f[name] }

// Features asks for the device's features. The server knows them, so this costs
// one local question. The answer is not kept, because another mode of the same
// device (recovery, after an update) offers others; [Device.StartShell] keeps one of
// them, and asks again when the device refuses it. An empty map is the
// answer of a device without features.
func (d *Device) Features(ctx context.Context) (Features, error) {
	b, err := d.client.askAs(ctx, d.serial, "host-serial:"+d.serial+":features")
	if err != nil {
		return nil, err
	}
	return parseFeatures(string(b)), nil
}

func parseFeatures(s string) Features {
	f := Features{}
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name != "" {
			f[name] = true
		}
	}
	return f
}
