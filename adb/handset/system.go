package handset

import (
	"slices"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/message"
	"preship/report/pattern"
)

// OS is the operating system as its maker names it.
type OS struct {
	Name    Fact   // "MIUI", "HyperOS", "Android"
	Version Fact   // the build, as the handset writes it: "V14.0.9.0.SKGMIXM", "OS2.0.207.0.VMNCNXM", "15"
	Title   string // for people: "MIUI 12.5", "HyperOS 2.0", "Android 15"; "" when the name is unknown
}

var (
	hyperBuild = pattern.New(`^OS(\d+)\.(\d+)\.`)
	hyperName  = pattern.New(`^OS(\d+)\.(\d+)$`)
	miuiName   = pattern.New(`^V(\d{1,3})$`)
	miuiBuild  = pattern.New(`^V(\d{1,2})\.\d+\.\d+\.\d+\.[A-Z]{7}$`)
)

// hyperUI is what ro.miui.ui.version.name says on HyperOS 1, 2 and 3 alike, so
// it says that a handset runs HyperOS and never which.
const hyperUI = "816"

const (
	osName    = "ro.mi.os.version.name"
	osBuild   = "ro.mi.os.version.incremental"
	uiName    = "ro.miui.ui.version.name"
	buildName = "ro.build.version.incremental"
)

// systemOf names the OS. Where the properties contradict each other it is unknown.
func systemOf(p dump.Properties, ref string, v *VendorRow) OS {
	unknown := func(why message.Sentence) OS {
		return OS{Name: Fact{Unknown: why, Ref: ref}, Version: Fact{Unknown: why, Ref: ref}}
	}
	hyper, _ := p.Text(osName)
	ui, _ := p.Text(uiName)
	build, _ := p.Text(buildName)
	uiMatch := miuiName().FindStringSubmatch(ui)
	switch {
	case hyperName().MatchString(hyper) || hyperBuild().MatchString(build):
		if uiMatch != nil && uiMatch[1] != hyperUI {
			return unknown(message.Say("identity.why.contradict", "name", osName, "other", uiName, "value", hyper+build, "another", ui))
		}
		return hyperOf(p, ref, hyper, build)
	case hyper != "":
		return unknown(message.Say("identity.why.no-system", "name", osName, "value", hyper))
	case uiMatch != nil && uiMatch[1] == hyperUI:
		return unknown(message.Say("identity.why.every-hyperos", "name", uiName, "other", osName))
	case uiMatch != nil:
		return miuiOf(ref, uiMatch, build)
	case miuiBuild().MatchString(build):
		return unknown(message.Say("identity.why.plain-android", "name", buildName, "other", uiName))
	}
	release, maker := factOf(p, ref, "ro.build.version.release"), factOf(p, ref, "ro.product.manufacturer")
	if v.OwnOS || !maker.Known() || !release.Known() {
		return unknown(message.Say("identity.why.no-os"))
	}
	return OS{Name: Fact{Value: "Android", Source: release.Source, Ref: ref}, Version: release, Title: "Android " + release.Value}
}

// hyperOf names a HyperOS. Its build is in ro.mi.os.version.incremental,
// and from HyperOS 2 on in ro.build.version.incremental too.
func hyperOf(p dump.Properties, ref, name, build string) OS {
	os := OS{Name: Fact{Value: "HyperOS", Source: osName, Ref: ref}, Title: "HyperOS"}
	if name == "" {
		os.Name.Source = buildName
	}
	version, why := p.Text(osBuild)
	source := osBuild
	if version == "" && hyperBuild().MatchString(build) {
		version, source = build, buildName
	}
	series := hyperName().FindStringSubmatch(name)
	number := hyperBuild().FindStringSubmatch(version)
	switch {
	case number == nil:
		os.Version = Fact{Unknown: message.Join(message.Colon, message.Say("identity.why.no-hyperos-build"), why), Ref: ref}
	case series != nil && (series[1] != number[1] || series[2] != number[2]):
		os.Version = Fact{Unknown: message.Say("identity.why.differ", "name", osName, "value", name, "other", source, "another", version), Ref: ref}
	case source == osBuild && hyperBuild().MatchString(build) && build != version:
		os.Version = Fact{Unknown: message.Say("identity.why.differ", "name", osBuild, "value", version, "other", buildName, "another", build), Ref: ref}
	default:
		os.Version = Fact{Value: version, Source: source, Ref: ref}
		os.Title = "HyperOS " + number[1] + "." + number[2]
	}
	return os
}

// miuiOf names a MIUI by its UI version: V9, V12, V125, V130. Its build does not
// name it: developer builds are dates ("21.11.17"), and the plain Android that
// the maker ships on some models counts its builds in the same form.
func miuiOf(ref string, ui []string, build string) OS {
	os := OS{Name: Fact{Value: "MIUI", Source: uiName, Ref: ref}, Title: "MIUI"}
	number := miuiBuild().FindStringSubmatch(build)
	switch {
	case build == "":
		os.Version = Fact{Unknown: message.Say("identity.why.missing", "name", buildName), Ref: ref}
	case number != nil && !strings.HasPrefix(ui[1], number[1]):
		os.Version = Fact{Unknown: message.Say("identity.why.differ", "name", uiName, "value", "V"+ui[1], "other", buildName, "another", build), Ref: ref}
		return os
	default:
		os.Version = Fact{Value: build, Source: buildName, Ref: ref}
	}
	switch {
	case len(ui[1]) < 3:
		os.Title += " " + ui[1]
	case strings.HasSuffix(ui[1], "0"):
		os.Title += " " + ui[1][:2]
	default:
		os.Title += " " + ui[1][:2] + "." + ui[1][2:]
	}
	return os
}

// bootloaderVotes are the four properties that tell whether the bootloader is
// locked. In 42 captures those present always agreed.
var bootloaderVotes = []struct {
	property         string
	locked, unlocked []string
}{
	{"ro.boot.flash.locked", []string{"1"}, []string{"0"}},
	{"ro.secureboot.lockstate", []string{"locked"}, []string{"unlocked"}},
	{"ro.boot.verifiedbootstate", []string{"green", "yellow"}, []string{"orange"}},
	{"ro.boot.vbmeta.device_state", []string{"locked"}, []string{"unlocked"}},
}

// lockVotes counts what the lock properties that are there say, as "locked",
// "unlocked" or "unexpected".
func lockVotes(p dump.Properties) (votes map[string]int, said, sources []string) {
	votes = map[string]int{}
	for _, row := range bootloaderVotes {
		value, _ := p.Text(row.property)
		if value == "" {
			continue
		}
		said = append(said, row.property+"="+value)
		vote := "unexpected"
		switch {
		case slices.Contains(row.locked, value):
			vote = "locked"
		case slices.Contains(row.unlocked, value):
			vote = "unlocked"
		}
		votes[vote]++
		sources = append(sources, row.property)
	}
	return votes, said, sources
}

// bootloaderOf returns "locked" or "unlocked" where at least two of the four
// properties say so and no property says otherwise.
func bootloaderOf(p dump.Properties, ref string) Fact {
	votes, said, sources := lockVotes(p)
	if len(votes) == 1 && votes["unexpected"] == 0 && len(sources) > 1 {
		for vote := range votes {
			return Fact{Value: vote, Source: strings.Join(sources, ", "), Ref: ref}
		}
	}
	switch len(said) {
	case 0:
		return Fact{Unknown: message.Say("identity.why.no-votes"), Ref: ref}
	case 1:
		return Fact{Unknown: message.Say("identity.why.one-vote", "value", said[0]), Ref: ref}
	}
	return Fact{Unknown: message.Say("identity.why.votes-differ", "values", said), Ref: ref}
}

// encryptionOf returns "file", "block" or "none".
func encryptionOf(p dump.Properties, ref string) Fact {
	state, why := p.Text("ro.crypto.state")
	kind, whyKind := p.Text("ro.crypto.type")
	switch {
	case state == "unencrypted" && kind == "":
		return Fact{Value: "none", Source: "ro.crypto.state", Ref: ref}
	case state == "encrypted" && (kind == "file" || kind == "block"):
		return Fact{Value: kind, Source: "ro.crypto.type", Ref: ref}
	case state == "encrypted":
		return Fact{Unknown: message.Say("identity.why.encrypted-but", "why", orSays(whyKind, "ro.crypto.type", kind)), Ref: ref}
	}
	return Fact{Unknown: message.Join(message.Comma, orSays(why, "ro.crypto.state", state), orSays(whyKind, "ro.crypto.type", kind)), Ref: ref}
}

// orSays is why a property has no value, or the value that it has.
func orSays(why message.Sentence, name, value string) message.Sentence {
	if value == "" {
		return why
	}
	return message.Say("identity.why.says", "name", name, "value", value)
}
