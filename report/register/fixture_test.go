package register

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
)

var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newCase makes a case in dir; of makes it about a handset.
func newCase(t testing.TB, dir string, of *report.Handset) string {
	t.Helper()
	c, err := casedir.CreateIn(dir, testTime)
	must(t, err)
	if of != nil {
		identify(t, c, *of)
	}
	must(t, c.Close())
	return c.Dir()
}

func identify(t testing.TB, c *casedir.Case, h report.Handset) {
	t.Helper()
	data, err := json.Marshal(h)
	must(t, err)
	must(t, c.SetStep(report.StepRecord{Name: report.StepIdentify, State: report.StepDone, Started: testTime, Finished: testTime.Add(time.Minute), Data: data}))
	must(t, c.Bind(h.Unit()))
}

func phone(serial string, imei ...string) *report.Handset {
	h := &report.Handset{Serial: serial, Kind: report.KindDevice, Model: new("M2101K7AG"), MarketName: new("Redmi Note 10"), Codename: new("mojito")}
	for i, value := range imei {
		h.IMEI = append(h.IMEI, report.IMEI{Slot: i + 1, Value: value})
	}
	return h
}

// job edits case.json: a test's case need not be run to its end.
func job(t testing.TB, dir string, edit func(map[string]any)) {
	t.Helper()
	file := filepath.Join(dir, "case.json")
	b, err := os.ReadFile(file)
	must(t, err)
	var doc map[string]any
	must(t, json.Unmarshal(b, &doc))
	edit(doc)
	b, err = json.MarshalIndent(inOrder(doc), "", "  ")
	must(t, err)
	must(t, os.WriteFile(file, b, 0o600))
}

// inOrder gives a case file the order of preship's: what a search reads comes first.
func inOrder(doc map[string]any) any {
	var f struct {
		Schema    any `json:"schema"`
		ID        any `json:"id"`
		Created   any `json:"created"`
		Unit      any `json:"unit"`
		Steps     any `json:"steps"`
		Seals     any `json:"seals,omitempty"`
		Kept      any `json:"kept,omitempty"`
		Retention any `json:"retention,omitempty"`
	}
	f.Schema, f.ID, f.Created, f.Unit, f.Steps = doc["schema"], doc["id"], doc["created"], doc["unit"], doc["steps"]
	f.Seals, f.Kept, f.Retention = doc["seals"], doc["kept"], doc["retention"]
	return f
}

// sealAs puts a report beside a case that looks sealed: the register believes
// nothing of it and verifies nothing.
func sealAs(t testing.TB, dir string, v report.Verdict, ticket string) {
	t.Helper()
	doc := map[string]any{"verdict": v, "signer": "SHA256:" + strings.Repeat("a", 43), "ticket": map[string]string{"id": ticket}}
	b, err := json.Marshal(doc)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "report.json"), b, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "SHA256SUMS.sig"), []byte("signature"), 0o600))
}

// listed brings the register of a folder up to date and lists it.
func listed(t testing.TB, dir string, f Filter) []Entry {
	t.Helper()
	r := opened(t, dir)
	_, err := r.Sync(t.Context(), time.Now())
	must(t, err)
	all, err := r.Cases(t.Context(), f)
	must(t, err)
	return all
}

func opened(t testing.TB, dir string) *Register {
	t.Helper()
	r, err := Open(t.Context(), dir)
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	return r
}

func only(t testing.TB, all []Entry) Entry {
	t.Helper()
	if len(all) != 1 {
		t.Fatalf("%d cases, want one: %+v", len(all), all)
	}
	return all[0]
}
