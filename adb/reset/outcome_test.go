package reset

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
)

// What a handset that came back says about the reset.
func TestReturn(t *testing.T) {
	for _, tt := range []struct {
		name    string
		back    adb.State
		android string // after
		before  string
		err     error
		key     report.Status
		rung    report.Rung
	}{
		{"unauthorized", adb.StateUnauthorized, "", "aaaa", nil, report.StatusPass, report.RungFormatAnswered},
		{"let in, the same Android ID", adb.StateDevice, "aaaa", "aaaa", ErrNotReset, report.StatusFail, report.RungNone},
		{"let in, another Android ID", adb.StateDevice, "bbbb", "aaaa", nil, report.StatusPass, report.RungFormatAnswered},
		{"let in, none known before", adb.StateDevice, "bbbb", "", nil, report.StatusUnknown, report.RungFormatAnswered},
		{"let in, the answer is no ID", adb.StateDevice, "null", "aaaa", nil, report.StatusUnknown, report.RungFormatAnswered},
		{"let in, the answer is longer than an ID", adb.StateDevice, "0123456789abcdef0", "aaaa", nil, report.StatusUnknown, report.RungFormatAnswered},
		{"in the recovery again", adb.StateRecovery, "", "aaaa", nil, report.StatusUnknown, report.RungFormatAnswered},
		{"offline, for good", adb.StateOffline, "", "aaaa", nil, report.StatusUnknown, report.RungFormatAnswered},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.state, p.android = adb.StateSideload, []string{tt.android}
				p.onReboot = func(p *phone, _ string) {
					p.moves(time.Second, adb.StateAbsent)
					p.moves(time.Minute, tt.back)
				}
				j := newJob(t, p, &saves{})
				j.AndroidID = tt.before
				got, err := wayTo(t, "recovery").Run(t.Context(), j)
				if !errors.Is(err, tt.err) {
					t.Errorf("error %v, want %v", err, tt.err)
				}
				if status := statusOf(got, check.ResetKeyForgotten); status != tt.key {
					t.Errorf("%s is %q, want %q", check.ResetKeyForgotten, status, tt.key)
				}
				if got.Rung != tt.rung {
					t.Errorf("rung %q, want %q", got.Rung, tt.rung)
				}
			})
		})
	}
}

// A formatted handset stays off the bus until somebody sets it up: that is no
// error, and no proof beyond the recovery's answer.
func TestFormattedAndNotSeenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateSideload
		p.onReboot = func(p *phone, _ string) { p.moves(time.Second, adb.StateAbsent) }
		got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, &saves{}))
		if err != nil {
			t.Fatal(err)
		}
		if got.Rung != report.RungFormatAnswered || got.ReturnedAt != nil || statusOf(got, check.ResetReturned) != report.StatusWarn {
			t.Errorf("got %+v, want the rung of the answer and a warning that it was not seen again", got)
		}
	})
}

// noted is a reader whose answer is kept as evidence, and is no Android ID.
type noted struct {
	*phone
	asked *int
}

func (n noted) Ask(context.Context, handset.Line) (handset.Answer, error) {
	*n.asked++
	return handset.Answer{Stdout: []byte("null\n"), Ref: "evidence/id"}, nil
}

// A handset that leaves whenever it is asked is asked three times; one that answers
// something else is asked once.
func TestLooksAreBounded(t *testing.T) {
	for _, answers := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone()
			asked, want := 0, maxLooks
			p.onID = func(p *phone) error {
				asked++
				p.set(adb.StateAbsent)
				p.moves(time.Minute, adb.StateDevice)
				return adb.ErrGone
			}
			j := newJob(t, p, &saves{})
			if answers {
				j.Reader, want = noted{p, &asked}, 1
			}
			at := time.Now()
			j.Earlier = report.Reset{Way: "by-hand", TriggeredAt: &at}
			got, err := Resume(t.Context(), j)
			if err != nil || asked != want || statusOf(got, check.ResetKeyForgotten) != report.StatusUnknown {
				t.Errorf("answers %t: asked %d times, %s %q, error %v; want %d times and unknown", answers, asked, check.ResetKeyForgotten, statusOf(got, check.ResetKeyForgotten), err, want)
			}
		})
	}
}

func TestByHand(t *testing.T) {
	for _, tt := range []struct {
		name   string
		person func(*phone)
		err    error
		rung   report.Rung
	}{
		{"resets it", func(p *phone) {
			p.moves(10*time.Minute, adb.StateAbsent)
			p.moves(13*time.Minute, adb.StateUnauthorized)
		}, nil, report.RungCameBackUnauthorized},
		{"only restarts it", func(p *phone) {
			p.moves(10*time.Minute, adb.StateAbsent)
			p.moves(11*time.Minute, adb.StateDevice)
		}, ErrNotReset, report.RungNone},
		{"pulls the cable, and resets it then", func(p *phone) {
			p.moves(10*time.Minute, adb.StateAbsent)
			p.moves(11*time.Minute, adb.StateDevice)
			p.moves(15*time.Minute, adb.StateAbsent)
			p.moves(18*time.Minute, adb.StateUnauthorized)
		}, nil, report.RungCameBackUnauthorized},
		{"does nothing", func(*phone) {}, ErrStayed, report.RungNone},
		{"takes it away", func(p *phone) { p.moves(time.Minute, adb.StateAbsent) }, nil, report.RungNone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				tt.person(p)
				got, err := wayTo(t, "by-hand").Run(t.Context(), newJob(t, p, &saves{}))
				if !errors.Is(err, tt.err) || got.Rung != tt.rung {
					t.Errorf("rung %q and error %v, want %q and %v", got.Rung, err, tt.rung, tt.err)
				}
				for _, s := range p.sent {
					if s != "settings get secure android_id" {
						t.Errorf("sent %q, want only the question afterwards", s)
					}
				}
			})
		})
	}
}

// What a person says counts only if nothing stronger is known.
func TestAttest(t *testing.T) {
	t.Parallel()
	for have, want := range map[report.Rung]report.Rung{
		report.RungNone:           report.RungAttested,
		report.RungFormatAnswered: report.RungFormatAnswered,
	} {
		r := report.Reset{Rung: have}
		Attest(&r, "the set-up screen was showing", time.Now())
		if r.Rung != want || statusOf(r, check.ResetAttested) != report.StatusWarn {
			t.Errorf("rung %q becomes %q with %s, want %q", have, r.Rung, statusOf(r, check.ResetAttested), want)
		}
	}
}
