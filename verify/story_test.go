package verify_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/report"
	"preship/report/safefile/safefiletest"
	"preship/verify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(safefiletest.InMemory(m)) }

// shell asks an emulated handset over adb.
type shell struct{ *link.Link }

func (s shell) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	return link.Reader(s.Device()).Ask(ctx, line)
}

func connect(t *testing.T) shell {
	t.Helper()
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	h := adbtest.New(p, adbtest.WithOwner(adbtest.OwnerHelpful()))
	server, err := adbtest.NewServer(adbtest.LocalAddr(), h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), h.Close()); err != nil {
			t.Error(err)
		}
	})
	client, err := adb.New(adb.Options{Addr: server.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return shell{link.New(client.Device(h.Serial()), link.Options{})}
}

// wipe resets the handset as its recovery does, after its owner signed out.
func (s shell) wipe(ctx context.Context, t *testing.T) {
	t.Helper()
	for _, page := range []*handset.Command{handset.OpenMiAccount, handset.OpenAccounts} {
		if _, err := s.Ask(ctx, page.Must()); err != nil {
			t.Fatal(err)
		}
	}
	must := func(_ adb.DeviceInfo, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for bound := true; bound; {
		locks, _, err := verify.Locks(ctx, s, handset.Identity{})
		must(adb.DeviceInfo{}, err)
		bound = len(locks.Users) == 0 || len(locks.Users[0].Accounts) > 0
	}
	must(adb.DeviceInfo{}, s.Reboot(ctx, "recovery"))
	must(s.WaitFor(ctx, adb.StateSideload))
	if b, err := s.Service(ctx, handset.FormatData.Line, 100); string(b) != "Format_data_success.\n" || err != nil {
		t.Fatalf("the recovery answered %q, %v", b, err)
	}
	must(adb.DeviceInfo{}, s.Reboot(ctx, ""))
	must(s.Return(ctx, nil))
	must(s.WaitFor(ctx, adb.StateDevice))
}

func TestStoryOfAHandset(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := connect(t)
	id, err := handset.Identify(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	before := verify.LookBefore(ctx, s, id)
	before.ResetAt = time.Now()

	// Nothing was reset yet, and no finding says otherwise.
	clean, found, err := verify.Clean(ctx, s, before)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := verify.Rung(report.Reset{Rung: report.RungFormatAnswered}, &clean); got.Rung != report.RungNone {
		t.Errorf("a handset as it was has rung %q", got.Rung)
	}
	for _, id := range []string{"clean.accounts", "clean.android-id", "clean.files"} {
		if f, _ := report.Findings(found).ByID(id); f.Status != report.StatusFail {
			t.Errorf("before the reset %s is %q: %s", id, f.Status, f.Summary)
		}
	}

	s.wipe(ctx, t)
	clean, found, err = verify.Clean(ctx, s, before)
	if err != nil || clean.Rung != report.RungObservedClean {
		t.Errorf("rung %q, error %v, want %q", clean.Rung, err, report.RungObservedClean)
	}
	for _, f := range found {
		if f.Status == report.StatusFail {
			t.Errorf("after the reset %s is %q: %s (%s)", f.ID, f.Status, f.Summary, f.Observed)
		}
	}
}
