package s3

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"preship/report/message"
	"preship/report/safefile"
)

const (
	silence   = time.Minute // of a server, after which it has failed
	roleWait  = 2 * time.Second
	tries     = 4
	maxAnswer = 16 << 20 // of anything but the bytes of an object
	maxBundle = 4 << 20
)

// errAnswer is the error of an answer that is too long.
var errAnswer = message.Error(message.Say("archive.error.answer"), nil)

// server is where a bucket is.
type server struct {
	host   string // with a port, if it is not the usual one
	secure bool
	region string
	amazon bool
	roots  *x509.CertPool // nil: those of the computer
	keys   *credentials.Credentials
}

// serverOf reads the environment.
func serverOf(env func(string) string) (s server, err error) {
	s = server{host: "s3.amazonaws.com", secure: true, amazon: true, region: cmp.Or(env("AWS_REGION"), env("AWS_DEFAULT_REGION"))}
	if address := cmp.Or(env("AWS_ENDPOINT_URL_S3"), env("AWS_ENDPOINT_URL")); address != "" {
		if err := s.at(address); err != nil {
			return s, err
		}
		s.region = cmp.Or(s.region, "us-east-1")
	}
	if file := env("AWS_CA_BUNDLE"); file != "" {
		if s.roots, err = bundle(file); err != nil {
			return s, err
		}
	}
	s.keys, err = keysOf(env)
	return s, err
}

// at reads the address of a server.
func (s *server) at(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return ErrEndpoint
	}
	switch u.Scheme {
	case "https":
	case "http":
		if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return ErrPlain
		}
	default:
		return ErrEndpoint
	}
	s.host, s.secure, s.amazon = u.Host, u.Scheme == "https", false
	return nil
}

func bundle(file string) (*x509.CertPool, error) {
	f, err := safefile.Open(file)
	if err != nil {
		return nil, fmt.Errorf("AWS_CA_BUNDLE: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxBundle))
	if err != nil {
		return nil, fmt.Errorf("AWS_CA_BUNDLE: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b) {
		return nil, message.Error(message.Say("archive.error.ca"), nil)
	}
	return roots, nil
}

// keysOf finds the keys for the bucket: in the environment, in the file of other programs,
// and of the machine.
func keysOf(env func(string) string) (*credentials.Credentials, error) {
	if id, secret := env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY"); id != "" && secret != "" {
		return credentials.NewStaticV4(id, secret, env("AWS_SESSION_TOKEN")), nil
	}
	role := &http.Client{Timeout: roleWait, Transport: &http.Transport{DisableKeepAlives: true}}
	keys := credentials.NewChainCredentials([]credentials.Provider{
		&credentials.FileAWSCredentials{Filename: env("AWS_SHARED_CREDENTIALS_FILE"), Profile: env("AWS_PROFILE")},
		&credentials.IAM{Client: role},
	})
	found, err := keys.GetWithContext(&credentials.CredContext{Client: role})
	if err != nil || found.AccessKeyID == "" {
		return nil, ErrCredentials // the error may show what a file holds
	}
	return keys, nil
}

// client returns a client, and its connections.
func (s *server) client() (*minio.Client, *http.Transport, error) {
	dial := &net.Dialer{Timeout: 15 * time.Second}
	wire := &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return patient{c}, nil
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.roots},
		TLSHandshakeTimeout:    15 * time.Second,
		IdleConnTimeout:        30 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		DisableCompression:     true, // an answer must not grow after it was bounded
	}
	lookup := minio.BucketLookupPath
	if s.amazon {
		lookup = minio.BucketLookupAuto
	}
	c, err := minio.New(s.host, &minio.Options{Creds: s.keys, Secure: s.secure, Transport: bounded{wire}, Region: s.region, BucketLookup: lookup, MaxRetries: tries})
	if err != nil {
		return nil, nil, ErrEndpoint
	}
	return c, wire, nil
}

// patient is a connection that fails when nothing moves for a while.
type patient struct{ net.Conn }

func (p patient) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

func (p patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

// bounded refuses answers that are too long. The bytes of an object are bounded by who reads
// them.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if r.Method != http.MethodGet || r.URL.RawQuery != "" || answer.StatusCode >= http.StatusMultipleChoices {
		answer.Body = &short{answer.Body, maxAnswer}
	}
	return answer, nil
}

// short is a body that ends with [errAnswer] when it is too long.
type short struct {
	io.ReadCloser
	left int64
}

func (s *short) Read(b []byte) (int, error) {
	if s.left <= 0 {
		return 0, errAnswer
	}
	if int64(len(b)) > s.left {
		b = b[:s.left]
	}
	n, err := s.ReadCloser.Read(b)
	s.left -= int64(n)
	return n, err
}
