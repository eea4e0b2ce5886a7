package page

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/symptom"
)

// fact is one line of a table for people.
type fact struct {
	Name    message.Sentence
	Value   string
	Unknown bool
}

func handsetFacts(l lang, h *report.Handset) []fact {
	if h == nil {
		return nil
	}
	facts := append(imeiFacts(l, h.IMEI),
		snFact(h.SN),
		textFact("page.fact.maker", h.Manufacturer), textFact("page.fact.model", h.Model), textFact("page.fact.codename", h.Codename),
		fact{Name: message.Say("page.fact.adb-serial"), Value: h.Serial},
		pairFact(l, "page.fact.system", h.OS.Name, h.OS.Version),
		textFact("page.fact.android", h.Android.Release), textFact("page.fact.security-patch", h.Android.SecurityPatch),
		textFact("page.fact.rom-region", h.Region), textFact("page.fact.hardware-region", h.HWC),
		wordFact(l, "page.fact.bootloader", bootloaderWords, h.Bootloader), textFact("page.fact.verified-boot", h.VerifiedBoot),
		wordFact(l, "page.fact.encryption", encryptionWords, h.Encryption),
		numberFact("page.fact.battery", h.Battery.Level, " %"),
		bytesFact(l, "page.fact.storage-used", h.Storage.Used),
	)
	return append(facts, simFacts(l, h.SIMs)...)
}

// ticketFacts are those of the ticket. A handset that may not be posted has no day to
// post it by.
func ticketFacts(r *report.Report) (facts []fact) {
	t := r.Ticket
	if t == nil {
		return nil
	}
	postBy := t.ShipBy
	if r.Verdict != report.VerdictReady {
		postBy = ""
	}
	var photos []string
	for _, p := range t.Photos {
		photos = append(photos, path.Base(p.File))
	}
	for _, f := range []fact{
		{Name: message.Say("page.fact.ticket"), Value: t.ID},
		{Name: message.Say("page.fact.rma"), Value: t.RMA},
		{Name: message.Say("page.fact.post-by"), Value: postBy},
		{Name: message.Say("page.fact.photos"), Value: strings.Join(photos, ", ")},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func imeiFacts(l lang, imeis []report.IMEI) []fact {
	if imeis == nil {
		return []fact{{Name: message.Say("page.fact.imei"), Unknown: true}}
	}
	if len(imeis) == 0 {
		return []fact{{Name: message.Say("page.fact.imei"), Value: l.text("page.imei.not-a-phone")}}
	}
	var facts []fact
	for _, i := range imeis {
		f := fact{Name: message.Say("page.fact.imei"), Value: i.Value}
		if i.Slot > 0 {
			f.Name = message.Say("page.fact.imei-slot", "slot", message.AsIs(strconv.Itoa(i.Slot)))
		}
		if !i.Luhn {
			f.Value = l.text("page.imei.check-digit", "imei", f.Value)
		}
		facts = append(facts, f)
	}
	return facts
}

func snFact(sn *report.SN) fact {
	if sn == nil {
		return fact{Name: message.Say("page.fact.sn"), Unknown: true}
	}
	return fact{Name: message.Say("page.fact.sn"), Value: sn.Value}
}

func simFacts(l lang, sims []report.SIM) []fact {
	switch {
	case sims == nil:
		return []fact{{Name: message.Say("page.fact.sim"), Unknown: true}}
	case len(sims) == 0:
		return []fact{{Name: message.Say("page.fact.sim"), Value: l.text("page.sim.no-slot")}}
	}
	facts := make([]fact, len(sims))
	for i, s := range sims {
		facts[i] = fact{Name: message.Say("page.fact.sim-slot", "slot", s.Slot), Value: l.say(wordOf(simWords, strings.ToLower(s.State)))}
	}
	return facts
}

func backupFacts(l lang, b *report.Backup) []fact {
	if b == nil {
		return nil
	}
	count := func(name message.ID, files, bytes int64) fact {
		return fact{Name: message.Say(name), Value: l.text("page.fact.files-and-size", "files", message.Say("text.files", "count", files), "size", byteSize(bytes))}
	}
	facts := []fact{
		count("page.fact.on-handset", b.Files.Listed, b.Bytes.Listed),
		count("page.fact.saved", b.Files.Saved, b.Bytes.Saved),
		count("page.fact.proved", b.Files.Proved, b.Bytes.Proved),
		count("page.fact.changed", b.Files.Changed, b.Bytes.Changed),
		count("page.fact.unreadable", b.Files.Unreadable, b.Bytes.Unreadable),
	}
	if b.Files.Kept > 0 {
		facts = append(facts, count("page.fact.kept", b.Files.Kept, b.Bytes.Kept))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Items)) {
		f := fact{Name: wordOf(itemWords, name)}
		if n := b.Items[name]; n == nil {
			f.Unknown = true
		} else {
			f.Value = strconv.FormatInt(*n, 10)
		}
		facts = append(facts, f)
	}
	return facts
}

func resetFacts(l lang, r *report.Reset) []fact {
	if r == nil {
		return nil
	}
	seen := func(name message.ID, at *time.Time) fact {
		if at == nil {
			return fact{Name: message.Say(name), Value: l.text("page.not-seen")}
		}
		return fact{Name: message.Say(name), Value: l.when(*at)}
	}
	facts := []fact{
		wordFact(l, "page.fact.way", wayWords, r.Way), seen("page.fact.triggered", r.TriggeredAt), seen("page.fact.left", r.LeftAt), seen("page.fact.came-back", r.ReturnedAt),
	}
	if r.ReturnedState != nil {
		facts = append(facts, wordFact(l, "page.fact.came-back-as", stateWords, *r.ReturnedState))
	}
	if r.Answer != nil {
		facts = append(facts, textFact("page.fact.answered", r.Answer))
	}
	return facts
}

func textFact(name message.ID, v *string) fact {
	if v == nil || *v == "" {
		return fact{Name: message.Say(name), Unknown: true}
	}
	return fact{Name: message.Say(name), Value: *v}
}

// wordFact is a value that is one of few words.
func wordFact(l lang, name message.ID, words map[string]message.ID, v string) fact {
	return fact{Name: message.Say(name), Value: l.say(wordOf(words, v)), Unknown: v == "" || v == report.Unknown}
}

func pairFact(l lang, name message.ID, a, b *string) fact {
	switch {
	case a == nil:
		return fact{Name: message.Say(name), Unknown: true}
	case b == nil:
		return fact{Name: message.Say(name), Value: l.text("page.fact.version-unknown", "name", *a)}
	default:
		return fact{Name: message.Say(name), Value: *a + " " + *b}
	}
}

func numberFact(name message.ID, v *int, unit string) fact {
	if v == nil {
		return fact{Name: message.Say(name), Unknown: true}
	}
	return fact{Name: message.Say(name), Value: strconv.Itoa(*v) + unit}
}

func bytesFact(l lang, name message.ID, v *int64) fact {
	if v == nil {
		return fact{Name: message.Say(name), Unknown: true}
	}
	return fact{Name: message.Say(name), Value: l.say(byteSize(*v))}
}

// byteSize uses decimal units, as the box of a handset does.
func byteSize(n int64) message.Sentence {
	const units = "kMGTPE"
	if n < 1000 {
		return message.Say("amount.bytes", "bytes", strconv.FormatInt(n, 10))
	}
	v, i := float64(n)/1000, 0
	for v >= 999.95 && i < len(units)-1 {
		v, i = v/1000, i+1
	}
	whole, tenths, _ := strings.Cut(strconv.FormatFloat(v, 'f', 1, 64), ".")
	return message.Say("amount.decimal", "whole", whole, "tenths", tenths, "unit", units[i:i+1]+"B")
}

// faultFacts are what a person stated about the fault.
func faultFacts(l lang, f *report.Fault) (facts []fact) {
	for _, one := range symptom.Facts(f) {
		facts = append(facts, fact{Name: one.Name, Value: l.say(one.Value)})
	}
	return facts
}

// The messages of the words that report.json has where one of few is meant.
var (
	bootloaderWords = map[string]message.ID{report.BootloaderLocked: "page.bootloader.locked", report.BootloaderUnlocked: "page.bootloader.unlocked"}
	encryptionWords = map[string]message.ID{report.EncryptionFile: "page.encryption.file", report.EncryptionBlock: "page.encryption.block", report.EncryptionNone: "page.encryption.off"}
	wayWords        = map[string]message.ID{
		"recovery": "page.way.recovery", "settings": "page.way.settings", "bench": "page.way.bench", "by-hand": "page.way.by-hand",
	}
	simWords = map[string]message.ID{"absent": "page.sim.absent", "loaded": "page.sim.loaded", "ready": "page.sim.ready"}
	// stateWords are adb's words for the states that a handset can return in.
	stateWords = map[string]message.ID{
		"device": "devices.state.device", "unauthorized": "devices.state.unauthorized", "authorizing": "devices.state.authorizing",
		"connecting": "devices.state.connecting", "offline": "devices.state.offline", "no permissions": "devices.state.no-permissions",
		"recovery": "devices.state.recovery", "sideload": "devices.state.sideload", "rescue": "devices.state.rescue",
		"bootloader": "devices.state.bootloader", "host": "devices.state.host", "detached": "devices.state.detached", "unknown": "devices.state.unknown",
	}
	itemWords = map[string]message.ID{
		"apps": "page.item.apps", "calendar": "page.item.calendar", "calls": "page.item.calls", "contacts": "page.item.contacts",
		"mms": "page.item.mms", "sms": "page.item.sms", "settings": "page.item.settings", "wifi": "page.item.wifi",
		"pictures": "page.item.pictures", "words": "page.item.words", "blocked": "page.item.blocked",
	}
)

// wordOf returns the message of a word. A word of another version, or a handset's own,
// is shown as it is.
func wordOf(words map[string]message.ID, word string) message.Sentence {
	if id, ok := words[word]; ok {
		return message.Say(id)
	}
	return message.AsIs(word)
}
