package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
)

// CheckOnline is what the maker's server says of the activation lock.
const CheckOnline = check.OnlineActivationLock

// Question is what [AskOnline] needs. The IMEI is sent to the server: ask only
// when the owner wants it.
type Question struct {
	URL     string // of the status service; plain http only on this computer itself
	Page    string // the page the service belongs to, sent as Referer
	IMEI    string
	Timeout time.Duration // for the whole answer, 0 is 10 s
	Record  func(casedir.Entry) (ref string, err error)
	Now     func() time.Time
}

const (
	onlineTimeout = 10 * time.Second
	maxOnline     = 64 << 10 // bytes of an answer; a real one has some hundred
)

// Errors of an answer that is not of the expected form.
var (
	errOnlineURL    = errors.New("not an https address")
	errOnlineStatus = errors.New("unexpected HTTP status")
	errOnlineForm   = errors.New("unexpected answer")
)

// AskOnline asks the maker's server whether an account locks the handset. The
// service is not documented: whatever is not exactly the expected answer is
// unknown. The finding is inferred, since it is not the handset that answers.
func AskOnline(ctx context.Context, q Question) report.Finding {
	start := q.Now()
	body, err := q.get(ctx)
	entry := casedir.Entry{Name: "online-activation-lock", Line: "GET " + q.URL + " (IMEI added)", Start: start, End: q.Now(), Exit: -1}
	locked := false
	if err == nil {
		locked, err = parseActivation(body)
	}
	if err != nil {
		entry.Error = reason(err)
	} else {
		entry.Stdout = fmt.Appendf(nil, `{"result":"ok","code":0,"data":{"locked":%t}}`+"\n", locked)
	}
	entry.Masked = !bytes.Equal(entry.Stdout, body) // the server may name whose account it is
	var refs []string
	if q.Record != nil {
		ref, recordErr := q.Record(entry)
		refs, err = one(ref), errors.Join(err, recordErr)
	}
	fs := newFindings()
	var f *report.Finding
	switch {
	case err != nil:
		f = fs.add(CheckOnline, report.StatusUnknown, "online.activation-lock.no-answer", reason(err), refs...)
	case locked:
		f = fs.add(CheckOnline, report.StatusFail, "online.activation-lock.locked", "locked: true", refs...)
	default:
		f = fs.add(CheckOnline, report.StatusPass, "online.activation-lock.clear", "locked: false", refs...)
	}
	f.Method = report.MethodInferred
	return *f
}

// NotAsked is the finding where the server was to be asked and was not.
func NotAsked(why message.ID) report.Finding {
	fs := newFindings()
	return *fs.tell(CheckOnline, report.StatusSkipped, message.Say("online.activation-lock.not-asked", "reason", message.Say(why)), "")
}

// get fetches the answer, bounded in time and size, following no redirect.
func (q Question) get(ctx context.Context) ([]byte, error) {
	timeout := q.Timeout
	if timeout <= 0 {
		timeout = onlineTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 16 << 10,
	}
	client := http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, withoutQuery(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxOnline+1))
	switch {
	case err != nil:
		return body, err
	case len(body) > maxOnline:
		return body[:maxOnline], fmt.Errorf("%w: more than %d bytes", errOnlineForm, maxOnline)
	case res.StatusCode != http.StatusOK:
		return body, fmt.Errorf("%w: %d", errOnlineStatus, res.StatusCode)
	}
	return body, nil
}

func (q Question) request(ctx context.Context) (*http.Request, error) {
	u, err := url.Parse(q.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("%w: %s", errOnlineURL, dump.Printable([]byte(q.URL), 100))
	}
	query := u.Query()
	query.Set("ts", strconv.FormatInt(q.Now().UnixMilli(), 10))
	query.Set("id", q.IMEI)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Referer", q.Page)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "preship")
	return req, nil
}

// loopback: an IMEI in clear text must not leave the computer.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// withoutQuery takes the address, and the IMEI in it, out of an error's text.
func withoutQuery(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// parseActivation reads {"result":"ok","code":0,"data":{"locked":…}}, as four
// independent scripts do that ask the same service. Other members may stand
// beside these.
func parseActivation(body []byte) (locked bool, err error) {
	var answer, data map[string]json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil {
		return false, fmt.Errorf("%w: it is not JSON", errOnlineForm)
	}
	if string(answer["result"]) != `"ok"` || string(answer["code"]) != "0" {
		return false, fmt.Errorf("%w: result %s, code %s", errOnlineForm, dump.Printable(answer["result"], 40), dump.Printable(answer["code"], 20))
	}
	if err := json.Unmarshal(answer["data"], &data); err != nil {
		return false, fmt.Errorf("%w: no data", errOnlineForm)
	}
	switch said := string(data["locked"]); {
	case bytes.Count(body, []byte(`"locked"`)) != 1:
		return false, fmt.Errorf("%w: not exactly one member locked", errOnlineForm)
	case said == "true" || said == "false":
		return said == "true", nil
	default:
		return false, fmt.Errorf("%w: locked is %s", errOnlineForm, dump.Printable([]byte(strings.TrimSpace(said)), 40))
	}
}
