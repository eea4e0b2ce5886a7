package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/reset"
	"preship/report"
)

// tailLen is how much of a serial tells handsets on a desk apart. It is less
// than what confirms a reset, which is to be read off the handset.
const tailLen = 4

// member is one handset of a fleet, as it is shown. The fleet's lock guards it.
type member struct {
	serial string
	tail   string // the end of the serial
	model  string // "" until it is known
	dir    string // of its case; "" until there is one
	tokens []string

	step     string
	text     string // what is being done
	hand     bool   // text is for the person with the handset in hand
	progress event  // the last of the step under way
	since    time.Time
	findings report.Findings // of the step under way

	done    bool
	left    bool // it was unplugged since
	verdict report.Verdict
	reasons []report.Reason
	code    exitCode
	err     error
}

// begin makes a member new; what it is called stays.
func (m *member) begin() {
	*m = member{serial: m.serial, tail: m.tail, model: m.model, text: "beginning"}
}

// name is what the handset is called to a person.
func (m *member) name() string { return strings.TrimSpace("…" + m.tail + " " + m.model) }

// tailOf is the end of a serial; of an address it is the port, and more of it
// where that is not enough.
func tailOf(serial string, n int) string {
	if _, port, err := net.SplitHostPort(serial); err == nil && n == tailLen {
		return ":" + port
	}
	runes := []rune(serial)
	return string(runes[max(0, len(runes)-n):])
}

// note takes what an event says about where the member stands.
func (m *member) note(ev event) {
	m.hand = false
	switch ev.Event {
	case "begin":
		m.dir = ev.Case
	case "step":
		if ev.State == string(report.StepRunning) {
			m.step, m.text, m.progress, m.findings = ev.Step, stepNamed(ev.Step).does, event{}, nil
		}
	case "finding":
		m.findings = append(m.findings, *ev.Finding)
	case "say":
		m.text, m.hand, m.progress = ev.Text, forHand(ev.Text), event{}
	case "progress":
		if m.progress.Text != ev.Text {
			m.since = ev.At
		}
		m.text, m.progress = ev.Text, ev
	}
}

// onHandset begins every text that asks for something to be done on the handset.
const onHandset = "on the handset: "

func forHand(text string) bool { return strings.HasPrefix(text, onHandset) }

// jobOf makes the job of a member. It tells nobody but the fleet.
func (f *fleet) jobOf(m *member) *job {
	e, g := f.env.clone(), *f.globals
	g.serial = m.serial
	j := newJob(e, &g, f.opts)
	e.Err, e.ErrTTY, e.Colour = discarded{}, false, false
	e.Asker = func(ctx context.Context, flag, question string) (string, error) {
		return f.ask(ctx, m, j.stakes, flag, question)
	}
	j.alone, j.client, j.key, j.turns = true, f.client, f.key, f.turns
	j.events = &eventLog{now: e.Now, to: func(ev event) {
		if ev.Event != "done" { // the fleet says that when the case is closed
			f.take(m, ev)
		}
	}}
	j.mayConfirm = func(typed string) error { return f.mayConfirm(m, typed) }
	j.identified = func(h report.Handset, own string) { f.knows(m, h, own) }
	return j
}

// discarded takes what a job says beside its events: nothing of it is new.
type discarded struct{}

func (discarded) Write(b []byte) (int, error) { return len(b), nil }

// knows takes who a member says it is.
func (f *fleet) knows(m *member, h report.Handset, own string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if name := firstOf(h.MarketName, h.Model); name != nil {
		m.model = *name
	}
	u := h.Unit()
	u.Serial = orWord(own, u.Serial)
	m.tokens = reset.Tokens(u)
}

// prepare does the whole job on one member.
func (f *fleet) prepare(ctx context.Context, m *member, j *job) error {
	defer j.close()
	dir, ready, err := f.underway(m.serial)
	if err != nil {
		return err
	}
	if dir != "" {
		j.opts.dir, j.opts.out, j.lookAgain = dir, "", ready
	}
	err = j.guarded(func() error {
		return j.within(ctx, func(ctx context.Context) error {
			if err := j.await(ctx, m.serial); err != nil {
				return err
			}
			if err := j.begin(ctx); err != nil {
				return err
			}
			return j.prepare(ctx)
		})
	})
	if errors.Is(err, errBroke) && j.kept != nil {
		// What is known so far is sealed, if it can be.
		err = errors.Join(err, j.guarded(func() error {
			return j.runStep(context.WithoutCancel(ctx), stepNamed(report.StepReport))
		}))
	}
	return err
}

// guarded keeps a fault of preship's own in one job from the others. Where it
// happened is written beside the case, for whoever mends it.
func (j *job) guarded(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errBroke, v)
			if j.kept != nil {
				err = errors.Join(err, j.kept.Keep("broke", fmt.Sprintf("%v\n%s", v, debug.Stack())))
			}
		}
	}()
	return fn()
}

// await opens the case of a handset that is gone on with, and waits for the
// handset to allow this computer. One that is wiped already is only watched, and
// may be in any state.
func (j *job) await(ctx context.Context, serial string) error {
	if j.opts.dir != "" {
		if err := j.openCase(); err != nil {
			return err
		}
		if wiped, err := j.wiped(); wiped || err != nil {
			return err
		}
	}
	device := j.client.Device(serial)
	wait, cancel := context.WithTimeout(ctx, j.opts.wait)
	defer cancel()
	for told := adb.StateUnknown; ; {
		info, err := device.WaitFor(wait, statesBut(told)...)
		switch {
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil && wait.Err() != nil:
			_, _, err := j.client.Pick(ctx, serial)
			return err
		case err != nil:
			return err
		case info.State == adb.StateDevice:
			return nil
		}
		told = info.State
		j.say(onHandset+"%s", guide(told).first)
	}
}

// statesBut is every state a handset can stay in, but one.
func statesBut(not adb.State) []adb.State {
	return slices.DeleteFunc([]adb.State{
		adb.StateAbsent, adb.StateDevice, adb.StateUnauthorized, adb.StateOffline, adb.StateNoPermissions,
		adb.StateRecovery, adb.StateSideload, adb.StateRescue, adb.StateBootloader,
	}, func(s adb.State) bool { return s == not })
}

// underway is the newest case in --out that is about a handset, "" when there is
// none, and whether that one is ready.
func (f *fleet) underway(serial string) (dir string, ready bool, err error) {
	found, err := os.ReadDir(f.opts.out)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", false, err
	}
	at := time.Time{}
	for _, d := range found {
		path := filepath.Join(f.opts.out, d.Name())
		g, err := report.Look(path)
		if err != nil || g.Unit.Serial != serial || g.Updated.Before(at) {
			continue // no case, or one that cannot be read: a new one loses nothing
		}
		dir, at = path, g.Updated
		ready = g.Sealed != nil && g.Sealed.Verdict == report.VerdictReady
	}
	return dir, ready, nil
}

// finish takes down how the work on a member ended.
func (f *fleet) finish(ctx context.Context, m *member, j *job, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m.done, m.err, m.code = true, err, exitCodeOf(err)
	if o := (*outcomeError)(nil); errors.As(err, &o) {
		m.err = nil
	} else if err != nil && ctx.Err() != nil {
		m.err, m.code = errInterrupted, exitInterrupted
	}
	if j.kept != nil {
		m.dir, m.verdict, m.reasons = j.kept.Dir(), report.VerdictIncomplete, slices.Concat(j.sealed.Reasons, unmetReasons(j.ruling))
		if j.sealed.Verdict != "" {
			m.verdict = j.sealed.Verdict
		}
	}
	code := int(m.code)
	ev := event{Event: "done", At: f.env.Now(), Case: m.dir, Verdict: string(m.verdict), Exit: &code}
	if m.err != nil {
		ev.Error = m.err.Error()
	}
	f.tell(m, ev)
}
