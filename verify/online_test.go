package verify

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
)

const lockedAnswer = `{"result":"ok","code":0,"data":{"locked":%s,"model":"M2101K7AG","activated":true}}`

// ask asks a server that answers with h, and keeps the record.
func askServer(t *testing.T, h http.HandlerFunc, patience time.Duration) (report.Finding, []casedir.Entry) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	var kept []casedir.Entry
	f := AskOnline(t.Context(), Question{
		URL: s.URL + "/status?lang=en", Page: "https://example.com/page", IMEI: "868732053538038",
		Timeout: patience, Now: time.Now,
		Record: func(e casedir.Entry) (string, error) { kept = append(kept, e); return "evidence/1", nil },
	})
	every(t, []report.Finding{f})
	return f, kept
}

func say(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

// Only the one expected answer is believed; a server that says anything else, or
// takes its time, or sends us elsewhere, leaves the question open.
func TestAskOnline(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		h    http.HandlerFunc
		want report.Status
	}{
		{"free", say(fmt.Sprintf(lockedAnswer, "false")), report.StatusPass},
		{"locked", say(fmt.Sprintf(lockedAnswer, "true")), report.StatusFail},
		{"locked is a word", say(fmt.Sprintf(lockedAnswer, `"false"`)), report.StatusUnknown},
		{"locked is a number", say(fmt.Sprintf(lockedAnswer, "0")), report.StatusUnknown},
		{"locked is null", say(fmt.Sprintf(lockedAnswer, "null")), report.StatusUnknown},
		{"locked twice", say(fmt.Sprintf(lockedAnswer, `true,"locked":false`)), report.StatusUnknown},
		{"Locked", say(strings.Replace(fmt.Sprintf(lockedAnswer, "false"), "locked", "Locked", 1)), report.StatusUnknown},
		{"not lost", say(fmt.Sprintf(lockedAnswer, `false,"lost":false`)), report.StatusPass},
		{"lost", say(fmt.Sprintf(lockedAnswer, `false,"lost":true`)), report.StatusFail},
		{"locked and lost", say(fmt.Sprintf(lockedAnswer, `true,"lost":true`)), report.StatusFail},
		{"locked, and lost is a word", say(fmt.Sprintf(lockedAnswer, `true,"lost":"no"`)), report.StatusFail},
		{"lost is a word", say(fmt.Sprintf(lockedAnswer, `false,"lost":"false"`)), report.StatusUnknown},
		{"lost is null", say(fmt.Sprintf(lockedAnswer, `false,"lost":null`)), report.StatusUnknown},
		{"lost twice", say(fmt.Sprintf(lockedAnswer, `false,"lost":true,"lost":false`)), report.StatusUnknown},
		{"lost outside data", say(`{"result":"ok","code":0,"lost":true,"data":{"locked":false}}`), report.StatusUnknown},
		{"no data", say(`{"result":"ok","code":0}`), report.StatusUnknown},
		{"data is a list", say(`{"result":"ok","code":0,"data":[false]}`), report.StatusUnknown},
		{"an error", say(`{"result":"error","code":10017,"data":{"locked":false}}`), report.StatusUnknown},
		{"another code", say(`{"result":"ok","code":1,"data":{"locked":false}}`), report.StatusUnknown},
		{"more after it", say(fmt.Sprintf(lockedAnswer, "false") + "x"), report.StatusUnknown},
		{"cut off", say(fmt.Sprintf(lockedAnswer, "false")[:40]), report.StatusUnknown},
		{"a page", say("<html><body>locked: false</body></html>"), report.StatusUnknown},
		{"nothing", say(""), report.StatusUnknown},
		{"an escape sequence", say("{\"result\":\"\x1b[2J\",\"code\":0}"), report.StatusUnknown},
		{"huge", say(fmt.Sprintf(lockedAnswer, "false") + strings.Repeat(" ", maxOnline)), report.StatusUnknown},
		{"not found", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = fmt.Fprintf(w, lockedAnswer, "false")
		}, report.StatusUnknown},
		{"sends us elsewhere", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/login" {
				_, _ = fmt.Fprintf(w, lockedAnswer, "false")
				return
			}
			http.Redirect(w, r, "/login", http.StatusFound)
		}, report.StatusUnknown},
		{"slow", func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, lockedAnswer, "false")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, report.StatusUnknown},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, report.StatusUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			patience := time.Minute
			if tt.name == "slow" {
				patience = 50 * time.Millisecond
			}
			f, kept := askServer(t, tt.h, patience)
			if f.Status != tt.want || f.Method != report.MethodInferred {
				t.Errorf("%s, %s (%s), want %s, inferred", f.Status, f.Method, f.Observed, tt.want)
			}
			if tt.want != report.StatusUnknown && !strings.Contains(f.Summary, "unofficial") {
				t.Errorf("%q does not say how far it can be believed", f.Summary)
			}
			if all := f.Summary + f.Observed; strings.Contains(all, "\x1b") || strings.Contains(all, "868732053538038") {
				t.Errorf("%q cannot be shown", all)
			}
			if len(kept) != 1 || len(kept[0].Stdout) > maxOnline || len(f.Evidence) != 1 {
				t.Errorf("kept %d answers, evidence %v", len(kept), f.Evidence)
			}
		})
	}
}

// The server masks the owner's address and number, but a masked one still
// narrows down who the owner is. Evidence goes to the repair desk.
func TestAskOnlineKeepsNoOwner(t *testing.T) {
	t.Parallel()
	const mail, phone = "al***@example.com", "138****0000"
	for _, body := range []string{
		`{"result":"ok","code":0,"data":{"locked":true,"lost":true,"email":"` + mail + `","phone":"` + phone + `"}}`,
		`{"result":"ok","code":0,"data":{"locked":{"email":"` + mail + `","phone":"` + phone + `"}}}`,
		`{"result":"ok","code":0,"data":{"locked":false,"lost":"` + mail + " " + phone + `"}}`,
		`{"result":"` + mail + `","code":0,"data":{"locked":false}}`,
		`{"result":"ok","code":"` + phone + `","data":{"locked":false}}`,
		mail + phone,
	} {
		f, kept := askServer(t, say(body), time.Minute)
		for _, e := range kept {
			all := f.Summary + f.Observed + f.Remedy + e.Line + e.Error + string(e.Stdout) + string(e.Stderr)
			if strings.Contains(all, "***") || strings.Contains(all, "example.com") {
				t.Errorf("%s: the owner is in %q", body, all)
			}
			if !e.Masked {
				t.Errorf("%s: the record does not say that it is cut", body)
			}
		}
	}
}

func TestAskOnlineSendsOnlyTheIMEI(t *testing.T) {
	t.Parallel()
	askServer(t, func(_ http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("id") != "868732053538038" || q.Get("ts") == "" || q.Get("lang") != "en" || len(q) != 3 || r.Method != http.MethodGet {
			t.Errorf("asked %s %s", r.Method, r.URL)
		}
		if r.Referer() != "https://example.com/page" || r.Header.Get("Cookie") != "" || r.UserAgent() != "preship" {
			t.Errorf("sent %v", r.Header)
		}
	}, time.Minute)
}

// An IMEI leaves the computer only encrypted, and a wrong address is no answer.
func TestAskOnlineAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "http://example.com/status", "ftp://127.0.0.1/", "https://", "::", "example.com", "http://127.0.0.1:1/"} {
		f := AskOnline(t.Context(), Question{URL: address, IMEI: "868732053538038", Now: time.Now})
		if f.Status != report.StatusUnknown || f.Remedy == "" {
			t.Errorf("%q: %+v, want unknown with a remedy", address, f)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f := AskOnline(ctx, Question{URL: "https://example.invalid/", Now: time.Now}); f.Status != report.StatusUnknown {
		t.Errorf("cancelled: %+v", f)
	}
}

func FuzzParseActivation(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(lockedAnswer, "false")))
	f.Add([]byte(fmt.Sprintf(lockedAnswer, "true")))
	f.Add([]byte(`{"data":{"locked":false}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := parseActivation(body)
		if err == nil && (!strings.Contains(string(body), fmt.Sprint(a.locked)) || a.lost && !strings.Contains(string(body), `"lost"`)) {
			t.Errorf("%q was read as %s", body, a)
		}
	})
}
