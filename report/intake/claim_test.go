package intake

import (
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// The first message asks for the number and does not mention a job that has not started.
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

// Each field that the form asks is in the letter or on the page behind it, in the
// letter's language, and no word of another language does.
func TestClaimPrintsEachField(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"purchase.country": "ES", "customer.email": "x@example.net", "product.imei_box": "490154203237518", "product.imei_sticker": "356938035643809",
		"product.imei_receipt": "352099001761481", "backup.made": "declined",
	}
	printed := map[string]map[string]string{
		"purchase.country": {"en": "Spain", "es": "España", "zh": "西班牙"}, "backup.made": {"en": "form says: declined", "es": "formulario: rechazada", "zh": "放弃备份"},
		"condition.powers_on":      {"en": "Powers on: not tried", "es": "Se enciende: sin probar", "zh": "能否开机：未尝试"},
		"condition.zones":          {"en": "back: scratched; front: no damage", "es": "parte trasera: con arañazos; parte frontal: sin daños", "zh": "背面：有划痕；正面：无损坏"},
		"condition.tests":          {"en": "camera: works; speaker: does not work", "es": "cámara: funciona; altavoz: no funciona", "zh": "摄像头：正常；扬声器：异常"},
		"handed_over.sim_removed":  {"en": "SIM card: taken out", "es": "tarjeta SIM: retirada", "zh": "SIM 卡：已取出"},
		"handed_over.sd_removed":   {"en": "SD card: taken out", "es": "tarjeta SD: retirada", "zh": "SD 卡：已取出"},
		"handed_over.case_removed": {"en": "film: taken off", "es": "protector: retirados", "zh": "贴膜：已取下"},
		"purchase.from_maker":      {"en": "the maker's own shop", "es": "tienda propia del fabricante", "zh": "厂商自营"},
		"purchase.extended":        {"en": "insurance or an extended warranty", "es": "seguro o una garantía ampliada", "zh": "保险或延长保修"},
		"customer.business":        {"en": "a business bought", "es": "lo compró una empresa", "zh": "购买方为企业"},
		"consent.wipe":             {"en": "agreed on", "es": "aceptó", "zh": "同意清除"},
		"estimate.offered":         {"en": "repair estimate", "es": "presupuesto", "zh": "维修报价"},
		"ticket.ship_by_source":    {"en": "(the letter of the shop)", "es": "(the letter of the shop)", "zh": "（the letter of the shop）"},
	}
	silent := map[string]string{
		"ticket.opened":     "the day of the first message, which its date shows",
		"customer.language": "the letter is in it",
		"condition.photos":  "the photos are in the package",
	}
	for _, tag := range message.Languages() {
		in := Form{Customer: Customer{Language: tag}}
		for i, f := range Fields {
			switch at := f.at(&in).(type) {
			case *bool:
				*at = true
			case *[]string:
				*at = []string{f.Name}
			case *string:
				switch *at = values[f.Name]; {
				case *at != "" || f.Name == "customer.language":
				case f.kind == asDate, f.kind == asMoment:
					*at = time.Date(2026, 3, 1+i%28, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
				default:
					*at = "<" + f.Name + ">"
				}
			}
		}
		in.Customer.Language = tag
		in.Ticket.ShipBySource, in.Condition.PowersOn = "the letter of the shop", "not tried"
		in.Condition.Zones = map[string]string{"front": "none", "back": "scratched"}
		in.Condition.Tests = map[string]string{"speaker": "fail", "camera": "pass"}
		in.Complete(formTime)
		r := report.Report{
			Ticket: in.ReportTicket(), Verdict: report.VerdictReady,
			Handset: &report.Handset{IMEI: []report.IMEI{{Value: "356938035643809"}}, SN: &report.SN{Value: "1/A"}},
		}
		b, err := Claim(in, &r)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Fields {
			want, ok := printed[f.Name][tag]
			if text, is := f.at(&in).(*string); !ok && is {
				want = wordsIn(tag).Day(*text)
			} else if !ok {
				want = f.Text(&in)
			}
			if _, quiet := silent[f.Name]; !quiet && !strings.Contains(string(b), want) {
				t.Errorf("%s: %s is asked, and %q is not printed:\n%s", tag, f.Name, want, b)
			}
		}
	}
}

// The letter has the fault report in short: its kind, the signs of a fault, and the tests
// that failed. It is silent about what the handset shows no sign of.
func TestClaimHasTheFault(t *testing.T) {
	t.Parallel()
	found := func(id string, status report.Status, said message.Sentence) report.Finding {
		f := report.Finding{ID: id, Status: status, Method: report.MethodObserved}
		f.Tell(said)
		return f
	}
	for tag, want := range map[string][]string{
		"en": {"Kind of fault: It restarts, freezes or switches itself off\n", "shows: The handset restarted 2 times without being asked to. The handset lists no touch screen.\n", "failed: Loudspeaker\n"},
		"es": {"Tipo de avería: Se reinicia", "muestra: El", "fallo: Altavoz\n"},
		"zh": {"故障类型：", "手机自身显示：", "未通过的手动测试："},
	} {
		in := sampleIntake()
		in.Customer.Language = tag
		in.Complete(formTime)
		r := report.Report{Ticket: in.ReportTicket(), Verdict: report.VerdictReady, Fault: &report.Fault{
			Kind: "restarts", Tests: []report.FaultTest{{Test: "speaker", Result: report.TestFail}, {Test: "sim", Result: report.TestPass}},
			Findings: report.Findings{
				found(check.FaultRestarts, report.StatusWarn, message.Say("fault.restarts.unasked", "count", 2)), found(check.FaultTouch, report.StatusWarn, message.Say("fault.touch.absent")),
				found(check.FaultBluetooth, report.StatusPass, message.Say("fault.bluetooth.on")), found(check.FaultThermal, report.StatusUnknown, message.Say("fault.thermal.unknown")),
			},
		}}
		b, err := Claim(in, &r)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(b), w) {
				t.Errorf("%s: lacks %q:\n%s", tag, w, b)
			}
		}
		if strings.Contains(string(b), "Bluetooth") || tag == "en" && strings.Contains(string(b), "heat") {
			t.Errorf("%s: it is not silent about the rest:\n%s", tag, b)
		}
		r.Fault = nil
		if b, err = Claim(in, &r); err != nil || strings.Contains(string(b), strings.SplitN(want[0], ":", 2)[0]) {
			t.Errorf("%s: without a fault report it says\n%s (%v)", tag, b, err)
		}
	}
}
