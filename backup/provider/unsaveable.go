package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// messengers lists apps whose chats people miss most, and which no computer can read.
var messengers = []struct {
	prefix, name string
	advice       message.ID
}{
	{"com.whatsapp", "WhatsApp", "backup.messenger.whatsapp"},
	{"org.telegram", "Telegram", "backup.messenger.telegram"},
	{"org.thunderdog.challegram", "Telegram X", "backup.messenger.telegram"},
	{"org.thoughtcrime.securesms", "Signal", "backup.messenger.signal"},
	{"com.tencent.mm", "WeChat", "backup.messenger.wechat"},
	{"com.tencent.mobileqq", "QQ", "backup.messenger.qq"},
	{"jp.naver.line", "LINE", "backup.messenger.own-backup"},
	{"com.viber", "Viber", "backup.messenger.own-backup"},
	{"com.facebook.orca", "Messenger", "backup.messenger.facebook"},
	{"com.google.android.apps.authenticator2", "Authenticator", "backup.messenger.authenticator"},
}

// rcsApp shows chats over the internet (RCS) and comes with the system, so the list of the
// owner's apps lacks it.
const rcsApp = "com.google.android.apps.messaging"

// maxAppsNamed is how many apps the finding names; apps.jsonl names all.
const maxAppsNamed = 40

// unsaveable returns the finding about data that cannot be saved: that of apps and of other
// users, by name, and the data that no handset gives out. The reset asks the owner to
// accept the loss.
func (ask asks) unsaveable(ctx context.Context, all []*manifest.App) (report.Finding, error) {
	f := report.Finding{ID: check.BackupUnsaveable, Status: report.StatusSkipped, Method: report.MethodInferred}
	users, err := ask.otherUsers(ctx)
	if err != nil {
		return f, err
	}
	var named, apps []string
	var advice []message.Sentence
	advised := map[string]bool{} // by the name of the app: some have two packages
	for _, app := range all {
		if apps = append(apps, app.Package); len(apps) > maxAppsNamed {
			apps[maxAppsNamed] = fmt.Sprintf("+%d", len(all)-maxAppsNamed)
			apps = apps[:maxAppsNamed+1]
		}
		for _, m := range messengers {
			if strings.HasPrefix(app.Package, m.prefix) {
				named = append(named, fmt.Sprintf("%s (%s)", m.name, app.Package))
				if how := message.Join(message.Colon, message.AsIs(m.name), message.Say(m.advice)); !advised[m.name] {
					advice, advised[m.name] = append(advice, how), true
				}
			}
		}
	}
	rcs, err := ask.has(ctx, rcsApp)
	if err != nil {
		return f, err
	}
	if rcs {
		named = append(named, "Google Messages ("+rcsApp+")")
		advice = append(advice, message.Join(message.Colon, message.AsIs("Google Messages"), message.Say("backup.messenger.rcs")))
	}
	says := message.Say("backup.unsaveable.everywhere", "others", users)
	if len(named) > 0 {
		says = message.Say("backup.unsaveable.apps", "lost", says, "apps", strings.Join(named, ", "))
	}
	f.Tell(says)
	if len(apps) > 0 {
		f.See(message.Say("backup.unsaveable.seen", "count", len(all), "named", fmt.Sprint(len(named)), "apps", apps))
	}
	f.Advise(message.Join(message.Stop, append(advice, message.Say("backup.unsaveable.remedy"))...))
	return f, nil
}

// has reports whether the handset has an app. An error is one of the connection.
func (ask asks) has(ctx context.Context, name string) (bool, error) {
	a, err := ask.query(ctx, handset.PackagePath, name)
	return err == nil && len(query.InstalledPaths(a.Stdout)) > 0, query.Ending(err)
}

// otherUsers names the users whose data cannot be saved.
func (ask asks) otherUsers(ctx context.Context) (message.Sentence, error) {
	perhaps := message.Say("backup.unsaveable.second-space")
	a, err := ask(ctx, handset.ListUsers.Must())
	if errors.Is(err, query.ErrRefused) {
		return perhaps, nil
	}
	if err != nil {
		return message.Sentence{}, err
	}
	users, err := dump.ParseUsers(a.Stdout)
	if err != nil {
		return perhaps, nil //nolint:nilerr // an unreadable list means that there may be users
	}
	var others []message.Sentence
	for _, u := range users {
		switch {
		case u.ID == 0:
		case u.Running:
			others = append(others, message.Say("backup.unsaveable.user", "user", u.ID))
		default:
			others = append(others, message.Say("backup.unsaveable.user.stopped", "user", u.ID))
		}
	}
	if len(others) == 0 {
		return perhaps, nil
	}
	return message.Say("backup.unsaveable.users", "users", message.Join(message.Comma, others...)), nil
}
