package seal

import (
	"testing"
	"time"

	"preship/report/bundle"
	"preship/report/trust"
)

// Of one case the older package is marked, by the word of the newer one or by the date,
// and two handsets under one case are a problem of both.
func TestRelate(t *testing.T) {
	t.Parallel()
	pkg := func(path, digest, before string, day int, imei string) Verified {
		at := time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC)
		v := Verified{Result: Result{Path: path, OK: true, ID: "PS-1", IMEI: []string{imei}, About: About{Report: digest, Finished: &at}}}
		if before != "" {
			v.Supersedes = &before
		}
		return v
	}
	by := func(v Verified, key string, standing trust.Standing) Verified {
		v.Signer, v.Key = key, standing
		return v
	}
	for _, tt := range []struct {
		name string
		all  []Verified
		want []string // what each is superseded by; "!" for a problem, "=" for a copy
	}{
		{"chain", []Verified{pkg("a", "1", "", 3, "x"), pkg("c", "3", "2", 1, "x"), pkg("b", "2", "1", 2, "x")}, []string{"c", "", "c"}},
		{"date", []Verified{pkg("a", "1", "", 3, "x"), pkg("b", "2", "", 2, "x")}, []string{"", "a"}},
		{"stranger", []Verified{pkg("a", "1", "", 2, "x"), by(pkg("b", "2", "1", 3, "x"), "mallory", trust.KeyUnknown)}, []string{"", ""}},
		{"colleague", []Verified{pkg("a", "1", "", 2, "x"), by(pkg("b", "2", "1", 3, "x"), "desk2", trust.KeyTrusted)}, []string{"b", ""}},
		{"copies", []Verified{pkg("a", "1", "", 3, "x"), pkg("b", "1", "", 3, "x")}, []string{"", "=a"}},
		{"circle", []Verified{pkg("a", "1", "2", 3, "x"), pkg("b", "2", "1", 2, "x")}, []string{"", ""}},
		{"two handsets", []Verified{pkg("a", "1", "", 3, "x"), pkg("b", "2", "", 2, "y")}, []string{"!", "!"}},
	} {
		Relate(tt.all)
		for i, v := range tt.all {
			got := v.SupersededBy
			if v.SameAs != "" {
				got = "=" + v.SameAs
			}
			if !v.OK {
				got = "!"
			}
			if got != tt.want[i] {
				t.Errorf("%s: %s is superseded by %q, want %q", tt.name, v.Path, got, tt.want[i])
			}
		}
	}
}

// Keys of each standing are reported apart. A key without trust is a problem where trust is required.
func TestStanding(t *testing.T) {
	t.Parallel()
	dir := smallPackage(t)
	signer := testSigner(t, 1)
	res := mustVerify(t, dir, VerifyOptions{})
	if res.Key != trust.KeyUnknown || !res.OK || res.Report == "" || res.Finished == nil {
		t.Fatalf("%+v", res)
	}
	line := signer.AllowedSigners("desk@shop")
	past := ""
	for i, at := range line {
		if at == ' ' {
			past = line[:i] + ` valid-before="20200101Z",` + line[i+1:]
			break
		}
	}
	for _, tt := range []struct {
		o    VerifyOptions
		want trust.Standing
		ok   bool
	}{
		{VerifyOptions{RequireTrust: true}, trust.KeyUnknown, false},
		{VerifyOptions{RequireTrust: true, Lists: trust.Lists{Trusted: []byte(line)}}, trust.KeyTrusted, true},
		{VerifyOptions{Lists: trust.Lists{Trusted: []byte(past)}}, trust.KeyExpired, true},
		{VerifyOptions{Lists: trust.Lists{AllowedSigners: []byte(past)}}, trust.KeyExpired, false},
		{VerifyOptions{Lists: trust.Lists{AllowedSigners: []byte{}}}, trust.KeyNotListed, false},
		{VerifyOptions{Lists: trust.Lists{Revoked: []byte(trust.AuthorizedKey(signer.PublicKey()))}}, trust.KeyRevoked, false},
	} {
		if got := mustVerify(t, dir, tt.o); got.Key != tt.want || got.OK != tt.ok || got.OnlyKey() == tt.ok {
			t.Errorf("want %s, %t: %s, %+v", tt.want, tt.ok, got.Key, got.Problems)
		}
	}
}

func TestUnclearKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"id":"a","handset":{"imei":[{"value":"1"}]},"x":[{"id":1},{"id":2}]}`: "",
		`{"id":"a","id":"b"}`:                      "id",
		`{"x":{"verdict":"a","Verdict":"b"}}`:      "Verdict",
		`{"Verdict":"READY"}`:                      "Verdict",
		`{"x":["a",{"q":[],"q":1}]}`:               "q",
		`{"x":{"key":"key"},"y":"x","key":["id"]}`: "",
	} {
		if got := bundle.UnclearKey([]byte(text), struct {
			ID      string `json:"id"`
			Verdict string `json:"verdict"`
		}{}); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
