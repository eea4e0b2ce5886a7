package adbtest

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBusRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBus(busDevice)
		defer b.close()
		_, first, changed := b.watch()
		var arrived atomic.Bool
		b.restart(time.Minute, func() booted {
			return booted{state: busRecovery, then: func() { arrived.Store(true) }}
		})
		<-changed
		if state, stay := b.presence(); state != busAbsent || stay == first {
			t.Errorf("restarting: %q in stay %d", state, stay)
		}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if state, _ := b.presence(); state != busAbsent || arrived.Load() {
			t.Errorf("a second early: %q", state)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if state, _ := b.presence(); state != busRecovery || !arrived.Load() {
			t.Errorf("after a minute: %q", state)
		}
	})
}

// TestBusRestartCalledOff: what comes after a restart takes its place.
func TestBusRestartCalledOff(t *testing.T) {
	t.Parallel()
	for name, instead := range map[string]func(*bus){
		"another restart": func(b *bus) { b.restart(time.Hour, func() booted { return booted{state: busDevice} }) },
		"taken off":       func(b *bus) { b.set(busAbsent) },
		"closed":          (*bus).close,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBus(busDevice)
				defer b.close()
				b.restart(time.Minute, func() booted {
					t.Error("booted all the same")
					return booted{state: busRecovery}
				})
				instead(b)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if state, _ := b.presence(); state != busAbsent {
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
		{"off while Android runs", true, false, busAbsent},
		{"on while Android runs", true, true, busDevice},
		{"on in recovery", false, true, busSideload},
		{"off in recovery", false, false, busSideload},
	} {
		b := newBus(busDevice)
		if !tt.system {
			b.set(busSideload)
		}
		b.debugging(tt.on)
		if got, _ := b.presence(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		b.close()
	}
}
