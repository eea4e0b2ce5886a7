package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/report"
)

// cmdAnswers serves one answer over HTTP for the rest of the story, and sets
// ONLINE to its address: answers TEXT.
func cmdAnswers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: answers TEXT")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, args[0]) }))
	ts.Defer(s.Close)
	ts.Setenv("ONLINE", s.URL)
}

// Nothing is sent unless it was wished for, to nobody for an emulated handset,
// and never without a number.
func TestAskOnlineOnlyWhenWished(t *testing.T) {
	t.Parallel()
	imei := []report.IMEI{{Value: "868732053538038"}}
	maker := "Xiaomi"
	for _, tt := range []struct {
		name   string
		online onlineOptions
		h      report.Handset
		want   report.Status // "": no finding at all
	}{
		{"not wished", onlineOptions{}, report.Handset{IMEI: imei}, ""},
		{"no number", onlineOptions{ask: true}, report.Handset{Manufacturer: &maker}, report.StatusSkipped},
		{"emulated", onlineOptions{ask: true}, report.Handset{IMEI: imei, Kind: report.KindEmulator, Manufacturer: &maker}, report.StatusSkipped},
		{"another maker", onlineOptions{ask: true}, report.Handset{IMEI: imei, Kind: report.KindDevice}, report.StatusSkipped},
		{"another address that is none", onlineOptions{ask: true, url: "http://example.invalid/"}, report.Handset{IMEI: imei}, report.StatusUnknown},
	} {
		j := &job{env: &env{Console: &console.Console{Now: time.Now, Err: new(discard)}}, globals: &globals{}, opts: jobOptions{online: tt.online}}
		found := j.askOnline(t.Context(), tt.h)
		var got report.Status
		if len(found) == 1 {
			got = found[0].Status
		}
		if got != tt.want || len(found) > 1 {
			t.Errorf("%s: %+v, want status %q", tt.name, found, tt.want)
		}
	}
	if row := makerOf(handset.Identity{}, report.Handset{Manufacturer: &maker}); row.ActivationStatus == "" {
		t.Errorf("the maker a case remembers is %s", row.Name)
	}
}

type discard struct{}

func (*discard) Write(b []byte) (int, error) { return len(b), nil }
