package server

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"preship/adb/adbtest/bus"
	"preship/adb/internal/wire"
)

// target names the handset of a host request.
type target struct {
	serial string // "" is any
	id     int64  // transport id, 0 is any
}

// parseHostRequest takes a request apart. command is "" for one that is not the
// server's own but a service of the handset.
func parseHostRequest(name string) (t target, command string, err error) {
	switch head, rest, _ := strings.Cut(name, ":"); head {
	case "host":
		command = rest
	case "host-serial":
		if parts := serialCommand.FindStringSubmatch(rest); parts != nil {
			t.serial, command = parts[1], parts[2]
		}
	case "host-transport-id":
		id, c, _ := strings.Cut(rest, ":")
		if t.id, err = strconv.ParseInt(id, 10, 64); err != nil {
			return target{}, "", err
		}
		command = c
	default:
		return target{}, "", nil
	}
	if command == "" {
		return target{}, "", errNotHostRequest
	}
	return t, command, nil
}

// serialCommand is SERIAL:COMMAND, where the serial number may be host:port,
// [v6]:port or one of the qualified forms of adb -s.
var serialCommand = regexp.MustCompile(`(?s)^((?:(?:product|model|device|tcp):)?(?:\[[^]]+\])?[^:]*(?::[0-9]+)?):(.*)$`)

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// errMore is the error of a request after which the connection goes on: a handset was
// chosen.
var errMore = errors.New("another request may follow")

// hostRows are the server's own requests. Any error but errMore is the answer.
var hostRows = []struct {
	prefix string
	whole  bool
	run    func(r *request, t target, arg string) error
}{
	{prefix: "version", whole: true, run: answered(func(*request) string { return fmt.Sprintf("%04x", version) })},
	{prefix: "host-features", whole: true, run: answered(func(*request) string { return features })},
	{prefix: "devices", whole: true, run: answered(func(r *request) string { return r.server.rows(false) })},
	{prefix: "devices-l", whole: true, run: answered(func(r *request) string { return r.server.rows(true) })},
	{prefix: "track-devices", whole: true, run: tracking(false)},
	{prefix: "track-devices-l", whole: true, run: tracking(true)},
	{prefix: "list-forward", whole: true, run: answered(func(r *request) string { return r.server.forwards.String() })},
	{prefix: "mdns:check", whole: true, run: answered(func(r *request) string { return r.server.hearing() })},
	{prefix: "mdns:services", whole: true, run: answered(func(r *request) string { return r.server.announced() })},
	{prefix: "kill", whole: true, run: func(*request, target, string) error { return errKill }},
	{prefix: "killforward-all", whole: true, run: (*request).killForwards},
	{prefix: "transport-id:", run: (*request).chooseID},
	{prefix: "transport-any", whole: true, run: (*request).chooseSerial},
	{prefix: "transport:", run: (*request).chooseSerial},
	{prefix: "tport:", run: (*request).choosePort},
	{prefix: "features", whole: true, run: aboutHandset(func(t *slot) string { return strings.Join(t.features(), ",") })},
	{prefix: "get-state", whole: true, run: aboutHandset(func(t *slot) string { return t.state })},
	{prefix: "get-serialno", whole: true, run: aboutHandset((*slot).serial)},
	{prefix: "get-devpath", whole: true, run: aboutHandset(func(t *slot) string { return cmp.Or(t.usb, "unknown") })},
	{prefix: "wait-for-", run: (*request).waitFor},
	{prefix: "connect:", run: (*request).connect},
	{prefix: "disconnect:", run: (*request).disconnect},
	{prefix: "pair:", run: (*request).pair},
	{prefix: "forward:", run: (*request).forward},
	{prefix: "killforward:", run: (*request).killForward},
}

// features are those of a current server, without those that change the protocol,
// such as delayed_ack.
const features = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,apex,abb,fixed_push_symlink_timestamp,abb_exec,remount_shell," +
	"sendrecv_v2,sendrecv_v2_brotli,sendrecv_v2_lz4,sendrecv_v2_zstd,sendrecv_v2_dry_run_send"

// host answers one of the server's own requests.
func (r *request) host(t target, command string) error {
	if !r.server.knows(command) {
		return refusal("unknown host service")
	}
	for _, row := range hostRows {
		if command == row.prefix || !row.whole && strings.HasPrefix(command, row.prefix) {
			return row.run(r, t, command[len(row.prefix):])
		}
	}
	return unknown(command)
}

func unknown(command string) error { return refusal("unknown host service '" + command + "'") }

func answered(text func(*request) string) func(*request, target, string) error {
	return func(r *request, _ target, _ string) error { return r.block(wire.StatusOkay, text(r)) }
}

// aboutHandset answers about the handset that the connection or the request
// chose.
func aboutHandset(text func(*slot) string) func(*request, target, string) error {
	return func(r *request, t target, _ string) error {
		if err := r.acquire(t, false); err != nil {
			return err
		}
		return r.block(wire.StatusOkay, text(r.to))
	}
}

func (s *slot) features() []string {
	if s.state == bus.Sideload {
		return nil
	}
	return s.h.Profile.Features
}

// acquire chooses the handset of t, unless the connection chose one before.
func (r *request) acquire(t target, anyState bool) (err error) {
	if r.to == nil {
		r.to, err = r.server.acquire(t, anyState)
	}
	return err
}

func (r *request) chooseSerial(t target, serial string) error {
	t.serial = serial
	return r.choose(t, nil)
}

func (r *request) chooseID(t target, text string) (err error) {
	if t.id, err = strconv.ParseInt(text, 10, 64); err != nil {
		return refusal("invalid transport id")
	}
	return r.choose(t, nil)
}

// choosePort is the newer way of choosing, which answers with the transport id
// as eight bytes.
func (r *request) choosePort(t target, what string) (err error) {
	serial, ok := strings.CutPrefix(what, "serial:")
	if !ok && what != "any" {
		return unknown("tport:" + what)
	}
	t.serial = serial
	return r.choose(t, func(id int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(id)) })
}

// choose chooses another handset, and adds behind OKAY what more returns, if not nil.
func (r *request) choose(t target, more func(id int64) []byte) (err error) {
	if r.to, err = r.server.acquire(t, false); err != nil {
		return err
	}
	answer := []byte(wire.StatusOkay)
	if more != nil {
		answer = append(answer, more(r.to.id)...)
	}
	if _, err := r.conn.Write(answer); err != nil {
		return err
	}
	return errMore
}
