package seal

import (
	"bytes"
	"fmt"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"preship/report/casedir"
	"preship/report/message"
	"preship/report/trust"
)

// checkSignature checks SHA256SUMS.sig over SHA256SUMS.
func (v *verifier) checkSignature() {
	list, haveList := v.read(sumsName, casedir.MaxReportFile)
	armored, haveSig := v.read(casedir.SigName, maxSmallFile)
	if haveList {
		sums, err := parseSums(list)
		if err != nil {
			v.problem(sumsName, message.Say("seal.problem.changed.error", "error", message.Of(err)))
		}
		v.sums = sums
	}
	if !haveSig {
		return
	}
	sig, err := parseSignature(armored)
	if err != nil {
		v.problem(casedir.SigName, message.Say("seal.problem.changed.error", "error", message.Of(err)))
		return
	}
	v.key = sig.PublicKey
	if sig.Namespace != trust.Namespace {
		v.problem(casedir.SigName, message.Say("seal.problem.purpose", "purpose", fmt.Sprintf("%q", sig.Namespace)))
		return
	}
	if !haveList {
		return
	}
	if err := sshsig.Verify(bytes.NewReader(list), sig, sig.PublicKey, sig.HashAlgorithm, trust.Namespace); err != nil {
		v.blame()
		return
	}
	v.signed = true
	v.result.Signer, v.result.Trust = ssh.FingerprintSHA256(v.key), trust.Integrity
}

// parseSignature takes the one spelling [Seal] writes. Lenient armor would let
// bytes of the file change without any meaning changing.
func parseSignature(armored []byte) (*sshsig.Signature, error) {
	sig, err := sshsig.Unarmor(armored)
	if err != nil {
		return nil, err
	}
	if err := trust.CheckKey(sig.PublicKey); err != nil {
		return nil, err
	}
	if !bytes.Equal(sshsig.Armor(sig), armored) {
		return nil, message.Error(message.Say("error.detail.spelling"), nil)
	}
	return sig, nil
}

// blame decides which of list and signature was changed: a list that still fits
// every file is the better witness.
func (v *verifier) blame() {
	for _, s := range v.sums {
		if v.present[s.name] != s.sha256 {
			v.problem(sumsName, message.Say("seal.problem.signature"))
			return
		}
	}
	if len(v.sums) == 0 || v.signable() != len(v.sums)+2 { // beside the listed files: itself and its signature
		v.problem(sumsName, message.Say("seal.problem.signature"))
		return
	}
	v.problem(casedir.SigName, message.Say("seal.problem.not-matching", "file", sumsName))
}

// signable counts the files there that the seal is about.
func (v *verifier) signable() int {
	n := 0
	for name := range v.present {
		if kind := kindOf(name, false); kind != kindReceipt && kind != kindDeletion {
			n++
		}
	}
	return n
}

// checkAttestation checks the statement by the key that signed the list. When
// that signature is broken, the key beside it at least shows the changed files.
func (v *verifier) checkAttestation() {
	b, ok := v.read(attestationName, casedir.MaxReportFile)
	if !ok {
		return
	}
	key := v.key
	if !v.signed {
		pub, ok := v.read(pubName, maxSmallFile)
		if !ok {
			return
		}
		var err error
		if key, _, _, _, err = ssh.ParseAuthorizedKey(pub); err != nil {
			return
		}
	}
	s, err := checkAttestation(b, key)
	if err != nil {
		v.problem(attestationName, message.Say("seal.problem.invalid", "error", message.Of(err)))
		return
	}
	v.stated = &s
	if v.result.Time, err = v.stampOf(b); err != nil {
		v.problem(attestationName, message.Say("seal.problem.invalid", "error", message.Of(err)))
	}
}

// checkKeys compares the keys lying in the package with the one that signed.
func (v *verifier) checkKeys() {
	if !v.signed {
		return
	}
	pem, err := trust.PublicPEM(v.key)
	if err != nil {
		v.problem(casedir.SigName, message.Of(err))
		return
	}
	for name, want := range map[string][]byte{pubName: ssh.MarshalAuthorizedKey(v.key), pemName: pem} {
		if got, ok := v.read(name, maxSmallFile); ok && !bytes.Equal(got, want) {
			v.problem(name, message.Say("seal.problem.not-the-key"))
		}
	}
}

// checkTrust says who signed, once the signature is known to be good.
func (v *verifier) checkTrust() {
	if !v.signed {
		return
	}
	j := v.options.Judge(v.key, v.result.Time.TrustedAt())
	v.result.Trust, v.result.Principal, v.result.Key, v.result.OtherKeys = j.Level, j.Principal, j.Standing, j.Others
	if !j.Problem.Empty() {
		v.problem(casedir.SigName, j.Problem)
	} else if v.options.RequireTrust && !j.Standing.Trusted() {
		v.problem(casedir.SigName, message.Say("seal.trust.problem.untrusted", "key", ssh.FingerprintSHA256(v.key)))
	}
}

// OnlyKey reports whether the package verifies but for the key that signed it.
func (r Result) OnlyKey() bool {
	return r.Key != "" && len(r.Problems) == 1 && r.Problems[0].File == casedir.SigName
}
