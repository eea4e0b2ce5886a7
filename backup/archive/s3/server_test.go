package s3

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"go.uber.org/goleak"

	"preship/backup/agefile"
	"preship/backup/archive"
	"preship/backup/archive/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if gateway.stop != nil {
		gateway.stop()
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// gateway is one S3 server for all tests, made by the first: versitygw, with folders for
// buckets, and their versions beside them.
var gateway struct {
	once    sync.Once
	address string
	why     string // why there is none
	stop    func()

	mu sync.Mutex
	n  int
}

const testID, testSecret = "preship-test", "a-secret-of-the-test"

// env is the environment of a desk.
func env(address string) func(string) string {
	return func(name string) string {
		return map[string]string{
			"AWS_ACCESS_KEY_ID": testID, "AWS_SECRET_ACCESS_KEY": testSecret, "AWS_ENDPOINT_URL_S3": address,
		}[name]
	}
}

// inBucket returns a store in a new bucket of a real server.
func inBucket(t testing.TB, locks bool) *Store {
	t.Helper()
	gateway.once.Do(startGateway)
	if gateway.why != "" {
		if os.Getenv("PRESHIP_REQUIRE_TOOLS") == "1" {
			t.Fatal(gateway.why)
		}
		t.Skip(gateway.why)
	}
	gateway.mu.Lock()
	gateway.n++
	name := fmt.Sprintf("bucket%d", gateway.n)
	gateway.mu.Unlock()
	s, err := Open(name, "chain/cases", env(gateway.address))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.core.MakeBucket(t.Context(), name, minio.MakeBucketOptions{ObjectLocking: locks}))
	must(t, s.core.EnableVersioning(t.Context(), name))
	return s
}

func startGateway() {
	program, err := exec.LookPath("versitygw")
	if err != nil {
		gateway.why = "versitygw is not installed"
		return
	}
	dir, err := os.MkdirTemp("", "preship-s3-")
	if err != nil {
		gateway.why = err.Error()
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		gateway.why = err.Error()
		return
	}
	port := l.Addr().String()
	_ = l.Close()
	var said bytes.Buffer
	args := []string{"--port", port, "--quiet", "posix", "--versioning-dir", filepath.Join(dir, "versions"), "--sidecar", filepath.Join(dir, "meta"), filepath.Join(dir, "data")}
	for _, name := range []string{"versions", "meta", "data"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			gateway.why = err.Error()
			return
		}
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+testID, "ROOT_SECRET_KEY="+testSecret)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		gateway.why = err.Error()
		return
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	gateway.stop = func() {
		_ = cmd.Process.Kill()
		<-ended
		_ = os.RemoveAll(dir)
	}
	for {
		select {
		case <-ended:
			gateway.why = "versitygw ended: " + said.String()
			return
		case <-time.After(20 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", port); err == nil {
			_ = c.Close()
			gateway.address = "http://" + port
			return
		}
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) archive.Store { return inBucket(t, false) })
}

func put(t testing.TB, s archive.Store, name, contents string, until time.Time) {
	t.Helper()
	must(t, s.Put(t.Context(), name, strings.NewReader(contents), until))
}

func versions(t testing.TB, s archive.Store, under string) (all []archive.Version) {
	t.Helper()
	must(t, s.Versions(t.Context(), under, func(v archive.Version) error {
		all = append(all, v)
		return nil
	}))
	return all
}

// TestVersions: older versions, marks and uploads that did not end are listed, and go.
func TestVersions(t *testing.T) {
	t.Parallel()
	s := inBucket(t, false)
	put(t, s, "PS-1/key.age", "one", time.Time{})
	put(t, s, "PS-1/key.age", "two", time.Time{})
	must(t, s.core.RemoveObject(t.Context(), s.bucket, s.prefix+"PS-1/key.age", minio.RemoveObjectOptions{}))
	upload, err := s.core.NewMultipartUpload(t.Context(), s.bucket, s.prefix+"PS-1/packs/00000.age", minio.PutObjectOptions{})
	must(t, err)
	_, err = s.core.PutObjectPart(t.Context(), s.bucket, s.prefix+"PS-1/packs/00000.age", upload, 1, strings.NewReader("half"), 4, minio.PutObjectPartOptions{})
	must(t, err)
	kinds := map[archive.VersionKind]int{}
	for _, v := range versions(t, s, "PS-1/") {
		kinds[v.Kind]++
	}
	if kinds[archive.Data] != 2 || kinds[archive.Mark] != 1 || kinds[archive.Unfinished] != 1 {
		t.Errorf("lists %v", kinds)
	}
	d, err := archive.Delete(t.Context(), s, "PS-1", time.Now())
	if err != nil || d.Keys != 2 || d.Versions != 3 || d.Bytes != 6 {
		t.Errorf("%+v, %v", d, err)
	}
	if left := versions(t, s, ""); len(left) > 0 {
		t.Errorf("left: %+v", left)
	}
}

// TestLock: what a bucket keeps is kept, and the words say until when.
func TestLock(t *testing.T) {
	t.Parallel()
	s := inBucket(t, true)
	until := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	put(t, s, "PS-1/key.age", "free", time.Time{})
	put(t, s, "PS-2/key.age", "kept", until)
	got, err := archive.Until(t.Context(), s, "PS-2")
	if err != nil || !got.Equal(until) {
		t.Errorf("kept until %v, %v, want %v", got, err, until)
	}
	if _, err := archive.Delete(t.Context(), s, "PS-2", time.Now()); !errors.Is(err, archive.ErrRetained) || !strings.Contains(err.Error(), until.Format(time.DateOnly)) {
		t.Errorf("%v, want %v with the date", err, archive.ErrRetained)
	}
	// A computer whose clock is ahead: the server refuses.
	if _, err := archive.Delete(t.Context(), s, "PS-2", until.AddDate(0, 0, 1)); !errors.Is(err, archive.ErrRetained) {
		t.Errorf("%v, want %v", err, archive.ErrRetained)
	}
	if all := versions(t, s, "PS-2/"); len(all) != 1 || all[0].Kind != archive.Data {
		t.Errorf("left: %+v, want the version alone", all)
	}
	if d, err := archive.Delete(t.Context(), s, "PS-1", time.Now()); err != nil || d.Keys != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	// A whole case, and the same again: what the lock keeps of the first stays beside it.
	root := caseOf(t, 1<<20)
	public, _, err := agefile.NewKey()
	must(t, err)
	for i := range 2 {
		w, err := archive.Write(t.Context(), s, root, caseID, archive.Options{Address: "s3://bucket", To: []string{public}, Now: time.Now(), Until: until})
		if err != nil {
			t.Fatalf("archive %d: %v, until %v", i, err, until)
		}
		res, err := archive.Check(t.Context(), s, caseID, archive.CheckOptions{Sample: 1, Digest: w.Digest})
		if err != nil || len(res.Problems) > 0 {
			t.Errorf("check: %+v, %v", res, err)
		}
	}
	before := len(versions(t, s, caseID+"/"))
	if _, err := archive.Delete(t.Context(), s, caseID, time.Now()); !errors.Is(err, archive.ErrRetained) || before < 10 || len(versions(t, s, caseID+"/")) != before {
		t.Errorf("%v, want %v and all %d versions", err, archive.ErrRetained, before)
	}
	plain := inBucket(t, false)
	if err := plain.Put(t.Context(), "PS-1/key.age", strings.NewReader("x"), until); !errors.Is(err, archive.ErrCannotLock) {
		t.Errorf("without object lock: %v, want %v", err, archive.ErrCannotLock)
	}
}

// TestRefusals: words of our own for each, and no key in any.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := inBucket(t, false)
	other := func(id, secret, bucket string) error {
		e := env(gateway.address)
		s, err := Open(bucket, "", func(name string) string {
			switch name {
			case "AWS_ACCESS_KEY_ID":
				return id
			case "AWS_SECRET_ACCESS_KEY":
				return secret
			}
			return e(name)
		})
		must(t, err)
		defer s.Close()
		return s.Put(t.Context(), "PS-1/key.age", strings.NewReader("x"), time.Time{})
	}
	for name, test := range map[string]struct{ got, want error }{
		"a wrong secret": {other(testID, "another-secret", s.bucket), ErrNotAllowed},
		"a wrong ID":     {other("another-id", testSecret, s.bucket), ErrNotAllowed},
		"no bucket":      {other(testID, testSecret, "no-such-bucket"), ErrNoBucket},
	} {
		if !errors.Is(test.got, test.want) || strings.Contains(test.got.Error(), "secret") || strings.Contains(test.got.Error(), "another") {
			t.Errorf("%s: %v, want %v", name, test.got, test.want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.pem")
	must(t, os.WriteFile(bad, []byte("no certificate"), 0o600))
	for address, want := range map[string]error{
		"":                            nil,
		"https://s3.example":          nil,
		"https://s3.example:9000/":    nil,
		"http://127.0.0.1:7070":       nil,
		"http://localhost:7070":       nil,
		"http://[::1]:7070":           nil,
		"http://s3.example":           ErrPlain,
		"http://192.0.2.7:7070":       ErrPlain,
		"ftp://s3.example":            ErrEndpoint,
		"s3.example":                  ErrEndpoint,
		"https://a:secret@s3.example": ErrEndpoint,
		"https://s3.example/bucket":   ErrEndpoint,
		"https://%zz":                 ErrEndpoint,
	} {
		_, err := Open("bucket", "", env(address))
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%q: %v, want %v", address, err, want)
		}
	}
	if _, err := Open("bucket", "", func(name string) string {
		if name == "AWS_CA_BUNDLE" {
			return bad
		}
		return env("")(name)
	}); err == nil || !strings.Contains(err.Error(), "AWS_CA_BUNDLE") {
		t.Errorf("a list without a certificate: %v", err)
	}
}

// hostile returns a store at a server that answers every request so.
func hostile(t *testing.T, answer http.HandlerFunc) *Store {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	s, err := Open("bucket", "", env(server.URL))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// TestHostileServer: answers without end, of other things, and of nothing.
func TestHostileServer(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("<Version><Key>PS-1/a</Key><VersionId>1</VersionId><Size>1</Size></Version>", 1000)
	for name, answer := range map[string]http.HandlerFunc{
		"a list without end": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<?xml version="1.0"?><ListVersionsResult>`)
			for range 300 { // 22 MB
				if _, err := fmt.Fprint(w, long); err != nil {
					return
				}
			}
		},
		"one text without end": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<?xml version="1.0"?><ListVersionsResult><Prefix>`)
			for range 20 {
				if _, err := w.Write(bytes.Repeat([]byte("a"), 1<<20)); err != nil {
					return
				}
			}
		},
		"no XML":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello \x1b[31m") },
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"an error's text": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<Error><Code>Evil`+"\u202e"+`</Code><Message>`+testSecret+`</Message></Error>`)
		},
	} {
		s := hostile(t, answer)
		n := 0
		err := s.Versions(t.Context(), "PS-1/", func(archive.Version) error {
			n++
			return nil
		})
		if err == nil || n > 1_000_000 || strings.Contains(err.Error(), testSecret) || strings.ContainsAny(err.Error(), "\x1b\u202e") {
			t.Errorf("%s: %d versions, error %q", name, n, err)
		}
		if err := s.Put(t.Context(), "PS-1/key.age", strings.NewReader("x"), time.Time{}); err == nil && name != "nothing" {
			t.Errorf("%s: stored", name)
		}
	}
}
