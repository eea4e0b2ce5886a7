package seal

import (
	"fmt"
	"maps"
	"slices"

	"preship/report/message"
)

// checkFiles compares the files with the signed list. The signed list is
// the authority; when its signature is broken the attestation is in, so that
// the file that was changed is named and not every other one.
func (v *verifier) checkFiles() {
	v.known = map[string]string{}
	switch {
	case v.signed:
		for _, s := range v.sums {
			v.known[s.name] = s.sha256
		}
		v.checkAgreement()
	case v.stated != nil:
		for _, s := range v.stated.Subject {
			v.known[s.Name] = s.Digest["sha256"]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.known)) {
		d, ok := v.present[name]
		switch {
		case v.named(name):
		case !ok && personal(name):
			v.result.Withheld = append(v.result.Withheld, name)
		case !ok:
			v.missing(name)
		case d != v.known[name]:
			v.problem(name, message.Say("seal.problem.changed"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.present)) {
		if _, ok := v.known[name]; !ok && v.covers(name) {
			v.problem(name, message.Say("seal.problem.added"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(packageFiles)) {
		if _, ok := v.present[name]; !ok && packageFiles[name].required && !v.named(name) {
			v.missing(name)
		}
	}
}

// covers says whether the authority in use would list the file.
func (v *verifier) covers(name string) bool {
	switch kindOf(name, false) {
	case kindSubject:
		return v.signed || v.stated != nil
	case kindListed:
		return v.signed
	default:
		return false
	}
}

// checkAgreement compares the two things one key signed: list and statement.
func (v *verifier) checkAgreement() {
	if v.stated == nil {
		return
	}
	stated := map[string]string{}
	for _, s := range v.stated.Subject {
		stated[s.Name] = s.Digest["sha256"]
	}
	subjects := 0
	for _, name := range slices.Sorted(maps.Keys(v.known)) {
		if kindOf(name, false) != kindSubject {
			continue
		}
		subjects++
		if stated[name] != v.known[name] {
			v.problem(attestationName, message.Say("seal.problem.disagrees", "sums", sumsName, "file", name))
		}
	}
	if subjects != len(v.stated.Subject) {
		v.problem(attestationName, message.Say("seal.problem.subjects", "has", fmt.Sprint(len(v.stated.Subject)), "sums", sumsName, "want", fmt.Sprint(subjects)))
	}
}
