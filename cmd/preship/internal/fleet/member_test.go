package fleet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/reset"
	"preship/backup"
	"preship/cmd/preship/internal/job"
	"preship/report"
)

// What names two handsets of a run confirms neither.
func TestNoAnswerForAnother(t *testing.T) {
	t.Parallel()
	f := &fleet{}
	a, b := f.join(adb.DeviceInfo{Serial: "aaaa0001"}), f.join(adb.DeviceInfo{Serial: "bbbb0001"})
	if a.tail == b.tail {
		t.Errorf("two handsets are called …%s", a.tail)
	}
	f.knows(a, report.Handset{IMEI: []report.IMEI{{Value: "868732053538038"}}}, "aa123456")
	f.knows(b, report.Handset{IMEI: []report.IMEI{{Value: "868732050123456"}}}, "bbbb0001")
	for _, typed := range []string{"123456", " 123456 "} {
		for _, m := range []*member{a, b} {
			if err := f.mayConfirm(m, typed); !errors.Is(err, reset.ErrNotConfirmed) {
				t.Errorf("%q for …%s: %v, want ErrNotConfirmed", typed, m.tail, err)
			}
		}
	}
	if err := errors.Join(f.mayConfirm(a, "538038"), f.mayConfirm(b, "bb0001"), f.mayConfirm(a, reset.ConfirmEmulated)); err != nil {
		t.Errorf("each by its own: %v", err)
	}
}

// A fault of preship's own in one job is an error of that job.
func TestGuarded(t *testing.T) {
	t.Parallel()
	j := job.New(job.Host{}, nil, job.Options{})
	if err := guarded(j, func() error { panic("a fault") }); !errors.Is(err, errBroke) {
		t.Errorf("%v, want errBroke", err)
	}
	if err := guarded(j, func() error { return reset.ErrNotConfirmed }); !errors.Is(err, reset.ErrNotConfirmed) {
		t.Errorf("%v, want what the job said", err)
	}
}

func TestTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns(2)
		var mu sync.Mutex
		waited, most, now := 0, 0, 0
		count := func(n int) {
			mu.Lock()
			defer mu.Unlock()
			now += n
			most = max(most, now)
		}
		done := make(chan error)
		for range 5 {
			go func() {
				done <- turns.run(t.Context(), func() { waited++ }, func(context.Context) error {
					count(1)
					time.Sleep(time.Second)
					count(-1)
					return nil
				})
			}()
			synctest.Wait()
		}
		for range 5 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if most != 2 || waited != 3 {
			t.Errorf("%d at a time and %d waited, want 2 and 3", most, waited)
		}
	})
}

// A disk that is full for one ends the copying of all; one handset that would
// not fit ends its own.
func TestFullDiskStopsAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns(2)
		copying := make(chan error, 1)
		go func() {
			copying <- turns.run(t.Context(), func() {}, func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			})
		}()
		synctest.Wait()
		small := fmt.Errorf("%w: 9 MB are needed", backup.ErrNoSpace)
		if err := turns.run(t.Context(), nil, func(context.Context) error { return small }); !errors.Is(err, small) || len(copying) > 0 {
			t.Errorf("would not fit: %v; the other is informed: %t", err, len(copying) > 0)
		}
		full := fmt.Errorf("%w: write x: %w", backup.ErrNoSpace, syscall.ENOSPC)
		if err := turns.run(t.Context(), nil, func(context.Context) error { return full }); !errors.Is(err, full) {
			t.Errorf("full: %v", err)
		}
		if err := <-copying; !errors.Is(err, errDiskFull) {
			t.Errorf("the other one copying: %v, want errDiskFull", err)
		}
		if err := turns.run(t.Context(), nil, func(context.Context) error { t.Error("began to copy"); return nil }); !errors.Is(err, errDiskFull) {
			t.Errorf("the next one: %v, want errDiskFull", err)
		}
	})
}
