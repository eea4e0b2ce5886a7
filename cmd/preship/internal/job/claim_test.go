package job

import (
	"errors"
	"testing"

	"preship/adb"
	"preship/cmd/preship/internal/hold"
	"preship/report"
)

func TestSameServer(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"localhost:5037": "localhost:5037", "127.0.0.1:5037": "localhost:5037", "[::1]:5037": "localhost:5037",
		"10.0.0.2:5037": "10.0.0.2:5037", "localfilesystem:/run/adb": "localfilesystem:/run/adb",
	} {
		if got := sameServer(addr); got != want {
			t.Errorf("sameServer(%q) = %q, want %q", addr, got, want)
		}
	}
}

// One handset by cable and over the network is one; two of a kind that is
// emulated are two.
func TestOneHandsetByTwoWays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	client, err := adb.New(adb.Options{Addr: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	unit := report.Unit{IMEI: []string{"868732053538038"}}
	claim := func(serial, kind string) (*Job, error) {
		j := New(aHost(dir), nil, Options{})
		j.client, j.alone = client, true
		j.handset.Kind = kind
		t.Cleanup(func() { _ = j.claims.release() })
		if err := j.claim(serial); err != nil {
			return j, err
		}
		return j, j.claimUnit(unit)
	}
	first, err := claim("c9a0a2a6", report.KindDevice)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := claim("192.0.2.7:5555", report.KindDevice); !errors.Is(err, hold.ErrBusy) {
		t.Errorf("the same over the network: %v, want hold.ErrBusy", err)
	}
	if _, err := claim("emulator-5554", report.KindEmulator); err != nil {
		t.Errorf("an emulated one with the same numbers: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, err := claim("192.0.2.8:5555", report.KindDevice); err != nil {
		t.Errorf("after the first was done: %v", err)
	}
}
