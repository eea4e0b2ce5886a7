package bus

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBusRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Device)
		defer b.Close()
		_, first, changed := b.Watch()
		var arrived atomic.Bool
		b.Restart(time.Minute, func() Booted {
			return Booted{State: Recovery, Then: func() { arrived.Store(true) }}
		})
		<-changed
		if state, stay := b.Presence(); state != Absent || stay == first {
			t.Errorf("restarting: %q in stay %d", state, stay)
		}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if state, _ := b.Presence(); state != Absent || arrived.Load() {
			t.Errorf("a second early: %q", state)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if state, _ := b.Presence(); state != Recovery || !arrived.Load() {
			t.Errorf("after a minute: %q", state)
		}
	})
}

// TestBusRestartCalledOff: what comes after a restart takes its place.
func TestBusRestartCalledOff(t *testing.T) {
	t.Parallel()
	for name, instead := range map[string]func(*Bus){
		"another restart": func(b *Bus) { b.Restart(time.Hour, func() Booted { return Booted{State: Device} }) },
		"taken off":       func(b *Bus) { b.Set(Absent) },
		"closed":          (*Bus).Close,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := New(Device)
				defer b.Close()
				b.Restart(time.Minute, func() Booted {
					t.Error("booted all the same")
					return Booted{State: Recovery}
				})
				instead(b)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if state, _ := b.Presence(); state != Absent {
					t.Errorf("state %q", state)
				}
			})
		})
	}
}

func TestBusDebuggingSwitch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		system bool
		on     bool
		want   string
	}{
		{"off while Android runs", true, false, Absent},
		{"on while Android runs", true, true, Device},
		{"on in recovery", false, true, Sideload},
		{"off in recovery", false, false, Sideload},
	} {
		b := New(Device)
		if !tt.system {
			b.Set(Sideload)
		}
		b.Debugging(tt.on)
		if got, _ := b.Presence(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		b.Close()
	}
}
