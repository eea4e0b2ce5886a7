package adb_test

import (
	"context"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
)

// emulated is a device behind the server front of an emulated handset.
func emulated(t *testing.T, profile string, opts ...adbtest.Option) *adb.Device {
	t.Helper()
	p, err := adbtest.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	dev, _ := serveHandset(t, p, opts...)
	return dev
}

// serveHandset is a device and the emulated handset that it is.
func serveHandset(t *testing.T, p *adbtest.Profile, opts ...adbtest.Option) (*adb.Device, *adbtest.Handset) {
	t.Helper()
	dev, h, _ := servedAt(t, p, opts...)
	return dev, h
}

// servedAt is serveHandset, with the address of its server.
func servedAt(t *testing.T, p *adbtest.Profile, opts ...adbtest.Option) (*adb.Device, *adbtest.Handset, string) {
	t.Helper()
	h := adbtest.New(p, opts...)
	t.Cleanup(func() { h.Close() })
	server, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	c, err := adb.New(adb.Options{Addr: server.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return c.Device(h.Serial()), h, server.Addr()
}

// ready waits until the handset's owner has accepted this computer.
func ready(t *testing.T, dev *adb.Device) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if info, err := link.New(dev, link.Options{}).WaitFor(ctx, adb.StateDevice); err != nil {
		t.Fatalf("handset is %+v: %v", info, err)
	}
}

func TestEmulatedHandsets(t *testing.T) {
	t.Parallel()
	// Without stat_v2 and ls_v2; without ls_v2 only; and with all of version 2.
	for _, profile := range []string{"redmi-5a", "redmi-8a", "redmi-k60"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			dev := emulated(t, profile, adbtest.WithOwner(adbtest.OwnerHelpful()))
			ready(t, dev)
			checkHandset(t, dev)
		})
	}
}

func TestEmulatedHandsetReturns(t *testing.T) {
	t.Parallel()
	dev := emulated(t, "redmi-note-10", adbtest.WithOwner(adbtest.OwnerHelpful()))
	ready(t, dev)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	l := link.New(dev, link.Options{})
	for _, target := range []string{"", "bootloader"} {
		if err := l.Reboot(ctx, target); err != nil {
			t.Fatal(err)
		}
		if target == "bootloader" {
			if info, err := l.WaitFor(ctx, adb.StateAbsent); err != nil {
				t.Errorf("in the bootloader adb sees %+v: %v", info, err)
			}
			return
		}
		info, err := l.Return(ctx, nil)
		if err != nil || info.State != adb.StateDevice {
			t.Errorf("after reboot %q it is %+v, %v", target, info, err)
		}
	}
}
