package server

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"preship/adb/adbtest/bus"
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

// hostRows are the server's own requests. Each says whether the connection goes
// on afterwards: only after a handset was chosen.
var hostRows = []struct {
	prefix string
	whole  bool
	run    func(r *request, t target, arg string) (more bool)
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
	{prefix: "kill", whole: true, run: (*request).refuseKill},
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
func (r *request) host(t target, command string) (more bool) {
	if !r.server.knows(command) {
		r.fail("unknown host service")
		return false
	}
	for _, row := range hostRows {
		if command == row.prefix || !row.whole && strings.HasPrefix(command, row.prefix) {
			return row.run(r, t, command[len(row.prefix):])
		}
	}
	r.fail("unknown host service '" + command + "'")
	return false
}

func answered(text func(*request) string) func(*request, target, string) bool {
	return func(r *request, _ target, _ string) bool {
		r.okayWith(text(r))
		return false
	}
}

func (r *request) refuseKill(target, string) bool {
	r.fail("kill-server rejected by remote server")
	return false
}

// aboutHandset answers about the handset that the connection or the request
// chose.
func aboutHandset(text func(*slot) string) func(*request, target, string) bool {
	return func(r *request, t target, _ string) bool {
		if r.to != nil || r.acquire(t, false) {
			r.okayWith(text(r.to))
		}
		return false
	}
}

func (s *slot) features() []string {
	if s.state == bus.Sideload {
		return nil
	}
	return s.h.Profile.Features
}

// acquire chooses the handset of t. It answers with the reason if it cannot.
func (r *request) acquire(t target, anyState bool) bool {
	to, err := r.server.acquire(t, anyState)
	if err != nil {
		r.fail(err.Error())
		return false
	}
	r.to = to
	return true
}

func (r *request) choose(t target) bool { return r.acquire(t, false) && r.okay() == nil }

func (r *request) chooseSerial(t target, serial string) bool {
	t.serial = serial
	return r.choose(t)
}

func (r *request) chooseID(t target, text string) (more bool) {
	var err error
	if t.id, err = strconv.ParseInt(text, 10, 64); err != nil {
		r.fail("invalid transport id")
		return false
	}
	return r.choose(t)
}

// choosePort is the newer way of choosing, which answers with the transport id
// as eight bytes.
func (r *request) choosePort(t target, what string) bool {
	serial, ok := strings.CutPrefix(what, "serial:")
	switch {
	case !ok && what != "any":
		r.fail("unknown host service 'tport:" + what + "'")
		return false
	case !r.chooseSerial(t, serial):
		return false
	}
	_, err := r.conn.Write(binary.LittleEndian.AppendUint64(nil, uint64(r.to.id)))
	return err == nil
}
