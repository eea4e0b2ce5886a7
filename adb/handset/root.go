package handset

import (
	"context"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/message"
)

// NoRootSeen is the value of [Identity.RootSign] where all signs were looked
// for and not found. It does not say that the handset is not rooted: every
// sign can be hidden.
const NoRootSeen = "none seen"

// ownAnswers are what a handset as its maker sells it answers; all 42 captures
// have all four. One that is missing, or says something else, leaves it open.
var ownAnswers = []struct{ property, value string }{
	{"ro.debuggable", "0"}, {"ro.build.type", "user"}, {"ro.secure", "1"}, {"ro.build.tags", "release-keys"},
}

// rootSigns are properties that a handset as its maker sells it does not have.
var rootSigns = []struct {
	property, value string
	means           message.ID
}{
	{"ro.debuggable", "1", "identity.saw.debuggable"},
	{"ro.build.type", "userdebug", "identity.saw.userdebug"},
	{"ro.build.type", "eng", "identity.saw.engineering"},
	{"ro.secure", "0", "identity.saw.insecure"},
	{"ro.build.tags", "test-keys", "identity.saw.test-keys"},
}

// RootApps are the managers of the root kits in use.
var RootApps = []string{"com.topjohnwu.magisk", "me.weishu.kernelsu", "me.bmax.apatch"}

// rootSign looks for signs of root, the cheap ones first.
func rootSign(ctx context.Context, r Reader, p dump.Properties, ref string) Fact {
	for _, sign := range rootSigns {
		if strings.TrimSpace(p[sign.property]) == sign.value {
			return rootSeen(message.Say(sign.means), sign.property, ref)
		}
	}
	su, err := ask(ctx, r, FindSU.Must())
	if path := dump.FirstLine(su.Stdout); err == nil && strings.HasPrefix(path, "/") {
		return rootSeen(message.Say("identity.saw.su", "path", dump.Printable([]byte(path), 200)), FindSU.Line, su.Ref)
	}
	open := []Fact{notAbsent(FindSU.Must(), su, err)}
	for _, app := range RootApps {
		line := PackagePath.Must(app)
		a, err := ask(ctx, r, line)
		if err == nil && strings.HasPrefix(dump.FirstLine(a.Stdout), "package:/") {
			return rootSeen(message.Say("identity.saw.app", "app", app), line.String(), a.Ref)
		}
		open = append(open, notAbsent(line, a, err))
	}
	for _, own := range ownAnswers {
		switch value, why := p.Text(own.property); value {
		case own.value:
		case "":
			open = append(open, Fact{Unknown: why, Ref: ref})
		default:
			open = append(open, Fact{Unknown: message.Say("identity.why.says", "name", own.property, "value", value), Ref: ref})
		}
	}
	for _, f := range open {
		if !f.Unknown.Empty() {
			return f
		}
	}
	return Fact{Value: NoRootSeen, Source: FindSU.Line, Saw: message.Say("identity.saw.no-root"), Ref: su.Ref}
}

// rootSeen is a sign of root; its value is its English name.
func rootSeen(saw message.Sentence, source, ref string) Fact {
	return Fact{Value: saw.String(), Source: source, Saw: saw, Ref: ref}
}

// notAbsent returns why an answer does not show that something is absent. which and
// pm path exit 1 without a word where they found nothing.
func notAbsent(line Line, a Answer, err error) Fact {
	switch {
	case err != nil:
		return Fact{Unknown: Because(err)}
	case a.Exit != 1 || len(a.Stdout) > 0 || len(a.Stderr) > 0:
		return Fact{Unknown: Reason(line, a, dump.ErrMalformed), Ref: a.Ref}
	}
	return Fact{}
}
