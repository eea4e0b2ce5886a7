package main

import (
	"context"

	"github.com/spf13/pflag"

	"preship/adb/handset"
	"preship/report"
	"preship/verify"
)

// onlineOptions let preship ask the maker's server. Nothing is asked without.
type onlineOptions struct {
	ask bool
	url string
}

func (o *onlineOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.ask, "online", false, "also ask the maker's server whether an account locks this handset; sends it the IMEI (unofficial, untried)")
	f.StringVar(&o.url, "online-url", "", "ask this address instead of the maker's")
}

func (o *onlineOptions) check() error {
	if o.url != "" && !o.ask {
		return usagef("--online-url says where to ask; give --online as well to ask there")
	}
	return nil
}

// askOnline asks the maker's server, where that was wished for: nothing
// otherwise. h is who the handset is, as far as this run or its case knows.
func (j *job) askOnline(ctx context.Context, h report.Handset) report.Findings {
	o := j.opts.online
	if !o.ask {
		return nil
	}
	row := makerOf(j.identity, h)
	q := verify.Question{URL: o.url, Page: row.ActivationPage, Now: j.env.Now}
	switch {
	case len(h.IMEI) == 0:
		return report.Findings{verify.NotAsked("the IMEI of this handset is not known")}
	case o.url == "" && h.Kind == report.KindEmulator:
		return report.Findings{verify.NotAsked("an emulated handset's IMEI is nobody's")}
	case o.url == "" && row.ActivationStatus == "":
		return report.Findings{verify.NotAsked("no such service of this maker is known")}
	case o.url == "":
		q.URL = row.ActivationStatus
	}
	q.IMEI = h.IMEI[0].Value
	if j.kept != nil {
		q.Record = j.kept.Record
	}
	j.say("asking the maker's server about IMEI %s", q.IMEI)
	return report.Findings{verify.AskOnline(ctx, q)}
}

// makerOf is the vendor's row, also of a handset that only the case remembers.
func makerOf(id handset.Identity, h report.Handset) *handset.VendorRow {
	if id.Vendor != nil {
		return id.Vendor
	}
	p := handset.Properties{}
	if h.Manufacturer != nil {
		p["ro.product.manufacturer"] = *h.Manufacturer
	}
	return handset.Vendor(p)
}
