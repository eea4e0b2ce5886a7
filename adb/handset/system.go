package handset

import (
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset/dump"
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
	unknown := func(why string) OS {
		return OS{Name: Fact{Unknown: why, Ref: ref}, Version: Fact{Unknown: why, Ref: ref}}
	}
	hyper, _ := p.Text(osName)
	ui, _ := p.Text(uiName)
	build, _ := p.Text(buildName)
	uiMatch := miuiName().FindStringSubmatch(ui)
	switch {
	case hyperName().MatchString(hyper) || hyperBuild().MatchString(build):
		if uiMatch != nil && uiMatch[1] != hyperUI {
			return unknown(fmt.Sprintf("%s and %s contradict each other: %s, %s", osName, uiName, hyper+build, ui))
		}
		return hyperOf(p, ref, hyper, build)
	case hyper != "":
		return unknown(osName + " says " + hyper + ", which names no known system")
	case uiMatch != nil && uiMatch[1] == hyperUI:
		return unknown(uiName + " is V816 on every HyperOS, and " + osName + " is not there")
	case uiMatch != nil:
		return miuiOf(ref, uiMatch, build)
	case miuiBuild().MatchString(build):
		return unknown(buildName + " is of a form that the maker's plain Android has too, and " + uiName + " is not there")
	}
	release, maker := factOf(p, ref, "ro.build.version.release"), factOf(p, ref, "ro.product.manufacturer")
	if v.OwnOS || !maker.Known() || !release.Known() {
		return unknown("no property names the vendor's OS: another system, or an incomplete answer")
	}
	return OS{Name: Fact{Value: "Android", Source: release.Source, Ref: ref}, Version: release, Title: "Android " + release.Value}
}

// hyperOf names a HyperOS. Its build stands in ro.mi.os.version.incremental,
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
		os.Version = Fact{Unknown: strings.TrimSpace("no HyperOS build: " + why), Ref: ref}
	case series != nil && (series[1] != number[1] || series[2] != number[2]):
		os.Version = Fact{Unknown: fmt.Sprintf("%s says %s, %s says %s", osName, name, source, version), Ref: ref}
	case source == osBuild && hyperBuild().MatchString(build) && build != version:
		os.Version = Fact{Unknown: fmt.Sprintf("%s says %s, %s says %s", osBuild, version, buildName, build), Ref: ref}
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
		os.Version = Fact{Unknown: buildName + " is not there", Ref: ref}
	case number != nil && !strings.HasPrefix(ui[1], number[1]):
		os.Version = Fact{Unknown: fmt.Sprintf("%s says V%s, %s says %s", uiName, ui[1], buildName, build), Ref: ref}
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
		return Fact{Unknown: "none of the four lock properties is there", Ref: ref}
	case 1:
		return Fact{Unknown: "only one of the four lock properties is there: " + said[0], Ref: ref}
	}
	return Fact{Unknown: "the lock properties disagree: " + strings.Join(said, ", "), Ref: ref}
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
		return Fact{Unknown: "encrypted, but " + strings.TrimSpace(whyKind+" "+kind), Ref: ref}
	}
	return Fact{Unknown: strings.TrimSpace(why + " ro.crypto.state=" + state + " ro.crypto.type=" + kind), Ref: ref}
}
