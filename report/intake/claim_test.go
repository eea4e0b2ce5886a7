package intake

import (
	"strings"
	"testing"

	"preship/report"
)

// The first message asks for the number and says nothing of a job that has not begun.
func TestFirstClaim(t *testing.T) {
	t.Parallel()
	for tag, words := range map[string]struct{ has, not string }{
		"en": {"free of charge, including carriage both ways|a prepaid shipping label|a written receipt|the RMA or case number|1 March 2026|Spain|preship prepare saves", "Enclosed|My data is|label.pdf|NOT POST|2026-03-01"},
		"es": {"sin coste alguno, incluidos los portes|una etiqueta de envío prepagada|un acuse de recibo|el número de RMA|1 de marzo de 2026|España|Dirigirse a|preship prepare guarda", "adjunta|no están guardados|label.pdf|NO ENVÍE|2026-03-01"},
		"zh": {"往返运费亦由贵方承担|预付运单|书面收据|RMA 编号或工单号|2026年3月1日|西班牙|此致\n敬礼|preship prepare 备份", "附件|未备份|label.pdf|不要寄出|2026-03-01"},
	} {
		in := sampleIntake()
		in.Ticket.RMA, in.Customer.Language = "", tag
		in.Complete(formTime)
		r := report.Report{Ticket: in.ReportTicket(), Verdict: report.VerdictIncomplete}
		b, err := FirstClaim(in, &r)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		for want := range strings.SplitSeq("356938035643809|Redmi Note 10|Calle Mayor 1|"+words.has, "|") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: lacks %q:\n%s", tag, want, text)
			}
		}
		for wrong := range strings.SplitSeq(words.not, "|") {
			if strings.Contains(text, wrong) {
				t.Errorf("%s: says %q:\n%s", tag, wrong, text)
			}
		}
		in.Consent.Wording, in.Consent.At = "All is erased.", "2026-11-20T10:00:00Z"
		if b, err = Claim(in, &r); err != nil || !strings.Contains(string(b), wordsIn(tag).Day("2026-11-20T10:00:00Z")) || !strings.Contains(string(b), "All is erased.") {
			t.Errorf("%s: %v; the consent and its time are not in the claim:\n%s", tag, err, b)
		}
	}
}
