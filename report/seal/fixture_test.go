package seal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/intake"
	"preship/report/page"
	"preship/report/policy"
	"preship/report/trust"
)

const sampleID = casetest.ID

var (
	testTime   = casetest.Time
	sampleTool = casetest.Tool
	variants   = casetest.Variants
)

// testSigner has a fixed key, so that its signatures are the same in every run.
func testSigner(t testing.TB, seed byte) trust.Signer {
	t.Helper()
	return fixedSigner(seed)
}

func fixedSigner(seed byte) trust.Signer {
	s, err := trust.NewSigner(casetest.Key(seed))
	if err != nil {
		panic(err)
	}
	return s
}

func sampleHandset() report.Handset { return casetest.Handset() }

func found1(id string, s report.Status, summary string, refs ...string) report.Finding {
	return casetest.Found(id, s, summary, refs...)
}

func sampleCase(t testing.TB) *casedir.Case {
	t.Helper()
	return casetest.Case(t)
}

func sampleSteps(t testing.TB, c *casedir.Case, change casetest.Change) {
	t.Helper()
	casetest.Steps(t, c, change)
}

func sampleIntake() intake.Form { return casetest.Intake() }

// sealed makes a whole package and returns its folder; the case stays open.
func sealed(t testing.TB, change func(map[string]*report.StepRecord, *report.Handset, *report.Accounts, *report.Reset, *report.Clean)) *casedir.Case {
	t.Helper()
	return sealedWith(t, testPages, change)
}

func sealedWith(t testing.TB, p Pages, change casetest.Change) *casedir.Case {
	t.Helper()
	c := sampleCase(t)
	sampleSteps(t, c, change)
	sealWith(t, c, p)
	return c
}

func seal(t testing.TB, c *casedir.Case) report.Report {
	t.Helper()
	return sealWith(t, c, testPages)
}

func sealWith(t testing.TB, c *casedir.Case, p Pages) report.Report {
	t.Helper()
	r, err := c.Report(sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	if err := Seal(c, r, testSigner(t, 1), p); err != nil {
		t.Fatal(err)
	}
	return r
}

func mustVerify(t testing.TB, dir string, o VerifyOptions) Result {
	t.Helper()
	r, err := Verify(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// testPages has stand-ins for the documents that are slow to draw; a package takes any
// content. realPages draws them.
var (
	realPages = Pages{HTML: page.HTML, PDF: page.PDF, Label: page.Label, Fault: page.FaultPDF}
	testPages = Pages{HTML: page.HTML, PDF: standIn("%PDF report"), Label: labelStandIn, Fault: faultStandIn}
)

func standIn(name string) func(r *report.Report, token string) ([]byte, error) {
	return func(r *report.Report, token string) ([]byte, error) {
		b, err := report.MarshalFile(r)
		return append([]byte(name+"\n"+token+"\n"), b...), err
	}
}

// labelStandIn holds what label.pdf is made of.
func labelStandIn(r *report.Report, in *intake.Form) ([]byte, error) {
	b, err := report.MarshalFile(in)
	return append([]byte("%PDF label "+r.ID+"\n"), b...), err
}

// faultStandIn holds what fault.pdf is made of.
func faultStandIn(r *report.Report, in *intake.Form, photo func(string) ([]byte, error), token string) ([]byte, error) {
	form, err := report.MarshalFile(in)
	if err != nil {
		return nil, err
	}
	for _, p := range r.Ticket.Photos {
		if _, err := photo(p.File); err != nil {
			return nil, err
		}
	}
	return append([]byte("%PDF fault\n"+token+"\n"), form...), nil
}

func mustRoot(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func newCase(t *testing.T) *casedir.Case {
	t.Helper()
	c, err := casedir.CreateIn(t.TempDir(), testTime)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func reopen(t *testing.T, c *casedir.Case) *casedir.Case {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := casedir.Open(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func sampleEntry(name, answer string) casedir.Entry {
	return casedir.Entry{Name: name, Line: name, Start: testTime, End: testTime.Add(time.Second), Stdout: []byte(answer)}
}

func record(t *testing.T, c *casedir.Case, e casedir.Entry) string {
	t.Helper()
	ref, err := c.Record(e)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func readFile(t *testing.T, c *casedir.Case, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.Dir(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustMarshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func withIntake(t *testing.T, change func(*intake.Form)) *casedir.Case {
	t.Helper()
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	in := sampleIntake()
	if change != nil {
		change(&in)
	}
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	return c
}

// formCase is a case whose job went well, with a handset of the caller's.
func formCase(t *testing.T, phone func(*report.Handset)) *casedir.Case {
	t.Helper()
	c := sampleCase(t)
	sampleSteps(t, c, func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		if phone != nil {
			phone(h)
		}
	})
	return c
}

// putForm puts a form into the case as an older version did, unchecked.
func putForm(t *testing.T, c *casedir.Case, in intake.Form) {
	t.Helper()
	in.Schema = intake.Schema
	in.Complete(testTime)
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFile(casedir.IntakeName, b); err != nil {
		t.Fatal(err)
	}
}

func mustPolicy(t *testing.T, fields string) policy.Policy {
	t.Helper()
	p, err := policy.Parse([]byte(`{"schema":"`+policy.Schema+`"`+fields+`}`), policyIDs)
	if err != nil {
		t.Fatalf("%s: %v", fields, err)
	}
	return p
}

var policyIDs = []string{"account.mi.signed-out", "account.others", "backup.proved", "lock.find-device.off", "identity.root", "identity.imei"}
