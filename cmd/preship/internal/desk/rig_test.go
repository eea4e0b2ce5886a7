package desk

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"preship/adb"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing"
	"preship/report/message"
	"preship/report/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a desk and its server, without handsets.
type rig struct {
	*Desk
	server *Server
	http   *httptest.Server
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r, own := &rig{}, t.TempDir()
	client, err := adb.New(adb.Options{Addr: "127.0.0.1:1"}) // where no server is
	if err != nil {
		t.Fatal(err)
	}
	config := func() (string, error) { return own, nil }
	r.Desk = New(Options{
		Out: t.TempDir(), Language: "en", Host: job.Host{Now: time.Now, ConfigDir: config},
		Memory: OpenMemory(own, "out"), Client: client,
		Guide: func(adb.State) message.Sentence { return message.Sentence{} },
		Hints: func(error) []message.Sentence { return nil },
		Trust: func(context.Context) (seal.VerifyOptions, error) { return seal.VerifyOptions{}, nil },
		Keys:  &signing.Keys{ConfigDir: config, Getenv: func(string) string { return "" }},
	})
	r.http = httptest.NewUnstartedServer(nil)
	r.server = NewServer(r.Desk, Access{Hosts: []string{r.http.Listener.Addr().String()}, Key: []byte("0123456789abcdef0123456789abcdef")})
	r.http.Config.Handler = r.server.Handler()
	r.http.Start()
	t.Cleanup(func() {
		close(r.server.ended)
		r.http.Close()
		r.Desk.work.Wait()
	})
	return r
}

// plug connects a handset, and returns its seat.
func (r *rig) plug(info adb.DeviceInfo) *seat {
	r.change(func() { r.see(append(r.infos(), info)) })
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seatOf(info.Serial)
}

func (r *rig) infos() (all []adb.DeviceInfo) {
	for _, s := range r.seats {
		all = append(all, adb.DeviceInfo{Serial: s.serial, State: adb.StateDevice})
	}
	return all
}

// browser is a browser that opened the link.
type browser struct {
	t     *testing.T
	http  *http.Client
	at    string
	token string
}

func (r *rig) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, at: r.http.URL, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	t.Cleanup(b.http.CloseIdleConnections)
	b.get(r.server.Link())
	_, body := b.get("/")
	m := regexp.MustCompile(`data-token="([0-9a-f]+)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has no token: %s", body)
	}
	b.token = m[1]
	return b
}

func (b *browser) get(path string) (status int, body string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.at+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req)
}

func (b *browser) post(path string, form url.Values) (status int, body string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.at)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Preship-Token", b.token)
	return b.do(req)
}

// upload sends a package to be checked.
func (b *browser) upload(content []byte) (status int, body string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.at+checkPath, bytes.NewReader(content))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/zip")
	req.Header.Set("Origin", b.at)
	req.Header.Set("X-Preship-Token", b.token)
	return b.do(req)
}

// zipOf returns a ZIP file with one file of that name.
func zipOf(t *testing.T, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write([]byte("{}"))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (b *browser) do(req *http.Request) (status int, body string) {
	b.t.Helper()
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// until reads the stream of a page until a part holds the words.
func (b *browser) until(at, part, words string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.at+"/live?"+at, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		var p struct{ ID, HTML string }
		if ok && json.Unmarshal([]byte(data), &p) == nil && p.ID == part && strings.Contains(p.HTML, words) {
			return
		}
	}
	b.t.Fatalf("the stream of %s ended without %q in %s: %v", at, words, part, lines.Err())
}

// event reads the stream of a page until an event comes, and returns it; else why none came.
func (b *browser) event(at, name string) string {
	ctx, cancel := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.at+"/live?"+at, nil)
	if err != nil {
		return err.Error()
	}
	res, err := b.http.Do(req)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if got, ok := strings.CutPrefix(lines.Text(), "event: "); ok && got == name {
			return got
		}
	}
	return fmt.Sprint("the stream ended: ", lines.Err())
}

// asks puts a question as a job does, and returns where its answer comes.
func (r *rig) asks(ctx context.Context, s *seat, q job.Question) (id string, answer chan string) {
	answer = make(chan string, 1)
	go func() {
		text, err := s.Ask(ctx, q)
		if err != nil {
			text = err.Error()
		}
		answer <- text
	}()
	for {
		r.mu.Lock()
		if s.question != nil {
			defer r.mu.Unlock()
			return s.question.id, answer
		}
		r.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}

// run lets a seat look as if its job ran.
func (r *rig) run(s *seat) { r.change(func() { s.begin(func() {}) }) }
