package report

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// sampleID makes sealed packages comparable byte by byte.
const sampleID = "PS-20261122-7K3Q9D"

var sampleTool = Tool{Name: "preship", Version: "v0.1.0", Commit: "4f4bbf5", OS: "linux", ADB: "41"}

func sampleHandset() Handset {
	return Handset{
		Serial: "7f3c21a9", Kind: KindDevice,
		IMEI: []IMEI{
			{Slot: 1, Value: "356938035643809", Luhn: true, Source: "property"},
			{Slot: 2, Value: "490154203237518", Luhn: true, Source: "property"},
		},
		SN:           &SN{Value: "31844/F1WN00001", Source: "property"},
		Manufacturer: new("Xiaomi"), Model: new("M2101K7AG"), MarketName: new("Redmi Note 10"), Codename: new("mojito"),
		OS:      OS{Name: new("MIUI"), Version: new("14.0.8")},
		Android: Android{Release: new("13"), SDK: new(33), SecurityPatch: new("2024-03-01")},
		Region:  new("EEA"), HWC: new("Global"), Bootloader: BootloaderLocked, VerifiedBoot: new("green"),
		Encryption: EncryptionFile, Battery: Battery{Level: new(81), Health: new("good"), TemperatureC: new(27.5)},
		Storage: Storage{Used: new(int64(48_300_000_000)), Free: new(int64(61_000_000_000))},
		SIMs:    []SIM{{1, "ABSENT"}, {2, "ABSENT"}},
		Users:   []User{{ID: 0, Name: new("Jordan Example"), Kind: "owner", Running: new(true)}},
	}
}

func found1(id string, s Status, summary string, refs ...string) Finding {
	return Finding{ID: id, Status: s, Method: MethodObserved, Summary: summary, Evidence: refs, At: testTime}
}

// steps fills the case with a job that went well; change may spoil it.
func sampleSteps(t testing.TB, c *Case, change func(map[string]*StepRecord, *Handset, *Accounts, *Reset, *Clean)) {
	t.Helper()
	ask := func(name, answer string) string {
		t.Helper()
		ref, err := c.Record(Entry{Name: name, Line: name, Start: testTime, End: testTime.Add(time.Second), Stdout: []byte(answer)})
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	props, accounts, hashes := ask("getprop", "[ro.product.model]: [M2101K7AG]\n"), ask("dump-accounts", "Accounts: 0\n"), ask("hash-files", "ok\n")
	h := sampleHandset()
	acc := Accounts{
		Users: []UserAccounts{{ID: 0, Accounts: map[string]int{}}},
		Locks: []Lock{
			{ID: "account.mi.signed-out", Status: StatusPass, Method: MethodObserved},
			{ID: "lock.find-device.off", Status: StatusPass, Method: MethodAttested, Remove: "Settings, Xiaomi account, Find device, off"},
		},
	}
	triggered, left, back := testTime.Add(time.Minute), testTime.Add(70*time.Second), testTime.Add(5*time.Minute)
	reset := Reset{
		Way: "recovery", TriggeredAt: &triggered, LeftAt: &left, ReturnedAt: &back,
		ReturnedState: new("sideload"), Answer: new("Format_data_success."), Rung: RungFormatAnswered,
	}
	clean := Clean{Rung: RungObservedClean, SameUnit: new(true), Accounts: new(0), NotProved: []string{"Cards and e-SIM profiles are not looked at."}}
	records := map[string]*StepRecord{
		StepIdentify: {Findings: Findings{found1("identity.imei", StatusPass, "Both IMEIs have the right check digit", props)}},
		StepBackup: {Findings: Findings{
			found1("backup.complete", StatusPass, "Every file the handset named was saved"),
			found1("backup.proved", StatusPass, "Every saved file has the size and SHA-256 the handset gave", hashes),
		}},
		StepAccounts: {Findings: Findings{
			found1("account.mi.signed-out", StatusPass, "No Mi account is signed in", accounts),
			{ID: "lock.find-device.off", Status: StatusPass, Method: MethodAttested, Summary: "Find Device is off", At: testTime},
		}},
		StepReset:  {Findings: Findings{found1("reset.answered", StatusPass, "Recovery answered that the data is formatted")}},
		StepVerify: {Findings: Findings{found1("clean.accounts", StatusPass, "No account of any user is signed in")}},
	}
	for name, r := range records {
		r.Name, r.State = name, StepDone
		r.Started, r.Finished = testTime, testTime.Add(6*time.Minute)
	}
	if change != nil {
		change(records, &h, &acc, &reset, &clean)
	}
	backup := Backup{
		Case: c.Dir(), Files: Tally{Listed: 1204, Saved: 1204, Proved: 1204},
		Bytes: Tally{Listed: 8_423_110_400, Saved: 8_423_110_400, Proved: 8_423_110_400},
		Items: map[string]*int64{"contacts": new(int64(212)), "sms": nil},
	}
	data := map[string]any{StepIdentify: h, StepBackup: backup, StepAccounts: acc, StepReset: reset, StepVerify: clean}
	for _, name := range Steps {
		r, ok := records[name]
		if !ok {
			continue
		}
		if r.State == StepDone {
			b, err := json.Marshal(data[name])
			if err != nil {
				t.Fatal(err)
			}
			r.Data = b
		}
		if err := c.SetStep(*r); err != nil {
			t.Fatal(err)
		}
	}
}

// sampleCase makes a case with a fixed ID.
func sampleCase(t testing.TB) *Case {
	t.Helper()
	c, err := createNamed(t)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)

func newCase(t *testing.T) *Case {
	t.Helper()
	c, err := CreateIn(t.TempDir(), testTime)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func reopen(t *testing.T, c *Case) *Case {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := Open(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func sampleEntry(name, answer string) Entry {
	return Entry{Name: name, Line: name, Start: testTime, End: testTime.Add(time.Second), Stdout: []byte(answer)}
}

func record(t *testing.T, c *Case, e Entry) string {
	t.Helper()
	ref, err := c.Record(e)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func readFile(t *testing.T, c *Case, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.Dir(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustMarshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sampleReport(t *testing.T, change func(map[string]*StepRecord, *Handset, *Accounts, *Reset, *Clean)) Report {
	t.Helper()
	c := sampleCase(t)
	sampleSteps(t, c, change)
	r, err := c.Report(sampleTool)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sampleIntake() Intake {
	return Intake{
		Salt:     "00112233445566778899aabbccddeeff",
		Ticket:   IntakeTicket{ID: "T-2041", RMA: "RMA-778", Opened: "2026-11-20"},
		Customer: Customer{Name: "Jordan Example", Phone: "+34 600 000 000", Email: "jordan@example.net", Address: "Calle Mayor 1, 28013 Madrid"},
		Product:  Product{Model: "Redmi Note 10", Colour: "grey", Storage: "128 GB", IMEIBox: "356938035643809"},
		Purchase: Purchase{Seller: "Mi Store", FromMaker: true, Date: "2026-03-01", Country: "es", Document: "F-1"},
		Fault:    Fault{Description: "the screen stays black after a call, the phone still rings", Since: "October", Tried: "restarted it, twice"},
		Handed:   HandedOver{SIMRemoved: true, Accessories: []string{"charger"}},
		Backup:   BackupAgreement{Made: "made"},
		Consent:  Consent{Wipe: true, By: "Jordan Example", At: "2026-11-20", Wording: "v1"},
		People:   People{PerformedBy: "desk1"},
	}
}

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.Set(3, 3, color.White)
	return m
}

func jpegPhoto(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture(), nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, text string) []byte {
		b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(text)+2))
		return append(b, text...)
	}
	b := slices.Insert(out.Bytes(), 2, append(segment(0xe1, "Exif\x00\x00"+secretPlace), segment(0xfe, secretPlace)...)...)
	return append(b, "MotionPhoto "+secretPlace...)
}

func pngPhoto(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture()); err != nil {
		t.Fatal(err)
	}
	chunk := append([]byte("tEXt"), secretPlace...)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(secretPlace)))
	b = binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk))
	return append(slices.Insert(out.Bytes(), 33, b...), secretPlace...)
}

// createNamed makes an empty case with a fixed ID.
func createNamed(t testing.TB) (*Case, error) {
	t.Helper()
	dir := t.TempDir()
	b, err := json.Marshal(map[string]any{"schema": "urn:preship:case:v1", "id": sampleID, "created": testTime})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "case.json"), b, 0o600); err != nil {
		return nil, err
	}
	return Open(dir)
}

const secretPlace = "GPS 40.4168 N, Jordan Example's camera"
