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
		"en": {"who pays the postage|the RMA or case number|preship prepare saves", "enclosed|My data is|label.pdf|do not post"},
		"es": {"quién paga los portes|el número de RMA|preship prepare guarda", "adjunta|no están guardados|label.pdf|no lo envíe"},
		"zh": {"往返邮费由谁承担|RMA 编号或工单号|preship prepare 备份", "附签名报告|未备份|label.pdf|是否寄出"},
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
		if b, err = Claim(in, &r); err != nil || !strings.Contains(string(b), "2026-11-20T10:00:00Z") || !strings.Contains(string(b), "All is erased.") {
			t.Errorf("%s: %v; the consent and its time are not in the claim:\n%s", tag, err, b)
		}
	}
}
