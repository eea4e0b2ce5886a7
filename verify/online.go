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
	"time"

	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
)

// checkOnline is what the maker's server says of the activation lock.
const checkOnline = check.OnlineActivationLock

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
	errOnlineURL    = message.Error(message.Say("error.online.address"), nil)
	errOnlineStatus = message.Error(message.Say("error.online.status"), nil)
	errOnlineForm   = message.Error(message.Say("error.online.form"), nil)
)

// AskOnline asks the maker's server whether an account locks the handset. The
// service is not documented: whatever is not exactly the expected answer is
// unknown. The finding is inferred, since it is not the handset that answers.
func AskOnline(ctx context.Context, q Question) report.Finding {
	start := q.Now()
	body, err := q.get(ctx)
	entry := casedir.Entry{Name: "online-activation-lock", Line: "GET " + q.URL + " (IMEI added)", Start: start, End: q.Now(), Exit: -1}
	var a activation
	if err == nil {
		a, err = parseActivation(body)
	}
	if err != nil {
		entry.Error = reason(err).String()
	} else {
		entry.Stdout = fmt.Appendf(nil, `{"result":"ok","code":0,"data":{%s}}`+"\n", a)
	}
	entry.Masked = !bytes.Equal(entry.Stdout, body) // the answer holds the owner's masked e-mail address and phone number
	var refs []string
	if q.Record != nil {
		ref, recordErr := q.Record(entry)
		refs, err = one(ref), errors.Join(err, recordErr)
	}
	fs := newFindings()
	var f *report.Finding
	switch {
	case err != nil:
		f = fs.add(checkOnline, report.StatusUnknown, "online.activation-lock.no-answer", reason(err), refs...)
	case a.lost:
		f = fs.add(checkOnline, report.StatusFail, "online.activation-lock.lost", words(a.String()), refs...)
	case a.locked:
		f = fs.add(checkOnline, report.StatusFail, "online.activation-lock.locked", words(a.String()), refs...)
	default:
		f = fs.add(checkOnline, report.StatusPass, "online.activation-lock.clear", words(a.String()), refs...)
	}
	f.Method = report.MethodInferred
	return *f
}

// NotAsked is the finding where the server was to be asked and was not.
func NotAsked(why message.ID) report.Finding {
	fs := newFindings()
	return *fs.see(checkOnline, report.StatusSkipped, message.Say("online.activation-lock.not-asked", "reason", message.Say(why)), message.Sentence{})
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
		return body[:maxOnline], message.Detail(errOnlineForm, message.Say("error.detail.limit", "limit", strconv.Itoa(maxOnline)))
	case res.StatusCode != http.StatusOK:
		return body, fmt.Errorf("%w: %d", errOnlineStatus, res.StatusCode)
	}
	return body, nil
}

func (q Question) request(ctx context.Context) (*http.Request, error) {
	u, err := onlineURL(q.URL)
	if err != nil {
		return nil, err
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

func onlineURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("%w: %s", errOnlineURL, dump.Printable([]byte(address), 100))
	}
	return u, nil
}

// CheckOnlineURL returns an error for an address that no IMEI may be sent to.
func CheckOnlineURL(address string) error {
	_, err := onlineURL(address)
	return err
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

// activation is what an answer says of the lock, without the owner.
type activation struct {
	locked, lost bool
	saysLost     bool // the answer has a usable member lost
}

// String returns the members as the answer has them.
func (a activation) String() string {
	text := fmt.Sprintf(`"locked":%t`, a.locked)
	if a.saysLost {
		text += fmt.Sprintf(`,"lost":%t`, a.lost)
	}
	return text
}

// parseActivation reads {"result":"ok","code":0,"data":{"locked":…}}, as four
// independent scripts do that ask the same service. data may also have "lost",
// which must then be readable before the lock counts as off. Other members may
// are beside these. Errors quote nothing of the answer: it names the owner.
func parseActivation(body []byte) (activation, error) {
	var answer, data map[string]json.RawMessage
	if json.Unmarshal(body, &answer) != nil {
		return activation{}, message.Detail(errOnlineForm, message.Say("error.detail.no-json"))
	}
	if string(answer["result"]) != `"ok"` || string(answer["code"]) != "0" {
		return activation{}, message.Detail(errOnlineForm, message.Say("error.detail.not-ok"))
	}
	if json.Unmarshal(answer["data"], &data) != nil {
		return activation{}, message.Detail(errOnlineForm, message.Say("error.detail.no-data"))
	}
	locked, err := yesOrNo(body, data, "locked")
	if err != nil {
		return activation{}, err
	}
	a := activation{locked: locked}
	if !bytes.Contains(body, []byte(`"lost"`)) {
		return a, nil
	}
	lost, err := yesOrNo(body, data, "lost")
	if err != nil && !a.locked {
		return activation{}, err
	}
	a.lost, a.saysLost = lost, err == nil
	return a, nil
}

// yesOrNo reads a boolean member of data that stands exactly once in body.
func yesOrNo(body []byte, data map[string]json.RawMessage, member string) (bool, error) {
	said := string(data[member])
	switch {
	case bytes.Count(body, []byte(strconv.Quote(member))) != 1:
		return false, message.Detail(errOnlineForm, message.Say("error.detail.one-member", "member", member))
	case said != "true" && said != "false":
		return false, message.Detail(errOnlineForm, message.Say("error.detail.no-boolean", "member", member))
	}
	return said == "true", nil
}
