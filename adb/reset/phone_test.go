package reset

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// phone is a handset in memory, for tests in a synctest bubble. The test decides how it
// answers a restart or a format.
type phone struct {
	mu      sync.Mutex
	state   adb.State
	id      int64 // of the connection, as a server counts them
	keepID  bool  // the server takes it for the same connection when it is back
	marked  int64 // the connection that got the restart
	changed chan struct{}

	sent     []string
	answers  map[string]string                                   // by service
	onFormat func(ctx context.Context, p *phone) (string, error) // nil answers success
	onReboot func(p *phone, target string)
	onAsk    func(p *phone, line string) (handset.Answer, error) // nil answers only the Android ID
	onID     func(p *phone) error                                // an error is that there is no Android ID; nil is none
	android  []string                                            // Android IDs, the last one for good
}

func newPhone() *phone {
	return &phone{
		state: adb.StateDevice, id: 1, changed: make(chan struct{}),
		answers: map[string]string{"getdevice:": "mojito_global\n", "getsn:": "0x1a2b3c4d\n", "getversion:": "V14.0.9.0.SKGMIXM\n"},
		onReboot: func(p *phone, target string) {
			if target == "recovery" {
				p.moves(0, adb.StateAbsent)
				p.moves(30*time.Second, adb.StateSideload)
				return
			}
			p.moves(time.Second, adb.StateAbsent)
			p.moves(2*time.Minute, adb.StateUnauthorized)
		},
		android: []string{"aaaa"},
	}
}

// moves puts the phone elsewhere after a while, on its own time.
func (p *phone) moves(after time.Duration, s adb.State) {
	time.AfterFunc(after, func() { p.set(s) })
}

func (p *phone) set(s adb.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == adb.StateAbsent && !p.keepID {
		p.id++
	}
	p.state = s
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *phone) now() (adb.DeviceInfo, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	info := adb.DeviceInfo{Serial: p.Serial(), State: p.state, TransportID: p.id}
	if p.state == adb.StateAbsent {
		info.TransportID = 0
	}
	return info, p.changed
}

func (p *phone) note(service string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, service)
	if strings.HasPrefix(service, "reboot:") {
		p.marked = p.id
	}
}

func (p *phone) Serial() string { return "c9a0a2a6" }

func (p *phone) State(context.Context) (adb.State, error) {
	info, _ := p.now()
	return info.State, nil
}

func (p *phone) Service(ctx context.Context, service string, _ int64) ([]byte, error) {
	p.note(service)
	if info, _ := p.now(); info.State != adb.StateSideload {
		return nil, adb.ErrRefused
	}
	switch {
	case service == "format-data:" && p.onFormat != nil:
		s, err := p.onFormat(ctx, p)
		return []byte(s), err
	case service == "format-data:":
		return []byte("Format_data_success.\n"), nil
	case service == "reboot:":
		p.onReboot(p, "")
		return []byte("reboot.\n"), nil
	}
	return []byte(p.answers[service]), nil
}

func (p *phone) Reboot(_ context.Context, target string) error {
	p.note("reboot:" + target)
	p.onReboot(p, target)
	return nil
}

func (p *phone) WaitFor(ctx context.Context, states ...adb.State) (adb.DeviceInfo, error) {
	for {
		info, changed := p.now()
		if slices.Contains(states, info.State) || len(states) == 0 && !info.State.Away() {
			return info, nil
		}
		if err := waitOn(ctx, changed); err != nil {
			return info, err
		}
	}
}

func (p *phone) Return(ctx context.Context, seen func(adb.DeviceInfo)) (adb.DeviceInfo, error) {
	p.mu.Lock()
	from := p.marked
	p.marked = 0
	p.mu.Unlock()
	defer func() { // a restart asked for meanwhile was this one
		p.mu.Lock()
		defer p.mu.Unlock()
		p.marked = 0
	}()
	for left := false; ; {
		info, changed := p.now()
		seen(info)
		if from == 0 {
			from = info.TransportID
		}
		left = left || info.State == adb.StateAbsent || info.TransportID != from
		if left && info.State != adb.StateAbsent {
			return info, nil
		}
		if err := waitOn(ctx, changed); err != nil {
			return info, err
		}
	}
}

func waitOn(ctx context.Context, changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Ask answers the one question a reset asks of a handset that let us in.
func (p *phone) Ask(_ context.Context, line handset.Line) (handset.Answer, error) {
	p.note(line.String())
	if p.onAsk != nil && line.Command() != handset.AndroidID {
		return p.onAsk(p, line.String())
	}
	if line.Command() != handset.AndroidID {
		return handset.Answer{}, errors.New("not asked of this phone")
	}
	if p.onID != nil {
		if err := p.onID(p); err != nil {
			return handset.Answer{}, err
		}
	}
	id := p.android[0]
	if len(p.android) > 1 {
		p.android = p.android[1:]
	}
	return handset.Answer{Stdout: []byte(id + "\n")}, nil
}

// count is how often a service was sent.
func (p *phone) count(service string) int {
	n := 0
	for _, s := range p.sent {
		if s == service {
			n++
		}
	}
	return n
}

// sunny is the identity of the phone.
func sunny() handset.Identity {
	f := func(v string) handset.Fact { return handset.Fact{Value: v, Source: "test"} }
	return handset.Identity{
		Kind: handset.KindDevice, Vendor: handset.Vendors[0], Serial: f("c9a0a2a6"),
		ModDevice: f("mojito_global"), Codename: f("sunny"), CPUID: f("0x1a2b3c4d"), Build: f("V14.0.9.0.SKGMIXM"),
	}
}

// saves is what a job wrote to its case, oldest first.
type saves struct {
	kept []report.Reset
	err  error
}

func (s *saves) save(r report.Reset) error {
	s.kept = append(s.kept, r)
	return s.err
}

func newJob(t *testing.T, p *phone, s *saves) *Job {
	t.Helper()
	unit := report.Unit{Serial: p.Serial(), IMEI: []string{"868732053538038"}}
	permit, err := Allow([]report.Finding{{ID: check.ResetReadyUnit, Status: report.StatusPass}}, "538038", unit, false)
	if err != nil {
		t.Fatal(err)
	}
	return &Job{
		Device: p, Reader: p, Identity: sunny(), AndroidID: "aaaa", Permit: permit,
		Owner: &Hooks{OnSave: s.save, OnRecord: func(casedir.Entry) (string, error) { return "evidence/x", nil }},
	}
}

func wayTo(t *testing.T, name string) *Way {
	t.Helper()
	w, ok := WayNamed(name)
	if !ok {
		t.Fatalf("no way %q", name)
	}
	return w
}

func statusOf(r report.Reset, id string) report.Status {
	f, _ := r.Findings.ByID(id)
	return f.Status
}
