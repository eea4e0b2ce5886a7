package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/report"
	"preship/report/message"
)

// serverSeen is the answer at the adb server's address.
type serverSeen struct {
	client  *adb.Client
	version int
	err     error
	badAddr bool // the address itself cannot be used
}

// serverTime bounds the question to whatever listens there.
const serverTime = 5 * time.Second

// lookAtServer asks the server for its version, and starts no server.
func (f *facts) lookAtServer(ctx context.Context) serverSeen {
	client, err := f.Client()
	if err != nil {
		return serverSeen{err: err, badAddr: true}
	}
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	version, err := client.Version(ctx)
	return serverSeen{client: client, version: version, err: err}
}

// oldestProtocol is what platform-tools have had since 2018; preship was not
// tried with an older one.
const oldestProtocol = 39

func checkADBServer(_ context.Context, f *facts) result {
	s := f.server
	at := func() message.Sentence {
		return message.Say("doctor.server.at", "protocol", fmt.Sprint(s.version), "address", s.client.Addr())
	}
	switch {
	case s.badAddr:
		return result{report.StatusFail, message.Of(s.err), next("doctor.server.address")}
	case errors.Is(s.err, adb.ErrNoServer):
		then := message.ID("doctor.server.will-start")
		if len(f.binaries) == 0 || !f.binaries[0].onPath {
			then = "doctor.server.cannot-start"
		}
		return result{report.StatusWarn, message.Say("doctor.server.none", "address", s.client.Addr()), next(then)}
	case s.err != nil:
		found := message.Say("doctor.server.stranger", "address", s.client.Addr(), "error", message.Of(s.err))
		return result{report.StatusFail, f.owned(found), next("doctor.server.end-it", "doctor.server.hangs")}
	case s.version < oldestProtocol:
		return result{report.StatusWarn, f.owned(at()), next("doctor.server.old", "doctor.get-adb")}
	}
	return result{status: report.StatusPass, found: f.owned(at())}
}

// owned adds the program at the server's port, if it can be seen.
func (f *facts) owned(found message.Sentence) message.Sentence {
	return message.Join(message.Comma, found, f.owner())
}

func (f *facts) owner() (none message.Sentence) {
	host, port, err := net.SplitHostPort(f.server.client.Addr())
	if err != nil {
		return none
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return message.Say("doctor.server.elsewhere")
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return none
	}
	if p, ok := f.machine.listener(n); ok {
		return message.Say("doctor.server.run-by", "program", p.sentence())
	}
	return none
}

// checkForwards shows which other programs may be at work on a handset: a mirror of its
// screen, a development environment. They are harmless until a reset.
func checkForwards(ctx context.Context, f *facts) result {
	if f.server.err != nil {
		return result{report.StatusSkipped, message.Say("doctor.server.silent"), nil}
	}
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	list, err := f.server.client.Forwards(ctx)
	switch {
	case err != nil:
		return result{report.StatusUnknown, couldNotLook(err), nil}
	case len(list) == 0:
		return result{status: report.StatusPass, found: message.Say("doctor.none")}
	}
	var found []string
	for _, fw := range list {
		found = append(found, fmt.Sprintf("%s to %s on %s", fw.Local, fw.Remote, fw.Serial))
	}
	return result{report.StatusWarn, message.AsIs(strings.Join(found, "; ")), next("doctor.forwards.close")}
}

// checkHandsets looks at the handset that a job would take.
func checkHandsets(_ context.Context, f *facts) result {
	if f.infosErr != nil {
		return result{report.StatusUnknown, message.Say("doctor.handsets.unknown"), next("doctor.handsets.start")}
	}
	if len(f.infos) == 0 {
		return result{report.StatusFail, message.Say("doctor.none"), advised(advice.For(adb.StateAbsent))}
	}
	wanted := f.Serial
	if wanted == "" {
		wanted = f.Console.Getenv("ANDROID_SERIAL")
	}
	var s result
	ready := 0
	var found []string
	for _, info := range f.infos {
		found = append(found, info.Serial+" "+string(info.State))
		todo := advised(advice.For(info.State))
		switch {
		case wanted != "" && info.Serial != wanted:
		case len(todo) == 0:
			ready++
		default:
			s.next = append(s.next, message.Join(message.Colon, message.AsIs(info.Serial), todo[0]))
			s.next = append(s.next, todo[1:]...)
		}
	}
	s.found = message.AsIs(strings.Join(found, "; "))
	switch {
	case ready == 1 && (wanted != "" || len(f.infos) == 1):
		s.status = report.StatusPass
	case ready >= 1:
		s.status = report.StatusWarn
		s.next = append(s.next, message.Say("doctor.handsets.choose"))
	case wanted != "" && len(s.next) == 0:
		s.status, s.next = report.StatusFail, []message.Sentence{message.Say("doctor.handsets.absent", "serial", wanted)}
	default:
		s.status = report.StatusFail
	}
	return s
}

// advised returns what to do about a state; empty if the handset is ready.
func advised(a advice.Advice) []message.Sentence {
	if a.First.Empty() {
		return nil
	}
	return append([]message.Sentence{a.First}, a.Then...)
}
