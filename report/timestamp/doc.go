// Package timestamp checks time stamps by RFC 3161: signed statements of an authority that
// it saw the digest of some bytes at a time. Package authority asks for them.
//
// [Check] needs no network: it checks a stamp against the bytes and against the
// certificates of the authorities that the caller trusts. It trusts no certificate that a
// stamp brings, and does not look up whether an authority's certificate was revoked.
//
// It imports message for the words of errors, and nothing else of ours.
package timestamp
