package handset

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/message"
	"preship/report/pattern"
)

// Values of [Identity.System].
const (
	// SystemOwn: the properties were compared with one another, they agree, and
	// no sign of another system is among them.
	SystemOwn = "its maker's own"
	// SystemForeign: at least one property shows another system than the maker's.
	SystemForeign = "not its maker's"
)

// systemSign is one row of the table of signs that a system is not its maker's.
type systemSign struct {
	seen string // where the fact was seen
	// foreign: the sign shows another system. Otherwise it only leaves open whose
	// system it is.
	foreign bool
	// vendors are the makers whose own systems are known not to have it; nil is
	// every maker. A maker whose systems are not known only leaves it open.
	vendors []string
	// see returns what the sign was seen in; empty is nothing.
	see func(build) message.Sentence
}

// build is what the signs are read from.
type build struct {
	dump.Properties
	fingerprint fingerprint // zero where it cannot be read
	vendor      *VendorRow
	sdk         int // 0 is not known
}

// fingerprint is ro.build.fingerprint taken apart.
type fingerprint struct{ brand, product, device, release, id, incremental, kind, tags string }

// fingerprintForm: BRAND/PRODUCT/DEVICE:RELEASE/ID/INCREMENTAL:TYPE/TAGS (AOSP,
// Build.java, deriveFingerprint).
var fingerprintForm = pattern.New(`^([^/:]+)/([^/:]+)/([^/:]+):([^/:]+)/([^/:]+)/([^/:]+):([^/:]+)/([^/:]+)$`)

func parseFingerprint(s string) (fingerprint, bool) {
	m := fingerprintForm().FindStringSubmatch(s)
	if m == nil {
		return fingerprint{}, false
	}
	return fingerprint{m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]}, true
}

const printName = "ro.build.fingerprint"

// compared are the makers whose own builds were compared: 40 captures of MIUI 9
// to HyperOS 3, and Google's.
var compared = []string{"Xiaomi", "Google"}

// systemSigns is the table. Of 46 captures with this maker's system or on its
// handsets (MIUI 9 to HyperOS 3, xiaomi.eu, LineageOS, PixelExperience, a port) it
// shows the five that are not the maker's, and leaves two open: one whose
// fingerprint was removed, and one of a sister brand whose partitions differ.
var systemSigns = []systemSign{
	{"xiaomi.eu, PixelExperience, LineageOS: getprop captures", true, nil, foreignName},
	{"xiaomi.eu: getprop captures; no capture of MIUI or HyperOS has it", true, []string{"Xiaomi"}, func(b build) message.Sentence { return b.has("ro.modversion") }},
	{"xiaomi.eu for the MI PAD 4 carries a MI MIX 2S' fingerprint", true, compared, func(b build) message.Sentence {
		return b.differs("identity.saw.print-device", b.fingerprint.device, "ro.product.device")
	}},
	{"LineageOS keeps an old fingerprint of the maker's, xiaomi.eu one of the vendor partition", true, compared, otherBuildID},
	{"a capture of HyperOS 3 on Android 16 with a fingerprint of release 13, as of its vendor partition", false, []string{"Xiaomi"}, vendorsBuildID},
	{"LineageOS, PixelExperience, xiaomi.eu: getprop captures", true, compared, func(b build) message.Sentence {
		return b.differs("identity.saw.print-build", b.fingerprint.incremental, buildName)
	}},
	{"PixelExperience says userdebug in one place, LineageOS in the other", true, compared, func(b build) message.Sentence {
		return b.differs("identity.saw.print-type", b.fingerprint.kind, "ro.build.type")
	}},
	{"all captures of the makers' own systems agree", true, compared, func(b build) message.Sentence {
		return b.differs("identity.saw.print-keys", b.fingerprint.tags, "ro.build.tags")
	}},
	{"all captures of the makers' own systems are release-keys", true, compared, otherKeys},
	{"LineageOS: getprop captures", true, compared, testBuild},
	{"AOSP, build/core: the incremental of a build that a person makes", true, []string{"Xiaomi"}, func(b build) message.Sentence { return b.begins(buildName, "eng.") }},
	{"a MIUI 10 on a nubia Z17 mini: getprop capture", true, nil, otherMaker},
	{"a MIUI 10 on a nubia Z17 mini: getprop capture; in 42 captures the maker's own says Xiaomi, Redmi or blackshark", true, nil, otherBrand},
	{"AOSP, verified boot: yellow boots with keys that somebody else set", true, compared, func(b build) message.Sentence { return b.is("ro.boot.verifiedbootstate", "yellow") }},
	{"xiaomi.eu: unicorn_xiaomieu_global; makers' own suffixes are short", false, []string{"Xiaomi"}, oddModDevice},
	{"LineageOS, PixelExperience: built in a container; no capture of the maker's has it", false, []string{"Xiaomi"}, containerHost},
	{"all captures from Android 10 on have one build in all partitions", false, []string{"Xiaomi"}, otherVendorBuild},
	{"a port to another maker's handset keeps its vendor partition; in 36 captures the maker's own says Xiaomi, Redmi or blackshark", false, nil, otherPartitionBrand},
	{"42 captures: a build of the maker's names MIUI or HyperOS, or counts as it does (V9.6.4.0.ODHMIFE, its plain Android)", false, []string{"Xiaomi"}, noMakersBuild},
	{"all captures from Android 7 on have these", false, []string{"Xiaomi"}, missingLocks},
	{"in 42 captures those present agree", false, nil, disagreeing},
	{"a public capture: a lost line may be the one that shows another system", false, nil, damagedRecord},
	{"one capture, whose fingerprint was removed", false, nil, notCompared},
}

// systemOrigin returns whose system a handset runs: not its maker's if a sign shows
// that, unknown if one leaves it open, else its maker's own.
func systemOrigin(p dump.Properties, ref string, v *VendorRow) Fact {
	b := build{Properties: p, vendor: v}
	value, _ := p.Text(printName)
	b.fingerprint, _ = parseFingerprint(value)
	release, _ := p.Text("ro.build.version.sdk")
	b.sdk, _ = strconv.Atoi(release)
	var shown, open []message.Sentence
	for _, sign := range systemSigns {
		saw := sign.see(b)
		switch knows := sign.vendors == nil || slices.Contains(sign.vendors, v.Name) || v.NoMaker; {
		case saw.Empty():
		case knows && sign.foreign:
			shown = append(shown, saw)
		case knows, sign.foreign:
			open = append(open, saw)
		}
	}
	switch {
	case len(shown) > 0:
		return Fact{Value: SystemForeign, Source: printName, Saw: inPrint(shown), Ref: ref}
	case len(open) > 0:
		return Fact{Unknown: inPrint(open), Ref: ref}
	}
	return Fact{Value: SystemOwn, Source: printName, Saw: message.Say("identity.saw.agree", "name", printName), Ref: ref}
}

// inPrint joins the signs, with the answers of the handset printable.
func inPrint(all []message.Sentence) message.Sentence {
	return message.Join(message.Semicolon, all...).Map(func(s string) string { return dump.Printable([]byte(s), 200) })
}

// trusted returns f, or an unknown fact if its value is one of good and the system is
// not known to be its maker's. Another system can answer anything.
func (id Identity) trusted(f Fact, good ...string) Fact {
	if id.System.Value == SystemOwn || id.PlainEmulator() || !slices.Contains(good, f.Value) {
		return f
	}
	value := f.Saw
	if value.Empty() {
		value = message.AsIs(strconv.Quote(f.Value))
	}
	why := message.Say("identity.why.other-system", "value", value, "name", f.Source)
	if !id.System.Known() {
		why = why.As("identity.why.maybe-other-system")
	}
	return Fact{Unknown: why, Ref: f.Ref}
}

// PlainEmulator reports whether the handset is an emulator that copies no maker's
// handset, such as Android's own. An emulated handset of a maker gets every check
// that the real one gets.
func (id Identity) PlainEmulator() bool {
	return id.Kind == KindEmulator && (id.Vendor == nil || len(id.Vendor.MiAccountTypes) == 0)
}

// foreignNames begin the keys of other systems' properties, or are in the
// values of those that name a build. LineageOS's, PixelExperience's, xiaomi.eu's
// were seen in captures, Evolution X's in its updater's source; the others are
// what their projects' build files set, not seen in a capture.
var foreignNames = []string{
	"xiaomi.eu", "xiaomieu", "miuipolska", "lineage", "pixelexperience", "evolution", "evolutionx", "crdroid", "havoc", "aospa",
	"derpfest", "blissroms", "arrowos", "omnirom", "resurrectionremix", "aospextended", "cyanogenmod", "grapheneos", "calyxos",
	"miroom", "eliterom", "pixelos", "risingos", "voltageos",
}

// foreignKeys begin the keys of properties that only other systems set.
var foreignKeys = []string{
	"org.", "ro.lineage.", "ro.cm.version", "ro.xiaomi.eu.", "ro.evolution.", "ro.crdroid.", "ro.havoc.", "ro.aospa.", "ro.pa.", "ro.derpfest.",
	"ro.bliss.", "ro.arrow.", "ro.omni.", "ro.rr.", "ro.aex.", "ro.pixelexperience.", "ro.pixelos.", "ro.rising.", "ro.voltage.",
}

// buildNames are the properties that name a build and who made it.
var buildNames = []string{
	"ro.build.host", "ro.build.user", "ro.build.display.id", "ro.build.flavor", "ro.build.description", "ro.product.name", "ro.product.mod_device",
	"ro.product.system.name", "ro.modversion", buildName, printName, "ro.system.build.fingerprint",
}

// foreignPrefixes begin the names of products that AOSP's build makes.
var foreignPrefixes = []string{"aosp_", "gsi_", "lineage_", "treble_", "evolution_"}

func foreignName(b build) message.Sentence {
	first := len(foreignKeys)
	for key := range b.Properties {
		begins := func(begin string) bool { return strings.HasPrefix(key, begin) }
		if i := slices.IndexFunc(foreignKeys[:first], begins); i >= 0 {
			first = i
		}
	}
	if first < len(foreignKeys) {
		return message.Say("identity.saw.keys", "name", foreignKeys[first]+"*")
	}
	for _, key := range buildNames {
		value := strings.ToLower(b.value(key))
		named := slices.ContainsFunc(foreignNames, func(name string) bool { return strings.Contains(value, name) })
		if key == "ro.build.flavor" || key == "ro.product.name" {
			named = named || slices.ContainsFunc(foreignPrefixes, func(begin string) bool { return strings.HasPrefix(value, begin) })
		}
		if named {
			return message.AsIs(key + "=" + b.value(key))
		}
	}
	return message.Sentence{}
}

func (b build) value(key string) string {
	value, _ := b.Text(key)
	return value
}

// has returns key=value for a property that has a value, else "".
func (b build) has(key string) message.Sentence {
	if b.value(key) == "" {
		return message.Sentence{}
	}
	return message.AsIs(key + "=" + b.value(key))
}

func (b build) is(key, value string) message.Sentence {
	if b.value(key) != value {
		return message.Sentence{}
	}
	return b.has(key)
}

func (b build) begins(key, prefix string) message.Sentence {
	if !strings.HasPrefix(b.value(key), prefix) {
		return message.Sentence{}
	}
	return b.has(key)
}

// differs returns how another property contradicts a part of the fingerprint, "" if
// it does not.
func (b build) differs(says message.ID, part, key string) message.Sentence {
	value := b.value(key)
	if part == "" || value == "" || part == value {
		return message.Sentence{}
	}
	return message.Say(says, "part", part, "name", key, "value", value)
}

func otherKeys(b build) message.Sentence {
	for _, tags := range []struct{ key, value string }{{printName, b.fingerprint.tags}, {"ro.build.tags", b.value("ro.build.tags")}} {
		if tags.value != "" && tags.value != "release-keys" {
			return message.Say("identity.why.says", "name", tags.key, "value", tags.value)
		}
	}
	return message.Sentence{}
}

func testBuild(b build) message.Sentence {
	for _, kind := range []struct{ key, value string }{{printName, b.fingerprint.kind}, {"ro.build.type", b.value("ro.build.type")}} {
		if kind.value != "" && kind.value != "user" {
			return message.Say("identity.why.says", "name", kind.key, "value", kind.value)
		}
	}
	return message.Sentence{}
}

// ownMakers are the makers on whose handsets MIUI and HyperOS are at home.
var ownMakers = []string{"xiaomi", "blackshark"}

func otherMaker(b build) message.Sentence {
	maker := strings.ToLower(b.value("ro.product.manufacturer"))
	if !b.named() || maker == "" || slices.Contains(ownMakers, maker) {
		return message.Sentence{}
	}
	return message.Say("identity.saw.other-maker", "value", b.has("ro.product.manufacturer"))
}

// ownBrands are the brands of those makers.
var ownBrands = []string{"xiaomi", "redmi", "poco", "blackshark"}

// named reports whether a property names MIUI or HyperOS, or the build is counted
// as theirs are.
func (b build) named() bool {
	count := b.value(buildName)
	return b.value(uiName) != "" || b.value(osName) != "" || miuiBuild().MatchString(count) || hyperBuild().MatchString(count)
}

// otherBrand sees a port by the brand, where its maker's name is the system's.
func otherBrand(b build) message.Sentence {
	return b.brand([]string{printName}, []string{"ro.product.brand"})
}

// otherPartitionBrand sees one by the partitions that a port leaves as they are.
func otherPartitionBrand(b build) message.Sentence {
	return b.brand([]string{"ro.vendor.build.fingerprint", "ro.odm.build.fingerprint"}, []string{"ro.product.vendor.brand", "ro.product.odm.brand"})
}

// damagedRecord sees that a property is cut off, so that the answer is not whole.
func damagedRecord(b build) message.Sentence {
	for _, key := range slices.Sorted(maps.Keys(b.Properties)) {
		if b.Properties[key] == dump.Damaged {
			return message.Say("identity.why.cut", "name", key)
		}
	}
	return message.Sentence{}
}

// hardwareSign returns what shows that another maker built the handset that runs MIUI
// or HyperOS, "" where nothing does. Such a handset keeps its own maker's recovery.
func hardwareSign(p dump.Properties) message.Sentence {
	b := build{Properties: p}
	for _, sign := range []func(build) message.Sentence{otherMaker, otherBrand, otherPartitionBrand} {
		if saw := sign(b); !saw.Empty() {
			return saw
		}
	}
	return message.Sentence{}
}

// brand shows a brand of another maker's, under MIUI or HyperOS.
func (b build) brand(prints, keys []string) message.Sentence {
	if !b.named() {
		return message.Sentence{}
	}
	said := map[string]string{}
	for _, key := range prints {
		print, _ := parseFingerprint(b.value(key))
		said[key] = print.brand
	}
	for _, key := range keys {
		said[key] = b.value(key)
	}
	for _, key := range slices.Concat(prints, keys) {
		if said[key] != "" && !slices.Contains(ownBrands, strings.ToLower(said[key])) {
			return message.Say("identity.saw.other-brand", "name", key, "brand", said[key])
		}
	}
	return message.Sentence{}
}

// noMakersBuild: nothing names the maker's system, and its build is not counted
// as the maker counts.
func noMakersBuild(b build) message.Sentence {
	count := b.value(buildName)
	if b.named() || count == "" {
		return message.Sentence{}
	}
	return message.Say("identity.saw.counting", "value", buildName+"="+count)
}

// modSuffix are the words a maker's own name of a model may have behind it:
// sunny_global, lavender_eea_global, umi_lm_cr_global, rosemary_p_global.
var modSuffix = pattern.New(`^[0-9A-Za-z]+(_([0-9a-z]{1,4}|global|factory))*$`)

// oddModDevice: the codename itself may have any form (laurel_sprout).
func oddModDevice(b build) message.Sentence {
	mod := b.value("ro.product.mod_device")
	rest, ok := strings.CutPrefix(mod, b.value("ro.product.device"))
	if mod == "" || modSuffix().MatchString(mod) || ok && b.value("ro.product.device") != "" && (rest == "" || rest[0] == '_' && modSuffix().MatchString("x"+rest)) {
		return message.Sentence{}
	}
	return b.has("ro.product.mod_device")
}

var containerName = pattern.New(`^[0-9a-f]{12}$`)

func containerHost(b build) message.Sentence {
	if !containerName().MatchString(b.value("ro.build.host")) {
		return message.Sentence{}
	}
	return b.has("ro.build.host")
}

// lockProperties are there on every handset of the maker's from an API level on.
var lockProperties = []struct {
	key   string
	since int
}{
	{"ro.boot.verifiedbootstate", 24},
	{"ro.boot.flash.locked", 24},
	{"ro.boot.vbmeta.device_state", 29},
}

func missingLocks(b build) message.Sentence {
	var missing []string
	for _, lock := range lockProperties {
		if b.sdk >= lock.since && b.value(lock.key) == "" {
			missing = append(missing, lock.key)
		}
	}
	if len(missing) == 0 {
		return message.Sentence{}
	}
	return message.Say("identity.saw.missing", "names", missing)
}

func disagreeing(b build) message.Sentence {
	votes, said, _ := lockVotes(b.Properties)
	if len(votes) < 2 && votes["unexpected"] == 0 {
		return message.Sentence{}
	}
	return message.Named(said, 0)
}

// notCompared returns which property is missing that the other signs compare with.
func notCompared(b build) message.Sentence {
	if b.fingerprint == (fingerprint{}) {
		if value := b.value(printName); value != "" {
			return message.Say("identity.saw.no-print", "name", printName, "value", value)
		}
		_, why := b.Text(printName)
		return why
	}
	for _, key := range []string{"ro.product.manufacturer", "ro.product.device", buildName, "ro.build.type", "ro.build.version.sdk"} {
		if value, why := b.Text(key); value == "" {
			return why
		}
	}
	return message.Sentence{}
}
