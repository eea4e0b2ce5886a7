package backup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/backup/query"
	"preship/report"
)

// messengers hold what people miss most, where no computer can read it.
var messengers = []struct{ prefix, name, advice string }{
	{"com.whatsapp", "WhatsApp", "make its own backup with a key you have, or move its chats to another handset"},
	{"org.telegram", "Telegram", "its chats lie with the service, but for secret ones"},
	{"org.thunderdog.challegram", "Telegram X", "its chats lie with the service, but for secret ones"},
	{"org.thoughtcrime.securesms", "Signal", "make its own backup, or transfer the account to another handset"},
	{"com.tencent.mm", "WeChat", "move its chats with its own chat backup on a computer"},
	{"com.tencent.mobileqq", "QQ", "move its chats with its own backup on a computer"},
	{"jp.naver.line", "LINE", "make its own backup"},
	{"com.viber", "Viber", "make its own backup"},
	{"com.facebook.orca", "Messenger", "check its secure storage"},
	{"com.google.android.apps.authenticator2", "Authenticator", "export its codes to another handset, or you lose those logins"},
}

// maxAppsNamed is how many apps the finding names; apps.jsonl names all.
const maxAppsNamed = 40

// localBackupAdvice is the only way to what apps keep to themselves.
const localBackupAdvice = "for other apps, make a local backup in the handset's own settings before this one: it lies in shared storage and is saved with it"

// unsaveable says what stays behind whatever is done, by name: the apps, the
// other users, and what no handset gives out. Nobody is asked about it here; the
// reset asks that it be accepted.
func (k *keeper) unsaveable(ctx context.Context) (report.Finding, error) {
	f := report.Finding{ID: FindingUnsaveable, Status: report.StatusSkipped, Method: report.MethodInferred}
	users, err := k.otherUsers(ctx)
	if err != nil {
		return f, err
	}
	var named, apps []string
	var advice []report.Sentence
	for _, app := range k.apps {
		if apps = append(apps, app.Package); len(apps) > maxAppsNamed {
			apps[maxAppsNamed] = fmt.Sprintf("and %d more", len(k.apps)-maxAppsNamed)
			apps = apps[:maxAppsNamed+1]
		}
		for _, m := range messengers {
			if strings.HasPrefix(app.Package, m.prefix) {
				named = append(named, fmt.Sprintf("%s (%s)", m.name, app.Package))
				advice = append(advice, report.Say("%s: %s", m.name, report.Say(m.advice)))
			}
		}
	}
	says := report.Say("no computer can save what apps keep to themselves, drafts of messages, %s, licences of protected media, "+
		"the keyboard's own words, and the keys of wireless networks and logins", users)
	if len(named) > 0 {
		says = report.Say("%s. such apps are on this handset: %s", says, strings.Join(named, ", "))
	}
	f.Tell(says)
	f.Observed = fmt.Sprintf("apps of the owner's: %d, with messages or logins: %d", len(k.apps), len(named))
	if len(apps) > 0 {
		f.Observed += "; " + strings.Join(apps, ", ")
	}
	f.Advise(report.Join("; ", append(advice, report.Say(localBackupAdvice))...))
	return f, nil
}

// otherUsers names the users whose data is out of reach.
func (k *keeper) otherUsers(ctx context.Context) (report.Sentence, error) {
	perhaps := report.Say("a second space")
	a, err := k.ask(ctx, handset.ListUsers.Must())
	if errors.Is(err, query.ErrRefused) {
		return perhaps, nil
	}
	if err != nil {
		return report.Sentence{}, err
	}
	users, err := handset.ParseUsers(a.Stdout)
	if err != nil {
		return perhaps, nil //nolint:nilerr // nobody says that there is none
	}
	var others []report.Sentence
	for _, u := range users {
		if u.ID != 0 {
			others = append(others, report.Say("user %d", u.ID))
		}
	}
	if len(others) == 0 {
		return perhaps, nil
	}
	return report.Say("the apps and messages of other users (%s: a second space, dual apps or a work profile)", report.Join(", ", others...)), nil
}
