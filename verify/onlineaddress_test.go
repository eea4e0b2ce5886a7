package verify

import (
	"errors"
	"strings"
	"testing"
	"time"

	"preship/report"
)

// An IMEI leaves this computer by https only: a request to any other address is
// not even made.
func TestOnlineRequest(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"https://example.com/status": true, "https://127.0.0.1/": true, "http://127.0.0.1:1/": true,
		"http://localhost/": true, "http://[::1]:8080/": true,
		"http://example.com/": false, "http://192.0.2.7/": false, "http://0.0.0.0/": false, "http://localhost.example.com/": false,
		"ftp://example.com/": false, "ftp://127.0.0.1/": false, "https://": false, "https:///status": false, "//example.com/": false, "::": false, "": false,
	} {
		req, err := Question{URL: address, IMEI: "868732053538038", Now: time.Now}.request(t.Context())
		switch {
		case ok && (err != nil || req.URL.Query().Get("id") != "868732053538038"):
			t.Errorf("%q: error %v, want a request with the IMEI", address, err)
		case !ok && (!errors.Is(err, errOnlineURL) || req != nil):
			t.Errorf("%q: error %v, want %v and no request", address, err, errOnlineURL)
		}
	}
}

// The evidence of an answer that was not understood says why, and holds nothing
// of what the server sent; it may name whose account it is.
func TestOnlineEvidence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body, kept string
		masked, failed   bool
	}{
		{"an answer with more in it", `{"result":"ok","code":0,"data":{"locked":true,"account":"somebody"}}`, `{"result":"ok","code":0,"data":{"locked":true}}` + "\n", true, false},
		{"nothing but the answer", `{"result":"ok","code":0,"data":{"locked":false}}` + "\n", `{"result":"ok","code":0,"data":{"locked":false}}` + "\n", false, false},
		{"another form", `{"account":"somebody"}`, "", true, true},
	} {
		_, kept := askServer(t, say(tt.body), time.Minute)
		if len(kept) != 1 {
			t.Fatalf("%s: kept %d answers, want 1", tt.name, len(kept))
		}
		if e := kept[0]; string(e.Stdout) != tt.kept || e.Masked != tt.masked || (e.Error != "") != tt.failed || strings.Contains(e.Error+e.Line, "somebody") {
			t.Errorf("%s: kept %+v, want %q, masked %t, with an error %t", tt.name, e, tt.kept, tt.masked, tt.failed)
		}
	}
}

// An answer of the largest size is read; one byte more is no answer.
func TestOnlineSizeLimit(t *testing.T) {
	t.Parallel()
	const answer = `{"result":"ok","code":0,"data":{"locked":false}}`
	for extra, want := range map[int]report.Status{0: report.StatusPass, 1: report.StatusUnknown} {
		f, _ := askServer(t, say(answer+strings.Repeat(" ", maxOnline-len(answer)+extra)), time.Minute)
		if f.Status != want {
			t.Errorf("%d bytes over the limit: %q, want %q", extra, f.Status, want)
		}
	}
}
