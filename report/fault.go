package report

import (
	"cmp"
	"slices"
	"time"
)

// Fault describes the fault that a handset is sent in for: what its owner
// says, and what the handset itself shows, read before the reset destroys it. A nil part
// is unknown, or was not asked for this kind of fault; a finding has the reason.
type Fault struct {
	Kind      string          `json:"kind"`      // of package symptom; "" is not said
	Answers   []FaultAnswer   `json:"answers"`   // of a person
	Collected *time.Time      `json:"collected"` // when the handset was asked; nil: never
	System    *FaultSystem    `json:"system"`
	Battery   *FaultBattery   `json:"battery"`
	Restarts  *FaultRestarts  `json:"restarts"`
	Crashes   *FaultCrashes   `json:"crashes"`
	Thermal   *FaultThermal   `json:"thermal"`
	Storage   *FaultStorage   `json:"storage"`
	Radio     *FaultRadio     `json:"radio"`
	Sensors   *FaultSensors   `json:"sensors"`
	Cameras   *FaultCameras   `json:"cameras"`
	Touch     *FaultTouch     `json:"touch"`
	Tests     []FaultTest     `json:"tests"`     // done by hand
	Pictures  []FaultPicture  `json:"pictures"`  // each with its owner's yes
	Recording *FaultRecording `json:"recording"` // of the screen, taken at the owner's wish; nil: not taken
	Bugreport *FaultBugreport `json:"bugreport"` // taken at the owner's wish; nil: not taken
	Findings  Findings        `json:"findings"`
}

// FaultAnswer is what a person answered to one question.
type FaultAnswer struct {
	Question string `json:"question"` // an ID of package symptom
	Choice   string `json:"choice"`   // an ID; "" where the answer is in the person's words
	Text     string `json:"text"`     // in the person's words
}

// FaultSystem is the program that the handset runs.
type FaultSystem struct {
	Build         *string        `json:"build"`
	SecurityPatch *string        `json:"security_patch"`
	Kernel        *string        `json:"kernel"`       // version and build
	UpdateSince   *time.Time     `json:"update_since"` // since when an update waits; null is not known
	Reported      *FaultReported `json:"reported"`     // a public report about the build; null: none is known
}

// FaultReported is a public report about a build. It is not verified.
type FaultReported struct {
	What   string `json:"what"` // "no-start" or "black-screen"
	Source string `json:"source"`
}

// FaultBattery is the battery. Capacities are in mAh. Health is Android's word.
type FaultBattery struct {
	Level        *int     `json:"level"`
	Health       *string  `json:"health"`
	TemperatureC *float64 `json:"temperature_c"`
	Charging     *bool    `json:"charging"`
	Cycles       *int     `json:"cycles"`             // charges so far
	Design       *int     `json:"capacity_design"`    // when new
	Full         *int     `json:"capacity_full"`      // as the charger's chip measured it
	Learned      *int     `json:"capacity_learned"`   // as Android learned it
	Used         *int     `json:"used_since_charge"`  // since the last full charge
	OnBattery    *int64   `json:"on_battery_seconds"` // the time in which that was used
	Wear         *int     `json:"state_of_health"`    // percent of the capacity when new
	WearSource   string   `json:"state_of_health_source"`
}

// FaultRestarts is how often the system stopped and started. Times are by the handset's
// clock.
type FaultRestarts struct {
	UptimeSeconds *int64        `json:"uptime_seconds"`
	Last          *string       `json:"last_reason"` // why it started last
	History       []FaultStart  `json:"history"`     // newest first; the handset keeps a few
	Events        []FaultEvents `json:"events"`      // of the system, by kind
	Since         *time.Time    `json:"events_since"`

	KernelLog *FaultKernelLog `json:"kernel_log"` // nil: most builds refuse it
}

// FaultKernelLog is what the kernel wrote before the handset started last.
type FaultKernelLog struct {
	File  string      `json:"file"`
	Stop  *string     `json:"stop"` // what the kernel stopped with
	Signs []FaultSign `json:"signs"`
}

// FaultSign is how often a sign of a fault is in a log: panic, oops, watchdog, power,
// heat or storage.
type FaultSign struct {
	Sign  string `json:"sign"`
	Count int    `json:"count"`
}

// FaultStart is one start of the handset.
type FaultStart struct {
	Reason  string     `json:"reason"`
	At      *time.Time `json:"at"`
	Unasked bool       `json:"unasked"` // neither a person nor an update asked for it
}

// FaultEvents counts the entries of one kind in Android's list of events.
type FaultEvents struct {
	Tag   string    `json:"tag"`
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// FaultCrashes counts crashes and freezes of apps. Apps of the owner have no name unless
// the owner agreed.
type FaultCrashes struct {
	Apps  []FaultApp `json:"apps"` // most first
	Total int        `json:"total"`
	Since *time.Time `json:"since"` // the oldest event that the handset keeps
}

// FaultApp is one app. Named is false where its name stays on the computer; Name is then
// "app 1", "app 2".
type FaultApp struct {
	Name    string    `json:"name"`
	Named   bool      `json:"named"`
	System  bool      `json:"system"` // it came with the handset
	Crashes int       `json:"crashes"`
	Freezes int       `json:"freezes"`
	Last    time.Time `json:"last"`
}

// FaultThermal is how warm the handset is. Throttling is Android's status, 0 to 6.
type FaultThermal struct {
	Throttling int         `json:"throttling"`
	Hottest    []FaultZone `json:"hottest"` // one of each kind
}

// FaultZone is one temperature.
type FaultZone struct {
	Kind    string  `json:"kind"` // cpu, gpu, battery, skin, usb, modem or npu
	Name    string  `json:"name"`
	Celsius float64 `json:"celsius"`
	Status  int     `json:"status"`
}

// FaultStorage is the internal storage. Sizes are in bytes.
type FaultStorage struct {
	Total     *int64      `json:"total"`
	Free      *int64      `json:"free"`
	WriteKBs  *int        `json:"write_kb_per_second"`
	LatencyMS *int        `json:"latency_ms"`
	Wear      []FaultWear `json:"wear"`
}

// FaultWear is the wear of one storage chip: at most Used percent of its life is used, nil
// where it does not say. EndOfLife is 1 normal, 2 warning, 3 urgent.
type FaultWear struct {
	Used      *int `json:"used_percent"`
	EndOfLife int  `json:"end_of_life"`
}

// FaultRadio is the mobile network, the SIM cards, Wi-Fi and Bluetooth.
type FaultRadio struct {
	SIMs      []SIM        `json:"sims"`
	Networks  []FaultModem `json:"networks"`
	Baseband  *string      `json:"baseband"` // version of the modem's program
	WiFi      *FaultLink   `json:"wifi"`
	Bluetooth *FaultLink   `json:"bluetooth"`
}

// FaultModem is one slot's network.
type FaultModem struct {
	Slot  int    `json:"slot"`
	Voice string `json:"voice"` // IN_SERVICE, OUT_OF_SERVICE, EMERGENCY_ONLY or POWER_OFF
	Data  string `json:"data"`
	DBm   *int   `json:"dbm"`
	Bars  *int   `json:"bars"` // 0 to 4
}

// FaultLink is a radio that can be switched off.
type FaultLink struct {
	On        bool  `json:"on"`
	Connected *bool `json:"connected"`
}

// FaultSensors lists the sensors. Absent are those that the maker states and Android does
// not list; Silent are those without an event since the start, which proves nothing about
// a sensor that no app used.
type FaultSensors struct {
	Count  int      `json:"count"`
	Absent []string `json:"absent"`
	Silent []string `json:"silent"`
}

// FaultCameras is what the camera service lists.
type FaultCameras struct {
	Count  int      `json:"count"`
	Facing []string `json:"facing"`
	Absent []string `json:"absent"` // stated by the maker, not listed: "back", "front"
}

// FaultTouch names the touch screens that Android lists.
type FaultTouch struct {
	Screens []string `json:"screens"`
}

// Results of a [FaultTest].
const (
	TestPass    = "pass"
	TestFail    = "fail"
	TestNotDone = "not-done"
)

// FaultTest is one test that a person did by hand.
type FaultTest struct {
	Test   string    `json:"test"` // an ID of package symptom
	Result string    `json:"result"`
	At     time.Time `json:"at"`
}

// FaultPicture is a picture of the fault, in the folder of the case.
type FaultPicture struct {
	Photo
	Screenshot bool `json:"screenshot"`
}

// FaultBugreport is a bugreport that its owner keeps on the computer.
type FaultBugreport struct {
	Size   int64     `json:"size"` // bytes
	SHA256 string    `json:"sha256"`
	At     time.Time `json:"at"`
}

// FaultRecording is a recording of the screen that its owner keeps on the computer, and
// lets the report name.
type FaultRecording struct {
	LengthMS int64     `json:"length_ms"`
	Size     int64     `json:"size"` // bytes
	SHA256   string    `json:"sha256"`
	At       time.Time `json:"at"`
}

// With returns f, and what o has of a person: its kind, answers, tests, pictures, recording
// and bugreport. If o names another kind, the answers of f are dropped: they are to other
// questions.
func (f Fault) With(o Fault) Fault {
	if o.Kind != "" && f.Kind != "" && o.Kind != f.Kind {
		f.Answers = nil
	}
	f.Kind = cmp.Or(o.Kind, f.Kind)
	f.Answers, f.Tests, f.Pictures = append([]FaultAnswer{}, f.Answers...), append([]FaultTest{}, f.Tests...), append([]FaultPicture{}, f.Pictures...)
	for _, a := range o.Answers {
		f.Answers = append(slices.DeleteFunc(f.Answers, func(b FaultAnswer) bool { return b.Question == a.Question }), a)
	}
	for _, t := range o.Tests {
		f.Tests = append(slices.DeleteFunc(f.Tests, func(b FaultTest) bool { return b.Test == t.Test }), t)
	}
	for _, p := range o.Pictures {
		f.Pictures = append(slices.DeleteFunc(f.Pictures, func(b FaultPicture) bool { return b.File == p.File }), p)
	}
	f.Recording, f.Bugreport = cmp.Or(o.Recording, f.Recording), cmp.Or(o.Bugreport, f.Bugreport)
	return f
}

// drop removes personal data that a person typed. Apps have names only where the owner
// agreed.
func (f *Fault) drop(outside func(string) string) {
	for i := range f.Answers {
		f.Answers[i].Text = outside(f.Answers[i].Text)
	}
	for i := range f.Findings {
		f.Findings[i].drop(outside)
	}
}
