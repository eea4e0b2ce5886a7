package report

import (
	"path/filepath"
	"slices"
	"strings"

	"preship/report/message"
	"preship/report/pattern"
)

// networkAddress matches adb's names of handsets without a cable: a network address,
// or a name of the local network's service discovery.
var networkAddress = pattern.New(`\b(?:\d{1,3}\.){3}\d{1,3}:\d{1,5}\b|\[[0-9a-fA-F:.]{2,40}(?:%[\w.-]{1,20})?\]:\d{1,5}|\badb-[\w-]{1,80}(?: \(\d+\))?\._adb[a-z-]*\._tcp\b`)

// wireless stands for the address of a handset that is reached without a cable.
const wireless = "(wireless)"

// maskAddresses masks the network addresses in a text, except those of this computer
// itself.
func maskAddresses(s string) string {
	return networkAddress().ReplaceAllStringFunc(s, func(found string) string {
		if local(found) {
			return found
		}
		return wireless
	})
}

func local(address string) bool {
	return strings.HasPrefix(address, "127.") || strings.HasPrefix(address, "[::1]")
}

// serialOutside returns adb's serial as it may leave the computer. The serial of a
// handset on a cable stays: the report shows it as the handset's own.
func serialOutside(serial string) string {
	if strings.ContainsAny(serial, ":") && !local(serial) || strings.Contains(serial, "._adb") {
		return wireless
	}
	return serial
}

// Outside returns a function that removes personal data from a text: the path of
// dir, which holds the name of whoever is logged in here, adb's serial if it is an
// address, mail and network addresses, the numbers of SD cards, and the names of files.
func Outside(dir, serial string) func(string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs // the path as messages of the operating system give it
	}
	return func(s string) string {
		if serialOutside(serial) == wireless {
			s = strings.ReplaceAll(s, serial, wireless)
		}
		return maskNames(maskVolumes(impersonal(s, dir)))
	}
}

// volumePath is where another storage than the handset's own begins. Its name is
// the number that a card was formatted with.
var volumePath = pattern.New(`(/storage/|/mnt/media_rw/)([^/\s,;:()'"*]+)`)

// maskVolumes takes the numbers of SD cards out of a text.
func maskVolumes(s string) string {
	return volumePath().ReplaceAllStringFunc(s, func(found string) string {
		m := volumePath().FindStringSubmatch(found)
		if m[2] == "emulated" || m[2] == "self" {
			return found
		}
		return m[1] + "***"
	})
}

// storagePath is where a path on an owner's storage begins. What follows may be
// any name: nothing after it marks its end.
var storagePath = pattern.New(`(?:/storage/emulated/\d{1,9}|/storage/\*\*\*|/mnt/media_rw/\*\*\*|/mnt/[\w.-]+|/storage/self/primary|/sdcard|/data/media/\d{1,9})/[^\s,;)]`)

// maskNames masks the names of files in a text: from the first path on, only standard
// folders and extensions stay. The terminal shows the owner the names, and case.json
// keeps them.
func maskNames(s string) string {
	at := storagePath().FindAllStringIndex(s, -1)
	if len(at) == 0 {
		return s
	}
	var places []string
	for i, from := range at {
		to := len(s)
		if i+1 < len(at) {
			to = at[i+1][0]
		}
		if place := placeOf(s[from[0]:to], from[1]-from[0]-1); !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return s[:at[0][0]] + strings.Join(places, ", ")
}

// placeOf masks one path and the text behind it; the name begins at start.
func placeOf(text string, start int) string {
	root, name := text[:start], text[start:]
	top, _, inside := strings.Cut(name, "/")
	if inside && StandardFolder(top) {
		root += top + "/"
	}
	kind := ""
	if m := kindOfFile().FindStringSubmatch(name); m != nil {
		kind = m[1]
	}
	return root + "***" + kind
}

// kindOfFile matches an extension where the name ends or a reason in brackets follows.
var kindOfFile = pattern.New(`(?i)(` + usualExtensions + `)(?: \([^)]*\))?[\s,;]*(?:and \d+ more)?$`)

var (
	// An app's name is that of a domain, backwards.
	appName = pattern.New(`\b(?:[a-z][a-z0-9]*)(?:\.[A-Za-z_][A-Za-z0-9_]*)+\b`)
	// Properties are named alike.
	domain = pattern.New(`^(?:com|org|net|edu|gov|info|app|dev|[a-z]{2})$`)
	// An app of Android or of a vendor reveals nothing about the user of the handset.
	systemApp = pattern.New(`^com\.(?:android|google|miui|xiaomi|qualcomm|qti|mi)(?:\.|$)`)
)

// maskApps takes the names of the owner's apps out of a text: they tell what
// somebody believes, has or loves. How many there are stays.
func maskApps(s string) string {
	return appName().ReplaceAllStringFunc(s, func(found string) string {
		first, _, _ := strings.Cut(found, ".")
		last := found[strings.LastIndexByte(found, '.')+1:]
		if first == "ro" || !domain().MatchString(first) || domain().MatchString(last) || systemApp().MatchString(found) {
			return found // of a property, of a host, or of a system
		}
		return "***"
	})
}

// namesApps reports whether a check is about an app that its finding must name:
// one that locks the handset, or that opens it.
func namesApps(check string) bool {
	return strings.HasPrefix(check, "lock.") || strings.HasPrefix(check, "identity.")
}

// drop removes personal data from a finding.
func (f *Finding) drop(outside func(string) string) {
	dropText(&f.Observed, &f.ObservedMessage, outside)
	dropText(&f.Summary, &f.Message, outside)
	dropText(&f.Remedy, &f.RemedyMessage, outside)
}

// dropText removes personal data from a text and from the sentence it was made from,
// so that the two stay equal.
func dropText(text *string, from **message.Sentence, outside func(string) string) {
	s := message.Signed(*text, *from)
	if *from == nil || s.ID() == "" {
		*text, *from = outside(*text), nil
		return
	}
	*from = as(s.Map(outside))
	*text = (*from).String()
}

var mailAddress = pattern.New(`[A-Za-z0-9._%+-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}`)

// impersonal masks mail addresses, which is what account names are, network
// addresses, and the case folder, whose path holds the name of whoever is logged
// in here.
func impersonal(s, dir string) string {
	s = maskAddresses(strings.ReplaceAll(s, dir, "the case folder"))
	return mailAddress().ReplaceAllStringFunc(s, func(m string) string {
		name, domain, _ := strings.Cut(m, "@")
		return name[:1] + "***@" + domain[:1] + "***"
	})
}
