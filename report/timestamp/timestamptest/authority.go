// Package timestamptest is an authority for time stamps on this computer, for tests of code
// that asks one. Its clock is set by the test, and nobody else trusts it.
package timestamptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/digitorus/timestamp"
)

// Authority is a running authority. Its URL answers questions by RFC 3161.
type Authority struct {
	*httptest.Server
	Roots []byte // its certificate, in PEM

	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	now  func() time.Time
}

// New starts an authority with that clock. The caller closes it.
func New(name string, now func() time.Time) (*Authority, error) {
	a := &Authority{now: now}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		return nil, err
	}
	like := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: now().AddDate(-1, 0, 0), NotAfter: now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	der, err := x509.CreateCertificate(rand.Reader, like, like, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	a.Roots = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	a.Server = httptest.NewServer(a)
	return a, nil
}

// ServeHTTP answers a question, or says why not.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err == nil {
		query, err = a.answer(query)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(query)
}

func (a *Authority) answer(query []byte) ([]byte, error) {
	q, err := timestamp.ParseRequest(query)
	if err != nil {
		return nil, err
	}
	t := timestamp.Timestamp{
		HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Nonce: q.Nonce, Time: a.now().UTC(),
		Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1}, AddTSACertificate: q.Certificates,
	}
	return t.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
}
