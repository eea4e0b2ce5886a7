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
	switch {
	case s.badAddr:
		return result{report.StatusFail, s.err.Error(), []string{"mend or unset ADB_SERVER_SOCKET, ANDROID_ADB_SERVER_PORT and ANDROID_ADB_SERVER_ADDRESS"}}
	case errors.Is(s.err, adb.ErrNoServer):
		next := "preship starts one when it needs it"
		if len(f.binaries) == 0 || !f.binaries[0].onPath {
			next = "there is no adb that preship could start one with: see the first row"
		}
		return result{report.StatusWarn, "none answers at " + s.client.Addr(), []string{next}}
	case s.err != nil:
		found := fmt.Sprintf("what listens at %s is no adb server: %v", s.client.Addr(), s.err)
		return result{report.StatusFail, found + f.owner(), []string{
			"end that program, or give adb another port in ANDROID_ADB_SERVER_PORT",
			"if it is an adb that hangs: adb kill-server, and look again",
		}}
	case s.version < oldestProtocol:
		return result{report.StatusWarn, fmt.Sprintf("protocol %d at %s", s.version, s.client.Addr()) + f.owner(), []string{"it is from before 2018: " + getADB}}
	}
	return result{status: report.StatusPass, found: fmt.Sprintf("protocol %d at %s", s.version, s.client.Addr()) + f.owner()}
}

// owner names the program at the server's port, where it can be seen.
func (f *facts) owner() string {
	host, port, err := net.SplitHostPort(f.server.client.Addr())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return ", on another computer"
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return ""
	}
	if p, ok := f.machine.listener(n); ok {
		return ", run by " + p.String()
	}
	return ""
}

// checkForwards shows which other programs may be at work on a handset: a mirror of its
// screen, a development environment. They are harmless until a reset.
func checkForwards(ctx context.Context, f *facts) result {
	if f.server.err != nil {
		return result{report.StatusSkipped, "no adb server answers", nil}
	}
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	list, err := f.server.client.Forwards(ctx)
	switch {
	case err != nil:
		return result{report.StatusUnknown, fmt.Sprintf("could not look: %v", err), nil}
	case len(list) == 0:
		return result{status: report.StatusPass, found: "none"}
	}
	var found []string
	for _, fw := range list {
		found = append(found, fmt.Sprintf("%s to %s on %s", fw.Local, fw.Remote, fw.Serial))
	}
	return result{report.StatusWarn, strings.Join(found, "; "), []string{"another program works on a handset: close it before a reset, or it may begin anew in the middle"}}
}

// checkHandsets looks at the handset that a job would take.
func checkHandsets(_ context.Context, f *facts) result {
	if f.infosErr != nil {
		return result{report.StatusUnknown, "could not look: no adb server answers", []string{"preship devices starts one, where there is an adb, and lists them"}}
	}
	if len(f.infos) == 0 {
		none := advice.For(adb.StateAbsent)
		return result{report.StatusFail, "none", append([]string{none.First}, none.Then...)}
	}
	wanted := f.Serial
	if wanted == "" {
		wanted = f.Console.Getenv("ANDROID_SERIAL")
	}
	var s result
	ready := 0
	for i, info := range f.infos {
		if i > 0 {
			s.found += "; "
		}
		s.found += info.Serial + " " + string(info.State)
		next := advice.For(info.State)
		switch {
		case wanted != "" && info.Serial != wanted:
		case next.First == "":
			ready++
		default:
			s.next = append(s.next, info.Serial+": "+next.First)
			s.next = append(s.next, next.Then...)
		}
	}
	switch {
	case ready == 1 && (wanted != "" || len(f.infos) == 1):
		s.status = report.StatusPass
	case ready >= 1:
		s.status = report.StatusWarn
		s.next = append(s.next, "name one with --serial, or unplug the others")
	case wanted != "" && len(s.next) == 0:
		s.status, s.next = report.StatusFail, []string{wanted + " is not among them: plug it in, or name another with --serial"}
	default:
		s.status = report.StatusFail
	}
	return s
}
