package job

import (
	"context"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/message"
	"preship/verify"
)

// askOnline asks the maker's server, where that was wished for: nothing
// otherwise. h is who the handset is, as far as this run or its case knows.
func (j *Job) askOnline(ctx context.Context, h report.Handset) report.Findings {
	o := j.opts.Online
	if !o.Ask {
		return nil
	}
	row := makerOf(j.identity, h)
	q := verify.Question{URL: o.URL, Page: row.ActivationPage, Now: j.host.Now}
	switch {
	case len(h.IMEI) == 0:
		return report.Findings{verify.NotAsked("online.activation-lock.imei-unknown")}
	case o.URL == "" && h.Kind == report.KindEmulator:
		return report.Findings{verify.NotAsked("online.activation-lock.emulated")}
	case o.URL == "" && row.ActivationStatus == "":
		return report.Findings{verify.NotAsked("online.activation-lock.no-service")}
	case o.URL == "":
		q.URL = row.ActivationStatus
	}
	q.IMEI = h.IMEI[0].Value
	if j.kept != nil {
		q.Record = j.kept.Record
	}
	j.say(message.Say("job.ask-online", "imei", q.IMEI))
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
