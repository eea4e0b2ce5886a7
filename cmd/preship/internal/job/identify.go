package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// Identify reads who the handset is and, if a case is named, keeps it there.
func (j *Job) Identify(ctx context.Context) (report.Handset, handset.Identity, error) {
	j.brief = true
	err := j.opts.checkAttest()
	if err == nil {
		err = j.openNamedCase()
	}
	if err == nil {
		err = j.runStep(ctx, stepNamed(report.StepIdentify))
	}
	return j.handset, j.identity, err
}

func (j *Job) identify(ctx context.Context) (any, report.Findings, error) {
	if err := errors.Join(j.connect(ctx), j.noteRunning()); err != nil {
		return nil, nil, err
	}
	r := j.reader()
	id, err := handset.Identify(ctx, r)
	if lost := r.Whole(nil); lost != nil {
		return nil, nil, lost
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", j.device.Serial(), err)
	}
	if _, err := j.attestations(); err != nil {
		return nil, nil, err
	}
	if _, sign := id.WithoutModem(); sign != "" && j.attestsNoModem() {
		j.say(message.Say("job.attested-otherwise", "check", check.IdentityIMEI))
	}
	h, findings, err := j.describes(id)
	if err != nil {
		return nil, nil, err
	}
	if f, _ := findings.ByID(check.IdentityIMEI); f.Status == report.StatusUnknown && j.whole && j.opts.Peers == nil && j.person.CanAsk() {
		if err := j.askIMEI(ctx, f); err != nil {
			return nil, nil, err
		}
		if h, findings, err = j.describes(id); err != nil {
			return nil, nil, err
		}
	}
	repair, err := j.repairMode(ctx)
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, repair)
	said, err := j.attestations()
	if err != nil {
		return nil, nil, err
	}
	verify.Attest(&report.Accounts{}, findings, said)
	h.Findings = findings
	j.handset = h
	if err := j.claimUnit(h.Unit()); err != nil {
		return h, findings, err
	}
	if j.kept != nil {
		if err := j.kept.Bind(h.Unit()); err != nil {
			return h, findings, err
		}
	}
	if j.opts.Peers != nil {
		if err := j.opts.Peers.Identified(h, id.Serial.Value, j.kept); err != nil {
			return h, findings, err
		}
	}
	if !j.brief {
		j.say(describe(h))
	}
	return h, findings, nil
}

// describes takes over the identity that the handset answered. The serial becomes the
// name that adb has for it, which over the network is an address.
func (j *Job) describes(id handset.Identity) (report.Handset, report.Findings, error) {
	if j.attestsNoModem() {
		id, _ = id.WithoutModem()
	}
	claims := j.opts.Claims
	if j.kept != nil && len(claims.IMEI) == 0 {
		if _, err := j.kept.Kept(imeiName, &claims.IMEI); err != nil {
			return report.Handset{}, nil, err
		}
	}
	h, findings := verify.Identity(id, claims)
	if j.opts.Peers != nil {
		listed, err := j.opts.Peers.Listed(h, id.Serial.Value)
		if err != nil {
			return h, findings, err
		}
		h, findings = verify.Identity(id, claims.And(listed))
	}
	h.Serial = j.device.Serial()
	j.identity, j.handset = id, h
	return h, findings, nil
}

// attestsNoModem reports whether the owner vouches that the handset has no modem.
func (s *statements) attestsNoModem() bool {
	return slices.ContainsFunc(s.said, func(a verify.Attestation) bool { return a.Check == check.IdentityIMEI })
}

// describe returns the handset in one sentence.
func describe(h report.Handset) message.Sentence {
	parts := namesOf(h)
	for _, imei := range h.IMEI {
		parts = append(parts, message.AsIs("IMEI "+imei.Value))
	}
	if h.Kind == report.KindEmulator {
		parts = append(parts, message.Say("job.emulated"))
	}
	return message.Join(message.Comma, parts...)
}

// nameOf is describe without the numbers, for the question that asks for them.
func nameOf(h report.Handset) message.Sentence {
	parts := namesOf(h)
	if h.Kind == report.KindEmulator {
		parts = append(parts, message.Say("job.emulated"))
	}
	return message.Join(message.Comma, parts...)
}

func namesOf(h report.Handset) (parts []message.Sentence) {
	for _, p := range []*string{cmp.Or(h.MarketName, h.Model), h.OS.Name, h.OS.Version} {
		if p != nil {
			parts = append(parts, message.AsIs(*p))
		}
	}
	return parts
}

// askOnline asks the maker's server, where that was wished for: nothing
// otherwise. h is who the handset is, as far as this run or its case knows.
func (o *lookout) askOnline(ctx context.Context, h report.Handset) report.Findings {
	online := o.opts.Online
	if !online.Ask {
		return nil
	}
	row := makerOf(o.identity, h)
	q := verify.Question{URL: online.URL, Page: row.ActivationPage, Now: o.host.Now}
	switch {
	case len(h.IMEI) == 0:
		return report.Findings{verify.NotAsked("online.activation-lock.imei-unknown")}
	case online.URL == "" && h.Kind == report.KindEmulator:
		return report.Findings{verify.NotAsked("online.activation-lock.emulated")}
	case online.URL == "" && row.ActivationStatus == "":
		return report.Findings{verify.NotAsked("online.activation-lock.no-service")}
	case online.URL == "":
		q.URL = row.ActivationStatus
	}
	q.IMEI = h.IMEI[0].Value
	if o.kept != nil {
		q.Record = o.kept.Record
	}
	o.say(message.Say("job.ask-online", "imei", q.IMEI))
	return report.Findings{verify.AskOnline(ctx, q)}
}

// makerOf is the vendor's row, also of a handset that only the case remembers.
func makerOf(id handset.Identity, h report.Handset) *handset.VendorRow {
	if id.Vendor != nil {
		return id.Vendor
	}
	p := dump.Properties{}
	if h.Manufacturer != nil {
		p["ro.product.manufacturer"] = *h.Manufacturer
	}
	return handset.Vendor(p)
}
