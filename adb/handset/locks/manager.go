package locks

import (
	"strings"

	"preship/adb/handset/dump"
	"preship/report/message"
)

// manager is one kind of app that manages a handset for another person than an organisation.
type manager struct {
	seen     string          // where its names were seen
	admins   map[string]bool // package/class, or the package alone where any class of it counts
	summary  message.ID
	removal  message.ID
	removeBy message.ID // who removes it, "" is the owner
}

// managers is the table of them. An app that is not here may be an organisation's.
var managers = []manager{
	{
		seen: "a public list of owners; the app's own code",
		admins: map[string]bool{
			"com.google.android.gms.supervision/com.google.android.gms.kids.account.receiver.ProfileOwnerReceiver": true,
			"com.google.android.gms/com.google.android.gms.kids.account.receiver.ProfileOwnerReceiver":             true,
		},
		summary: "lock.owner.parent", removal: "lock.owner.remove.parent", removeBy: "job.needs.parent",
	},
	{
		seen: "the set-device-owner and set-profile-owner commands that their guides give their users",
		admins: map[string]bool{
			"com.bintianqi.owndroid": true, "com.catchingnow.icebox": true, "com.oasisfeng.island": true,
			"com.rosan.dhizuku": true, "net.typeblog.shelter": true,
		},
		summary: "lock.owner.own-app", removal: "lock.owner.remove.own-app",
	},
}

// managerOf returns the row that all owners belong to, or nil: one owner of another
// kind may be an organisation's.
func managerOf(owners []dump.Owner) *manager {
	for i := range managers {
		all := len(owners) > 0
		for _, o := range owners {
			all = all && managers[i].has(o.Admin)
		}
		if all {
			return &managers[i]
		}
	}
	return nil
}

func (m *manager) has(admin string) bool {
	app, class, _ := strings.Cut(admin, "/")
	if strings.HasPrefix(class, ".") {
		class = app + class
	}
	return m.admins[app] || m.admins[app+"/"+class]
}
