package backup

import (
	"bytes"
	"fmt"

	"preship/backup/manifest"
)

// localHome is the folder that handsets which make backups of themselves have.
const localHome = manifest.OwnerRoot + "/MIUI"

// localOffer is the only way to what apps keep to themselves. The pages are where
// MIUI 12 to HyperOS have them.
const localOffer = "no computer can save what the %d apps on it keep to themselves; the handset's own backup can, and none is on it. " +
	"to have it saved too, now or before the reset: on the handset open Settings, About phone, Back up and restore, Mobile device, " +
	"and back up the apps; then run the same command again, which copies only what is new"

// offerLocal tells of the handset's own backup, where it can make one and has not,
// while there is time: before the copying begins.
func (j *job) offerLocal() {
	if j.say == nil || j.apps == 0 {
		return
	}
	can := false
	for i := range j.plan.Len() {
		name := j.plan.Path(i)
		if j.plan.Type(i) == manifest.TypeFile && manifest.IsLocalBackup(name) {
			return
		}
		can = can || bytes.Equal(name, []byte(localHome))
	}
	if can {
		j.say(fmt.Sprintf(localOffer, j.apps))
	}
}
