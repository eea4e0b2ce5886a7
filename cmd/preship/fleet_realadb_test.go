package main

import (
	"testing"

	"preship/adb/adbtest"
	"preship/testdata/program"
)

// TestDeskThroughRealADB prepares sixteen handsets at once, which one adb server
// reaches over the network: every one becomes ready, in its own case that
// holds its own data, with a report that verifies.
func TestDeskThroughRealADB(t *testing.T) {
	t.Parallel()
	binary := program.Path(t, "adb")
	if testing.Short() {
		t.Skip("sixteen jobs")
	}
	d := newDesk(t, 16, "", nil)
	r := startADB(t, binary)
	for i, h := range d.handsets {
		front, err := adbtest.NewDaemon(h, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = front.Close() })
		d.serials[i] = front.Addr()
		r.adb(binary, "connect", front.Addr())
	}
	d.home, d.env = r.home, r.env()
	each, _ := d.ended(d.prepare(anyCode, "--all", "--wait", "60s"))
	cases := map[string]bool{}
	for i, serial := range d.serials {
		ev := each[serial]
		d.ready(i, ev)
		cases[ev.Case] = true
	}
	if len(cases) != len(d.serials) {
		t.Errorf("%d cases for %d handsets", len(cases), len(d.serials))
	}
}
