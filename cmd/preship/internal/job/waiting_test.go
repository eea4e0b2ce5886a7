package job

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"preship/report/wait"
)

// person is a person who only hears events.
type person struct {
	Person
	tell func(Event)
}

func (p person) Tell(ev Event) { p.tell(ev) }

// A wait is shown when it begins, every second, and when it is over; of waits inside
// each other only the innermost lasts.
func TestWaitsAreShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		w := NewWaits(person{tell: func(ev Event) {
			if ev, ok := ev.(Waiting); ok {
				got = append(got, fmt.Sprintf("%s %v %t %t", ev.ID, ev.Elapsed.Truncate(time.Second), ev.Announce, ev.Over))
			}
		}}, time.Now)
		done := w.Show(wait.Wait{Row: wait.SignOut, Limit: time.Minute})
		time.Sleep(1500 * time.Millisecond)
		back := w.Show(wait.Wait{Row: wait.Handset, Limit: time.Minute})
		time.Sleep(1200 * time.Millisecond)
		back()
		time.Sleep(400 * time.Millisecond)
		done()
		want := []string{
			"sign-out 0s false false", "sign-out 1s false false", "handset 0s false false", "handset 1s false false", "handset 1s false true",
			"sign-out 3s true false", "sign-out 3s false true",
		}
		if !slices.Equal(got, want) {
			t.Errorf("shown: %q\nwant: %q", got, want)
		}
	})
}

// A backup waits for a handset that left as long as --wait allows, and without it as long
// as package backup does.
func TestBackupWaitsAsAsked(t *testing.T) {
	t.Parallel()
	for _, want := range []time.Duration{0, 7 * time.Minute} {
		if got := New(aHost(t.TempDir()), deaf{}, Options{Away: want, Wait: time.Hour}).copying().Wait; got != want {
			t.Errorf("waits %v, want %v", got, want)
		}
	}
}
