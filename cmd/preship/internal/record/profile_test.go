package record

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/locks"
	"preship/cmd/preship/internal/evidence"
	"preship/report/imei"
)

// served is an emulated handset behind a server front.
func served(t *testing.T, p *adbtest.Profile) (*adbtest.Handset, *adb.Device) {
	t.Helper()
	h := adbtest.New(p)
	server, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(server.Close(), h.Close()) })
	client, err := adb.New(adb.Options{Addr: server.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return h, client.Device(h.Serial())
}

// said is the part of a handset's answers that a recording keeps.
type said struct {
	id       handset.Identity
	accounts []map[string]int
	locks    map[string]string
}

func listen(t *testing.T, device *adb.Device) said {
	t.Helper()
	r := &evidence.Recorder{Device: device, Now: time.Now}
	id, err := handset.Identify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	s := said{id: id, locks: map[string]string{}}
	state := locks.Look(t.Context(), r, id)
	for _, lock := range locks.All {
		if lock.Applies(id.Vendor) {
			s.locks[lock.ID] = lock.Read(t.Context(), r, state).Status
		}
	}
	a, err := r.Ask(t.Context(), handset.DumpAccounts.Must())
	if err != nil {
		t.Fatal(err)
	}
	users, err := dump.ParseAccounts(a.Stdout)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		s.accounts = append(s.accounts, u.Types())
	}
	return s
}

// identifiers takes the identifiers out of an identity, so that the rest
// can be compared.
func identifiers(id *handset.Identity) (list []string) {
	for _, f := range []*handset.Fact{&id.Serial, &id.MEID, &id.SN, &id.BoardSN, &id.CPUID} {
		list = append(list, f.Value)
		f.Value = ""
	}
	for i := range id.IMEIs.Items {
		imei := &id.IMEIs.Items[i]
		list = append(list, imei.Value)
		imei.Value = imei.Value[:8]
	}
	for i := range id.Volumes.Items {
		list = append(list, id.Volumes.Items[i].UUID)
		id.Volumes.Items[i].UUID = ""
	}
	for i := range id.Users.Items {
		u := &id.Users.Items[i]
		if u.Kind != dump.UserSecondSpace {
			u.Name = ""
		}
	}
	id.Notes = nil // they quote numbers
	return list
}

// A recorded handset answers as the handset did, with other identifiers. The recording
// has no identifier of the handset.
func TestRecordRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range adbtest.Profiles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := adbtest.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			h, device := served(t, p)
			recorded, err := profile(t.Context(), device, &evidence.Recorder{Device: device, Now: time.Now}, newReplacer([]byte("test")))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range h.Sent() {
				if row, ok := handset.Match(s.Line); s.Line != "" && (!ok || row.Writes) {
					t.Errorf("sent %q, which is no row that only reads", s.Line)
				}
			}
			again, err := adbtest.Parse(name, recorded)
			if err != nil {
				t.Fatal(err)
			}
			_, copied := served(t, again)
			want, got := listen(t, device), listen(t, copied)
			wantIDs, gotIDs := identifiers(&want.id), identifiers(&got.id)
			if !reflect.DeepEqual(got.id, want.id) {
				t.Errorf("identity\n got %+v\nwant %+v", got.id, want.id)
			}
			if !reflect.DeepEqual(got.accounts, want.accounts) || !reflect.DeepEqual(got.locks, want.locks) {
				t.Errorf("accounts and locks\n got %v %v\nwant %v %v", got.accounts, got.locks, want.accounts, want.locks)
			}
			compareIdentifiers(t, gotIDs, wantIDs, string(recorded))
		})
	}
}

func compareIdentifiers(t *testing.T, got, want []string, recorded string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("identifiers %q, want as many as %q", got, want)
	}
	for i, old := range want {
		switch {
		case (got[i] == "") != (old == ""):
			t.Errorf("identifier %q became %q", old, got[i])
		case old == "":
		case strings.Contains(recorded, old):
			t.Errorf("%q is in the recording", old)
		case len(got[i]) != len(old) || imei.LuhnOK(got[i]) != imei.LuhnOK(old) && len(old) == 15:
			t.Errorf("%q became %q, of another shape", old, got[i])
		}
		for j := range i {
			if (want[j] == old) != (got[j] == got[i]) {
				t.Errorf("%q and %q became %q and %q", want[j], old, got[j], got[i])
			}
		}
	}
}

func TestReplacer(t *testing.T) {
	t.Parallel()
	r := newReplacer([]byte("test"))
	r.learn("c9a0a2a6,unknown 0 00000000")
	for _, one := range []string{"c9a0a2a6", "unknown"} {
		if strings.Contains(r.hide("x="+one+";"), one) != (one == "unknown") {
			t.Errorf("%s: %s", one, r.hide("x="+one+";"))
		}
	}
	const text = "imei 868732053538038 body 86873205353803 sv 8687320535380301 mac 02:1A:11:ff:00:01 mail a.b@example.org id 123e4567-e89b-12d3-a456-426614174000 zeros 00000000 build 20231001"
	got := r.hide(text)
	for _, kept := range []string{"imei 86873205", "zeros 00000000", "build 20231001", "@example.com"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q is missing from %q", kept, got)
		}
	}
	for _, gone := range []string{"353803", "02:1A:11", "a.b@", "426614174000"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q is still in %q", gone, got)
		}
	}
	f := strings.Fields(got)
	if f[1][:14] != f[3] || f[5][:14] != f[3] || !imei.LuhnOK(f[1]) {
		t.Errorf("the forms of one IMEI do not fit: %q", f[:6])
	}
	if again, random := r.hide(text), newReplacer(nil).hide(text); again != got || newReplacer([]byte("other")).hide(text) == got || newReplacer(nil).hide(text) == random {
		t.Error("not the same with one key, or the same with two")
	}
}

// What identifies a person is replaced wherever it stands, also in properties whose names
// say nothing of it.
func TestRecordHidesThePerson(t *testing.T) {
	t.Parallel()
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	miID := ""
	for _, u := range p.Users {
		for _, a := range u.Accounts {
			if a.Kind == "com.xiaomi" {
				miID = a.Name
			}
		}
	}
	if len(miID) < 6 {
		t.Fatalf("the Mi account is %q", miID)
	}
	owned := *p
	owned.Users = slices.Clone(p.Users)
	owned.Users[0].Name = "Ana María Souza"
	private := map[string]string{
		"persist.sys.last_login":       "id=" + miID + ";ok",
		"persist.radio.line1.number":   "34600123456",
		"persist.vendor.call.last":     "to +34 or +34600987654 end",
		"persist.bluetooth.label":      "phone of Ana Souza",
		"ro.build.host":                "ana-pc",
		"persist.bt.bdaddr":            "02:1A:11:FF:00:01",
		"persist.vendor.wcn.firmware":  "mac=021a11ff0001",
		"persist.sys.adb.last_host":    "from 192.168.1.23 by wifi",
		"persist.vendor.gateway":       "10.0.0.1",
		"persist.vendor.radio.sn.copy": p.Serial,
	}
	changed := &owned
	for key, value := range private {
		changed = changed.With(key, value)
	}
	_, device := served(t, changed)
	recorded, err := profile(t.Context(), device, &evidence.Recorder{Device: device, Now: time.Now}, newReplacer([]byte("test")))
	if err != nil {
		t.Fatal(err)
	}
	lower := strings.ToLower(string(recorded))
	for _, gone := range []string{miID, "34600123456", "34600987654", "ana ", "ana-", "souza", "maría", "02:1a:11", "021a11ff0001", "192.168.1.23", "10.0.0.1", p.Serial} {
		if strings.Contains(lower, strings.ToLower(gone)) {
			at := strings.Index(lower, strings.ToLower(gone))
			t.Errorf("%q is in the recording: %q", gone, lower[max(0, at-60):min(len(lower), at+40)])
		}
	}
	if !strings.Contains(lower, "redmi") {
		t.Error("the model is gone too")
	}
}
