// Package authority asks an authority for time stamps by RFC 3161 over HTTP. It sends a
// digest and nothing else. Whether anybody trusts the authority is decided later, by who
// reads the stamp: see package timestamp, which it imports beside message.
package authority

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"time"

	"github.com/digitorus/timestamp"

	"preship/report/message"
	stamps "preship/report/timestamp"
)

// ErrRefused: the authority answered without a stamp.
var ErrRefused = message.Error(message.Say("timestamp.error.refused"), nil)

// ErrURL: that is no address of an authority.
var ErrURL = message.Error(message.Say("timestamp.error.url"), nil)

// errOther: the answer is to another question.
var errOther = message.Error(message.Say("timestamp.error.other"), nil)

// wait is the longest that an authority may take.
const wait = 30 * time.Second

// CheckURL reports whether an authority can be at a URL.
func CheckURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q: %w", s, ErrURL)
	}
	return nil
}

// Get asks the authority at a URL for a stamp of data. Only the digest is sent. The stamp is
// checked but for whether anybody trusts the authority: that is decided by who reads it.
func Get(ctx context.Context, url string, data []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	query, err := timestamp.CreateRequest(bytes.NewReader(data), &timestamp.RequestOptions{Certificates: true, Nonce: nonce})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, stamps.MaxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", url, err)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s: %w: %s", url, ErrRefused, resp.Status)
	}
	token, err := granted(body, nonce)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", url, ErrRefused, err)
	}
	if _, err := stamps.Check(token, data, stamps.Roots{}); err != nil && !errors.Is(err, stamps.ErrUntrusted) {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	return token, nil
}

// granted returns the stamp in an answer to the question with that nonce.
func granted(body []byte, nonce *big.Int) (token []byte, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser is not ours
			err = fmt.Errorf("%v", r)
		}
	}()
	t, err := timestamp.ParseResponse(body)
	switch {
	case err != nil:
		return nil, err
	case t.Nonce == nil || t.Nonce.Cmp(nonce) != 0:
		return nil, errOther
	}
	return t.RawToken, nil
}
