package desk

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"

	"preship/cmd/preship/internal/desk/guard"
	"preship/report/safefile"
)

// Listening is an address that the page is served at.
type Listening struct {
	net.Listener
	// Hosts are the names it may be asked for by, as host:port. The first is that of URL.
	Hosts []string
	TLS   bool
}

// URL returns the address of a path.
func (l Listening) URL(path string) string {
	scheme := "http://"
	if l.TLS {
		scheme = "https://"
	}
	return scheme + l.Hosts[0] + path
}

// Listen listens at an address of this computer alone, or with a certificate at any. The
// names in the certificate are the names of the page.
func Listen(ctx context.Context, addr string, cert *tls.Certificate) (Listening, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return Listening{}, err
	}
	on := Listening{Listener: guard.Limit(l), TLS: cert != nil}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return Listening{}, errors.Join(err, l.Close())
	}
	if cert != nil {
		on.Listener = tls.NewListener(on.Listener, &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12})
		for _, name := range cert.Leaf.DNSNames {
			if !strings.Contains(name, "*") {
				on.add(name, port)
			}
		}
		for _, ip := range cert.Leaf.IPAddresses {
			on.add(ip.String(), port)
		}
	}
	if ip := net.ParseIP(host); ip != nil && !ip.IsUnspecified() {
		on.add(host, port)
	}
	if guard.Loopback(l.Addr().String()) {
		on.add("localhost", port)
	}
	if len(on.Hosts) == 0 {
		return Listening{}, errors.Join(ErrNameless, l.Close())
	}
	return on, nil
}

// ListenAgain is Listen that takes the address of the last run for an address with port 0, if
// that is still free: a page that is open then finds the desk that was started again.
func ListenAgain(ctx context.Context, addr string, cert *tls.Certificate, m *Memory) (Listening, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port != "0" {
		return Listen(ctx, addr, cert)
	}
	if last, lastPort, err := net.SplitHostPort(m.Address()); err == nil && last == host {
		if on, err := Listen(ctx, net.JoinHostPort(host, lastPort), cert); err == nil {
			return on, nil
		}
	}
	on, err := Listen(ctx, addr, cert)
	if err != nil {
		return on, err
	}
	if _, port, err := net.SplitHostPort(on.Addr().String()); err == nil {
		m.SetAddress(net.JoinHostPort(host, port))
	}
	return on, nil
}

// ErrNameless: neither the address nor the certificate has a name to ask for the page by.
var ErrNameless = errors.New("desk: no name in the certificate")

// add adds a name. A browser leaves the usual port out.
func (l *Listening) add(host, port string) {
	l.Hosts = append(l.Hosts, strings.ToLower(net.JoinHostPort(host, port)))
	if l.TLS && port == "443" || !l.TLS && port == "80" {
		l.Hosts = append(l.Hosts, strings.ToLower(host))
	}
}

// keyFile is the file with the key of the sessions, in the folder of preship's own files.
const keyFile = "desk.key"

// SessionKey returns the key of the sessions that is kept in a folder, and makes it the
// first time, so that a page that is open knows a server that was started again.
func SessionKey(dir string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	b, err := safefile.Read(safefile.In(root), keyFile, 1<<10)
	if err == nil {
		if key, err := hex.DecodeString(strings.TrimSpace(string(b))); err == nil && len(key) == 32 {
			return key, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return key, safefile.Write(root, keyFile, []byte(hex.EncodeToString(key)+"\n"))
}
