package handset

import (
	"context"
	"strings"

	"preship/adb/handset/dump"
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
var rootSigns = []struct{ property, value, means string }{
	{"ro.debuggable", "1", "debuggable build"},
	{"ro.build.type", "userdebug", "userdebug build"},
	{"ro.build.type", "eng", "engineering build"},
	{"ro.secure", "0", "insecure build"},
	{"ro.build.tags", "test-keys", "built with test keys"},
}

// RootApps are the managers of the root kits in use.
var RootApps = []string{"com.topjohnwu.magisk", "me.weishu.kernelsu", "me.bmax.apatch"}

// rootSign looks for signs of root, the cheap ones first.
func rootSign(ctx context.Context, r Reader, p dump.Properties, ref string) Fact {
	for _, sign := range rootSigns {
		if strings.TrimSpace(p[sign.property]) == sign.value {
			return Fact{Value: sign.means, Source: sign.property, Ref: ref}
		}
	}
	su, err := ask(ctx, r, FindSU.Must())
	if path := dump.FirstLine(su.Stdout); err == nil && strings.HasPrefix(path, "/") {
		return Fact{Value: "su at " + path, Source: FindSU.Line, Ref: su.Ref}
	}
	open := []Fact{notAbsent(FindSU.Must(), su, err)}
	for _, app := range RootApps {
		line := PackagePath.Must(app)
		a, err := ask(ctx, r, line)
		if err == nil && strings.HasPrefix(dump.FirstLine(a.Stdout), "package:/") {
			return Fact{Value: "the app " + app, Source: line.String(), Ref: a.Ref}
		}
		open = append(open, notAbsent(line, a, err))
	}
	for _, own := range ownAnswers {
		switch value, why := p.Text(own.property); value {
		case own.value:
		case "":
			open = append(open, Fact{Unknown: why, Ref: ref})
		default:
			open = append(open, Fact{Unknown: own.property + " says " + value, Ref: ref})
		}
	}
	for _, f := range open {
		if f.Unknown != "" {
			return f
		}
	}
	return Fact{Value: NoRootSeen, Source: FindSU.Line, Ref: su.Ref}
}

// notAbsent returns why an answer does not show that something is absent. which and
// pm path exit 1 without a word where they found nothing.
func notAbsent(line Line, a Answer, err error) Fact {
	switch {
	case err != nil:
		return Fact{Unknown: dump.Printable([]byte(err.Error()), 200)}
	case a.Exit != 1 || len(a.Stdout) > 0 || len(a.Stderr) > 0:
		return Fact{Unknown: Reason(line, a, dump.ErrMalformed), Ref: a.Ref}
	}
	return Fact{}
}
