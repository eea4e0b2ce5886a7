package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certificate writes a certificate for this computer, and returns who trusts it.
func certificate(t *testing.T, dir string) (cert, key string, trusted *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	mustDo(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "desk"}, DNSNames: []string{"desk.example"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	mustDo(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	mustDo(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	mustDo(t, os.WriteFile(cert, public, 0o600))
	mustDo(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	trusted = x509.NewCertPool()
	trusted.AppendCertsFromPEM(public)
	return cert, key, trusted
}

// An address that others reach needs a certificate and a password. With them the page is
// served by TLS alone, its cookie is for TLS alone, and who guesses the password must wait.
func TestDeskElsewhere(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	password := filepath.Join(home, "password")
	mustDo(t, os.WriteFile(password, []byte("taller 7 taller\n"), 0o600))
	cert, key, trusted := certificate(t, home)
	command := func(more ...string) *exec.Cmd {
		args := append([]string{"desk", "--demo", "--no-open", "--json", "--listen", "0.0.0.0:0", "--out", filepath.Join(home, "cases")}, more...)
		cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
		cmd.Env = append(os.Environ(), asPreship+"=1", "LC_ALL=C", "HOME="+home, "XDG_CONFIG_HOME="+home, "AppData="+home, "ANDROID_SERIAL=")
		return cmd
	}
	for _, lacking := range [][]string{
		nil,
		{"--password-file", password},
		{"--tls-cert", cert, "--tls-key", key},
		{"--tls-cert", cert, "--password-file", password},
		{"--tls-cert", key, "--tls-key", cert, "--password-file", password},
	} {
		cmd := command(lacking...)
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != int(exitUsage) {
			t.Errorf("with %q alone: %v, want exit code %d", lacking, err, exitUsage)
		}
	}
	cmd := command("--tls-cert", cert, "--tls-key", key, "--password-file", password)
	stdout, err := cmd.StdoutPipe()
	mustDo(t, err)
	mustDo(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	mustDo(t, err)
	var first struct{ URL string }
	mustDo(t, json.Unmarshal(line, &first))
	at, err := url.Parse(first.URL)
	mustDo(t, err)
	if at.Scheme != "https" || !strings.HasPrefix(at.Host, "desk.example:") {
		t.Errorf("the link is %s", first.URL)
	}
	host := "127.0.0.1:" + at.Port()

	jar, err := cookiejar.New(nil)
	mustDo(t, err)
	client := &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	t.Cleanup(client.CloseIdleConnections)
	ask := func(client *http.Client, method, path, body string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		mustDo(t, err)
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Origin", "https://"+host)
		}
		res, err := client.Do(req)
		mustDo(t, err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		mustDo(t, err)
		return res, string(text)
	}
	if res, text := ask(http.DefaultClient, http.MethodGet, "http://"+host+"/", ""); res.StatusCode != http.StatusBadRequest || !strings.Contains(text, "HTTPS") {
		t.Errorf("without TLS: %s %q", res.Status, text)
	}
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}}}
	if res, err := old.Get("https://" + host + "/"); err == nil {
		_ = res.Body.Close()
		t.Error("TLS 1.1 is served")
	}
	if res, text := ask(client, http.MethodGet, "https://"+host+"/", ""); res.StatusCode != http.StatusUnauthorized || !strings.Contains(text, `name="password"`) {
		t.Errorf("without the password: %s %s", res.Status, text)
	}
	login := func(word string) *http.Response {
		res, _ := ask(client, http.MethodPost, "https://"+host+"/login", "password="+url.QueryEscape(word))
		return res
	}
	if res := login("taller"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong password: %s", res.Status)
	}
	res := login("taller 7 taller")
	if c := res.Cookies(); res.StatusCode != http.StatusOK || len(c) != 1 || !c[0].Secure || !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode {
		t.Errorf("the password: %s %v", res.Status, res.Cookies())
	}
	if res, text := ask(client, http.MethodGet, "https://"+host+"/board", ""); res.StatusCode != http.StatusOK || !strings.Contains(text, "data-token=") {
		t.Errorf("with the password: %s %s", res.Status, text)
	}
	for range 5 {
		login("taller")
	}
	if res := login("taller 7 taller"); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after five wrong ones: %s", res.Status)
	}
}
