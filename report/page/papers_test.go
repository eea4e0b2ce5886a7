package page

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casetest"
	"preship/report/check"
	"preship/report/intake"
	"preship/report/message"
)

// papers are the texts of the papers of one report, by name, without white space: a
// line may end anywhere.
type papers map[string]string

func papersOf(t *testing.T, r *report.Report, form *intake.Form) papers {
	t.Helper()
	const tok = "a code" // no paper reads it
	all := papers{}
	keep := func(name string, text string) { all[name] = flat(text) }
	page, err := HTML(r, tok)
	if err != nil {
		t.Fatal(err)
	}
	body := regexp.MustCompile(`(?s)<style>.*?</style>|<code id="token">.*?</code>|<[^>]*>`).ReplaceAllString(string(page), " ")
	keep("report.html", html.UnescapeString(body))
	keep("report.pdf", textOf(t, drawn(t, PDF, r, tok)))
	keep("label.pdf", textOf(t, drawn(t, labelOf(form), r, tok)))
	keep("fault.pdf", textOf(t, drawn(t, func(r *report.Report, token string) ([]byte, error) { return FaultPDF(r, form, noPhoto, token) }, r, tok)))
	if form != nil {
		claim, err := intake.Claim(*form, r)
		if err != nil {
			t.Fatal(err)
		}
		keep("claim.txt", string(claim))
	}
	b, err := report.MarshalFile(r)
	if err != nil {
		t.Fatal(err)
	}
	keep("report.json", string(b))
	return all
}

func noPhoto(string) ([]byte, error) { return nil, nil }

func flat(text string) string { return strings.Join(strings.Fields(text), "") }

// claimWords are words of the templates of the claim that other papers must agree with.
var claimWords = map[string]struct{ stay, saved, reset, out, again, inside, signedOut string }{
	"en": {"DO NOT POST THE HANDSET YET", "My data is saved", "The handset was reset.", "SIM card: none inside", "LOOK AGAIN", "SIM card: NOT YET taken out", "No account is signed in."},
	"es": {"NO ENVÍE TODAVÍA EL TELÉFONO", "Mis datos personales están guardados", "El teléfono se ha restablecido.", "tarjeta SIM: no hay ninguna dentro", "COMPRUÉBELO", "tarjeta SIM: SIN RETIRAR", "No queda ninguna sesión abierta."},
	"zh": {"请先不要寄出手机", "数据已备份", "手机已恢复出厂设置。", "SIM 卡：不在机内", "请再检查", "SIM 卡：尚未取出", "没有登录任何账号。"},
}

type jobChange = func(map[string]*report.StepRecord, *report.Handset, *report.Accounts, *report.Reset, *report.Clean)

// put changes a finding of a step, or adds it.
func put(step, id string, status report.Status, say message.Sentence) jobChange {
	return func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		f := report.Finding{ID: id, Status: status, Method: report.MethodObserved, At: casetest.Time}
		f.Tell(say)
		if id == check.AccountMiUnlinked {
			f.Advise(message.Say("account.mi.unlinked.remedy", "how", "sign in", "check", id))
		}
		rest := slices.DeleteFunc(s[step].Findings, func(f report.Finding) bool { return f.ID == id })
		s[step].Findings = append(rest, f)
	}
}

// handsetIs changes the handset.
func handsetIs(change func(*report.Handset)) jobChange {
	return func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		change(h)
	}
}

// The papers of one report do not contradict each other, whatever the handset is, however
// the job ended, and whatever the form says.
func TestPapersAgree(t *testing.T) {
	t.Parallel()
	jobs := map[string]jobChange{
		"ready":    nil,
		"one IMEI": handsetIs(func(h *report.Handset) { h.IMEI = h.IMEI[:1] }),
		"a tablet": handsetIs(func(h *report.Handset) {
			h.IMEI, h.SIMs, h.MarketName = []report.IMEI{}, []report.SIM{}, new("Xiaomi Pad 7")
		}),
		"IMEI unknown":      handsetIs(func(h *report.Handset) { h.IMEI, h.SN = nil, nil }),
		"a name in Chinese": handsetIs(func(h *report.Handset) { h.MarketName = new("红米 Note 10") }),
		"an unknown model":  handsetIs(func(h *report.Handset) { h.MarketName, h.Model, h.Codename = nil, nil, nil }),
		"not charged":       handsetIs(func(h *report.Handset) { h.Battery = report.Battery{} }),
		"emulated":          handsetIs(func(h *report.Handset) { h.Kind = report.KindEmulator }),
		"a SIM card inside": put(report.StepAccounts, check.InsideSIMNone, report.StatusWarn, message.AsIs("1 SIM card is in the handset.")),
		"no SIM card":       put(report.StepAccounts, check.InsideSIMNone, report.StatusPass, message.AsIs("No SIM card is in the handset.")),
		"not unlinked":      put(report.StepAccounts, check.AccountMiUnlinked, report.StatusUnknown, message.AsIs("Only the owner can see whether the page still lists it.")),
		"backup incomplete": put(report.StepBackup, check.BackupComplete, report.StatusFail, message.AsIs("12 files are not saved.")),
		"backup not proved": put(report.StepBackup, check.BackupProved, report.StatusUnknown, message.AsIs("3 files could not be read again.")),
		"an account left":   put(report.StepVerify, check.CleanAccounts, report.StatusFail, message.AsIs("1 account is signed in.")),
		"the reset failed":  casetest.Variants["failed"],
		"nothing done":      casetest.Variants["nothing done"],
		"nothing known":     casetest.Variants["nothing known"],
		"the backup not begun": func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			delete(s, report.StepBackup)
		},
	}
	forms := map[string]func(*intake.Form){
		"full": func(*intake.Form) {},
		"little": func(f *intake.Form) {
			f.Ticket.RMA, f.Product, f.Handed, f.Consent = "", intake.Product{Model: "Redmi"}, intake.HandedOver{}, intake.Consent{}
		},
		"backup declined, cards left in": func(f *intake.Form) {
			f.Backup.Made, f.Handed, f.Customer.Business, f.Purchase.FromMaker = "declined", intake.HandedOver{}, true, false
		},
		"": nil,
	}
	n := 0
	for _, job := range slices.Sorted(maps.Keys(jobs)) {
		n++ // the other two forms than those of the job before
		for _, kind := range slices.Sorted(maps.Keys(forms)) {
			if n++; n%2 == 0 {
				continue // each job with two of the forms
			}
			tag := report.Languages[n/2%len(report.Languages)]
			t.Run(job+"/"+kind, func(t *testing.T) {
				t.Parallel()
				r := casetest.Report(t, jobs[job])
				r.Language, r.Signer = tag, testSigner
				var form *intake.Form
				if change := forms[kind]; change != nil {
					f := casetest.Intake()
					f.Schema = intake.Schema
					change(&f)
					f.Customer.Language = tag
					f.Complete(casetest.Time)
					form, r.Ticket = &f, f.ReportTicket()
				}
				for _, what := range contradictions(papersOf(t, &r, form), &r, form) {
					t.Errorf("%s: %s", tag, what)
				}
			})
		}
	}
}

// contradictions names what papers say against each other, the report or the form.
func contradictions(all papers, r *report.Report, form *intake.Form) (bad []string) {
	l, words := langNamed(r.Language), claimWords[r.Language]
	has := func(name, text string) bool { return strings.Contains(all[name], flat(text)) }
	must := func(want bool, text string, names ...string) {
		for _, name := range names {
			if _, made := all[name]; made && has(name, text) != want {
				bad = append(bad, name+map[bool]string{true: " lacks ", false: " has "}[want]+text)
			}
		}
	}
	people := []string{"report.html", "report.pdf", "fault.pdf", "claim.txt"}
	ready := r.Verdict == report.VerdictReady

	// What may be done with it.
	must(ready && !r.Emulated, l.text("verdict.say.ready"), "report.html", "report.pdf")
	must(false, l.text("verdict.say.ready"), "label.pdf")
	must(!ready, words.stay, "claim.txt")
	must(!ready, l.text("paper.do-not-post"), "fault.pdf")
	must(!ready, l.text(verdictLook[r.Verdict].say), "label.pdf")
	if form != nil {
		day := form.Ticket.ShipBy
		must(ready, day, "report.html", "report.pdf")
		must(false, day, "label.pdf")
		must(ready, map[string]string{"en": "20 December 2026", "es": "20 de diciembre de 2026", "zh": "2026年12月20日"}[r.Language], "claim.txt")
	}
	must(r.Emulated, l.text("page.emulated"), append(people, "label.pdf")...)

	// Which handset.
	must(true, r.ID, people...)
	known := map[string]bool{}
	if r.Handset != nil {
		for _, i := range r.Handset.IMEI {
			known[i.Value] = true
			must(true, i.Value, people...)
		}
		must(true, l.say(r.Handset.DisplayName()), "report.html", "report.pdf", "fault.pdf")
	}
	if form != nil {
		known[form.Product.IMEIBox] = true
	}
	for name, text := range all {
		for _, m := range regexp.MustCompile(`IMEI[:：]?([0-9]{15,16})`).FindAllStringSubmatch(text, -1) {
			number := m[1][len(m[1])-15:] // that of a slot is behind it
			if !known[number] && !known[m[1][:15]] || name == "label.pdf" {
				bad = append(bad, name+" shows the IMEI "+number)
			}
		}
	}
	for _, secret := range []string{l.say(r.Handset.DisplayName()), l.say(report.VerdictReady.Word())} {
		if !strings.Contains(flat(r.ID), flat(secret)) {
			must(false, secret, "label.pdf")
		}
	}

	// The owner, the number, and the contents of the parcel.
	if form != nil {
		must(true, "report.pdf", "claim.txt")
		must(true, "fault.pdf", "claim.txt")
		for _, private := range []string{form.Customer.Name, form.Customer.Address, form.Salt} {
			must(false, private, "report.json", "report.html", "report.pdf")
		}
		must(true, form.Customer.Name, "claim.txt", "fault.pdf")
		must(ready, form.Customer.Name, "label.pdf")
		number := form.Ticket.ID
		if form.Ticket.RMA != "" {
			number = form.Ticket.RMA
		}
		must(true, number, append(people, "label.pdf")...)
		for _, a := range form.Handed.Accessories {
			must(true, a, "claim.txt", "fault.pdf")
			must(false, a, "report.html", "report.pdf", "label.pdf")
		}
		if form.Consent.Wording != "" {
			must(form.Consent.Wipe, form.Consent.Wording, "claim.txt", "fault.pdf")
		}
	}

	// The steps.
	found := func(id string) report.Status {
		for _, s := range slices.Backward(r.Steps) {
			if f, ok := s.Findings.ByID(id); ok {
				return f.Status
			}
		}
		return report.StatusUnknown
	}
	if has("claim.txt", words.saved) && (r.Backup == nil || found(check.BackupComplete) != report.StatusPass || found(check.BackupProved) != report.StatusPass) {
		bad = append(bad, "claim.txt says that the data is saved")
	}
	if has("claim.txt", words.reset) && !r.Rung.Enough() {
		bad = append(bad, "claim.txt says that the handset was reset")
	}
	if has("claim.txt", words.signedOut) && found(check.CleanAccounts) == report.StatusFail {
		bad = append(bad, "claim.txt says that no account is signed in")
	}
	if r.Backup == nil {
		must(true, l.text(missing(r, report.StepBackup)), "report.html", "report.pdf")
	}

	// The contents.
	if form != nil {
		sim, _ := intake.CardGrounds(r, form.Handed)
		must(true, l.text(simGrounds[sim]), "fault.pdf")
		if ready {
			must(sim == "out", words.out, "claim.txt")
			must(sim == "seen", words.again, "claim.txt")
			must(sim == "inside", words.inside, "claim.txt")
		}
	}

	// What only the owner can see stands first.
	for _, f := range r.Unanswered() {
		said := l.told(f).Text
		must(true, said, "report.html", "report.pdf")
		if ready {
			must(true, said, "claim.txt")
		}
		for _, other := range r.ToMind() {
			if at, first := strings.Index(all["report.pdf"], flat(l.told(other).Text)), strings.Index(all["report.pdf"], flat(said)); other.ID != f.ID && at >= 0 && at < first {
				bad = append(bad, "report.pdf says something before "+said)
			}
		}
	}
	return bad
}

// A contradiction is found.
func TestContradictionsAreFound(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	r.Language, r.Signer = "en", testSigner
	form := casetest.Intake()
	form.Customer.Language = "en"
	form.Complete(casetest.Time)
	r.Ticket = form.ReportTicket()
	all := papersOf(t, &r, &form)
	if bad := contradictions(all, &r, &form); len(bad) > 0 {
		t.Fatal(bad)
	}
	for name, wrong := range map[string]struct{ paper, text string }{
		"the label says READY":         {"label.pdf", all["label.pdf"] + "READY"},
		"the label shows an IMEI":      {"label.pdf", all["label.pdf"] + "IMEI356938035643809"},
		"another IMEI":                 {"claim.txt", all["claim.txt"] + "IMEI:490154203237526"},
		"the claim says not to post":   {"claim.txt", all["claim.txt"] + "DONOTPOSTTHEHANDSETYET"},
		"the report names the owner":   {"report.html", all["report.html"] + "JordanExample"},
		"fault.pdf lacks the charger":  {"fault.pdf", strings.ReplaceAll(all["fault.pdf"], "charger", "")},
		"the page lacks the RMA":       {"report.html", strings.ReplaceAll(all["report.html"], "RMA-778", "")},
		"the claim contradicts a card": {"claim.txt", all["claim.txt"] + "LOOKAGAIN"},
	} {
		spoiled := maps.Clone(all)
		spoiled[wrong.paper] = wrong.text
		if len(contradictions(spoiled, &r, &form)) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}
