package reset_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/report"
	"preship/report/check"
	"preship/report/safefile/safefiletest"
)

// patience is far longer than anything here takes.
const patience = 30 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(safefiletest.InMemory(m)) }

// story is an emulated handset, its person, and the job that resets it.
type story struct {
	t      *testing.T
	phone  *adbtest.Handset
	client *adb.Client
	device *adb.Device
	link   *link.Link
	before handset.Identity
	saved  []report.Reset
	told   []string
	past   int // what the handset was sent before the story of the reset began
}

func begin(t *testing.T, others []*adbtest.Handset, opts ...adbtest.Option) *story {
	t.Helper()
	return beginWith(t, "redmi-note-10", others, opts...)
}

func beginWith(t *testing.T, profile string, others []*adbtest.Handset, opts ...adbtest.Option) *story {
	t.Helper()
	p, err := adbtest.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, phone: adbtest.New(p, opts...)}
	server, err := adbtest.NewServer(adbtest.LocalAddr(), append([]*adbtest.Handset{s.phone}, others...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), s.phone.Close()); err != nil {
			t.Error(err)
		}
	})
	if s.client, err = adb.New(adb.Options{Addr: server.Addr()}); err != nil {
		t.Fatal(err)
	}
	s.device = s.client.Device(s.phone.Serial())
	s.link = link.New(s.device, link.Options{})
	if s.before, err = handset.Identify(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

// Ask makes the story the reader of its handset.
func (s *story) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	r, err := s.device.Shell(ctx, line.String(), nil)
	return handset.Answer{Stdout: r.Stdout, Stderr: r.Stderr, Exit: r.Exit}, err
}

func (s *story) unit() report.Unit {
	u := report.Unit{Serial: s.device.Serial()}
	for _, i := range s.before.IMEIs.Items {
		u.IMEI = append(u.IMEI, i.Value)
	}
	return u
}

// holding asks the handset's own locks, those that hold it.
func (s *story) holding(ctx context.Context) ([]report.Finding, error) {
	state := locks.Look(ctx, s, s.before)
	var found []report.Finding
	for _, l := range locks.All {
		if l.Weight != locks.Holds {
			continue
		}
		status := report.StatusFail
		if l.Read(ctx, s, state).Status == locks.Clear {
			status = report.StatusPass
		}
		found = append(found, report.Finding{ID: l.ID, Status: status})
	}
	return found, nil
}

// allow asks the preconditions and confirms.
func (s *story) allow(despite ...string) (reset.Permit, error) {
	ready := reset.Ready(s.t.Context(), reset.Preconditions{
		Case: s.unit(), Connected: s.unit(), Reader: s, Locks: s.holding, Despite: despite,
		Backup:  func(context.Context) error { return nil },
		Changes: func(context.Context) (reset.Changes, error) { return reset.Changes{}, nil },
	})
	return reset.Allow(ready, reset.ConfirmEmulated, s.unit(), s.before.Kind == handset.KindEmulator)
}

// signOut shows the owner the pages and waits until nothing holds the handset.
func (s *story) signOut() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for _, page := range []*handset.Command{handset.OpenMiAccount, handset.OpenAccounts} {
		if _, err := s.Ask(ctx, page.Must()); err != nil {
			s.t.Fatal(err)
		}
	}
	for {
		found, err := s.holding(ctx)
		if err != nil || ctx.Err() != nil {
			s.t.Fatalf("the owner did not sign out: %v, %v", found, errors.Join(err, ctx.Err()))
		}
		if !slices.ContainsFunc(found, func(f report.Finding) bool { return f.Status != report.StatusPass }) {
			break
		}
	}
	s.past = len(s.phone.Sent())
}

// everyLock overrides every lock: most stories are about the reset itself.
func everyLock() []string {
	var ids []string
	for _, l := range locks.All {
		ids = append(ids, l.ID)
	}
	return ids
}

func (s *story) job() *reset.Job {
	s.t.Helper()
	permit, err := s.allow(everyLock()...)
	if err != nil {
		s.t.Fatal(err)
	}
	android, err := s.Ask(s.t.Context(), handset.AndroidID.Must())
	if err != nil {
		s.t.Fatal(err)
	}
	return &reset.Job{
		Device: s.link, Reader: s, Identity: s.before, Permit: permit,
		AndroidID: strings.TrimSpace(string(android.Stdout)),
		Owner: &reset.Hooks{
			OnSave:    func(r report.Reset) error { s.saved = append(s.saved, r); return nil },
			OnSay:     func(line string) { s.told = append(s.told, line) },
			OnDevices: s.client.Devices,
		},
		Timeouts: reset.Timeouts{Assistant: patience, Leave: patience, Return: patience, Settle: patience},
	}
}

func (s *story) run(j *reset.Job) (report.Reset, error) {
	s.t.Helper()
	way, passedOver := reset.Choose(s.before)
	if way.Name != "recovery" {
		s.t.Fatalf("chose %q (%q), want recovery", way.Name, passedOver)
	}
	return way.Run(s.t.Context(), j)
}

// wrote lists what the handset was sent that changes something, and fails on
// anything that is not in the command table.
func (s *story) wrote() (lines []string) {
	s.t.Helper()
	for _, sent := range s.phone.Sent()[s.past:] {
		line := sent.Line
		if line == "" {
			line = sent.Service
		}
		row, ok := handset.Match(line)
		switch {
		case !ok:
			s.t.Errorf("the handset was sent %q, which is not in the command table", sent.Service)
		case row.Writes:
			lines = append(lines, line)
		}
	}
	return lines
}

func (s *story) wants(lines ...string) {
	s.t.Helper()
	if got := strings.Join(s.wrote(), " "); got != strings.Join(lines, " ") {
		s.t.Errorf("the handset was sent the writes %q, want %q", got, lines)
	}
}

func TestStoryHelpfulOwner(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()))
	s.signOut()
	j := s.job()
	s.wants() // nothing, until it was confirmed
	got, err := s.run(j)
	if err != nil {
		t.Fatal(err)
	}
	if got.Rung != report.RungFormatAnswered || got.LeftAt == nil || got.ReturnedAt == nil {
		t.Errorf("got %+v, want the recovery's answer and the return", got)
	}
	for _, id := range []string{check.ResetUnit, check.ResetAnswer, check.ResetLeft, check.ResetReturned, check.ResetKeyForgotten} {
		if f, _ := got.Findings.ByID(id); f.Status != report.StatusPass {
			t.Errorf("%s is %q: %s %s", id, f.Status, f.Summary, f.Observed)
		}
	}
	s.wants("reboot:recovery", "format-data:", "reboot:")
	if !strings.Contains(strings.Join(s.told, "\n"), "MIAssistant") {
		t.Errorf("the messages are %q, want the menu entry", s.told)
	}
}

// Reset despite Find Device: the set-up asks for the account, so the handset
// stays away, and preship claims no more than the recovery's answer.
func TestStoryDespiteFindDevice(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()))
	j := s.job()
	j.Timeouts.Return = 2 * time.Second
	got, err := s.run(j)
	if err != nil || got.Rung != report.RungFormatAnswered || got.ReturnedAt != nil {
		t.Errorf("got %+v, error %v, want the recovery's answer and no return", got, err)
	}
	s.wants("reboot:recovery", "format-data:", "reboot:")
}

func TestStoryFormatRefused(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]error{"failed": reset.ErrFormatFailed, "disabled": reset.ErrFormatDisabled} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()),
				adbtest.WithTrouble(adbtest.Trouble{Kind: adbtest.TroubleFormat, Answer: answer}))
			got, err := s.run(s.job())
			if !errors.Is(err, want) || got.Rung != report.RungNone || reset.MayBeSent(got) {
				t.Errorf("rung %q, error %v, want none and %v, and nothing to resume", got.Rung, err, want)
			}
			s.wants("reboot:recovery", "format-data:")
		})
	}
}

// deaf is a handset whose answer to the wipe is lost on its way.
type deaf struct{ *link.Link }

func (d deaf) Service(ctx context.Context, service string, limit int64) ([]byte, error) {
	answer, err := d.Link.Service(ctx, service, limit)
	if service == "format-data:" {
		return nil, errors.Join(err, adb.ErrGone)
	}
	return answer, err
}

// The cable comes out between the wipe and its answer. Whatever happens next,
// the wipe is not sent a second time.
func TestStoryAnswerLost(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()))
	s.signOut()
	j := s.job()
	j.Device = deaf{s.link}
	got, err := s.run(j)
	if !errors.Is(err, reset.ErrFormatUnknown) || got.Answer != nil || !reset.MayBeSent(got) {
		t.Fatalf("got %+v, error %v, want no answer and %v", got, err, reset.ErrFormatUnknown)
	}

	// It is still in its recovery: the outcome is unknown, and nothing is sent.
	j.Device, j.Earlier, j.Permit = s.link, got, reset.Permit{}
	if got, err = s.run(j); !errors.Is(err, reset.ErrFormatUnknown) {
		t.Errorf("error %v, want %v", err, reset.ErrFormatUnknown)
	}
	s.wants("reboot:recovery", "format-data:")

	// Its owner restarts it and sets it up: then it shows that it was reset.
	if err := s.link.Reboot(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := s.link.Return(ctx, nil); err != nil {
		t.Fatal(err)
	}
	j.Earlier = got
	if got, err = s.run(j); err != nil || got.Rung != report.RungCameBackUnauthorized {
		t.Errorf("rung %q, error %v, want %q", got.Rung, err, report.RungCameBackUnauthorized)
	}
	s.wants("reboot:recovery", "format-data:", "reboot:")
}

func TestStoryEntryNotPicked(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerIdle()))
	j := s.job()
	j.Timeouts.Assistant = time.Second
	got, err := s.run(j)
	if !errors.Is(err, reset.ErrNoAssistant) || got.TriggeredAt != nil {
		t.Errorf("triggered at %v, error %v, want never and %v", got.TriggeredAt, err, reset.ErrNoAssistant)
	}
	s.wants("reboot:recovery")
}

// Another handset is in its recovery while ours waits for its menu.
func TestStoryWrongCable(t *testing.T) {
	t.Parallel()
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	sister := *p
	sister.Serial = "deadbeef"
	other := adbtest.New(&sister, adbtest.WithOwner(adbtest.OwnerHelpful()))
	t.Cleanup(func() { other.Close() })
	s := begin(t, []*adbtest.Handset{other}, adbtest.WithOwner(adbtest.OwnerIdle()))
	b := link.New(s.client.Device("deadbeef"), link.Options{})
	if err := b.Reboot(t.Context(), "recovery"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := b.WaitFor(ctx, adb.StateSideload); err != nil {
		t.Fatal(err)
	}
	j := s.job()
	j.Timeouts.Assistant = time.Second
	if _, err := s.run(j); !errors.Is(err, reset.ErrNoAssistant) || !strings.Contains(err.Error(), "deadbeef") {
		t.Errorf("error %v, want %v and the serial of the handset that waits", err, reset.ErrNoAssistant)
	}
	for _, sent := range other.Sent() {
		if sent.Service == "format-data:" {
			t.Error("the other handset was wiped")
		}
	}
}

// What answers in the recovery is not the handset that was identified.
func TestStorySwappedWhileRestarting(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerHelpful()))
	j := s.job()
	j.Identity.ModDevice.Value, j.Identity.Codename.Value = "alioth_global", "alioth"
	got, err := s.run(j)
	if !errors.Is(err, reset.ErrOtherUnit) || got.TriggeredAt != nil {
		t.Errorf("triggered at %v, error %v, want never and %v", got.TriggeredAt, err, reset.ErrOtherUnit)
	}
	s.wants("reboot:recovery")
}

func TestStoryNotReady(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trouble []adbtest.Trouble
		despite []string
		id      string
	}{
		{"low battery", []adbtest.Trouble{{Kind: adbtest.TroubleLowBattery, Level: 12}}, everyLock(), check.ResetReadyBattery},
		{"still locked", nil, nil, check.ResetReadyLocks},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, nil, adbtest.WithOwner(adbtest.OwnerIdle()), adbtest.WithTrouble(tt.trouble...))
			permit, err := s.allow(tt.despite...)
			if !errors.Is(err, reset.ErrNotReady) || !strings.Contains(err.Error(), tt.id) {
				t.Errorf("error %v, want %v naming %s", err, reset.ErrNotReady, tt.id)
			}
			way, _ := reset.Choose(s.before)
			if _, err := way.Run(t.Context(), &reset.Job{Device: s.link, Reader: s, Identity: s.before, Permit: permit}); !errors.Is(err, reset.ErrNoPermit) {
				t.Errorf("error %v, want %v", err, reset.ErrNoPermit)
			}
			s.wants()
		})
	}
}
