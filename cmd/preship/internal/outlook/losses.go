package outlook

import (
	"fmt"
	"slices"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// judgeLosses takes what the backup lacks, or will lack.
func (f Facts) judgeLosses(o *Outlook) {
	ask := 0
	for _, found := range f.Lacks {
		switch {
		case found.ID == check.BackupUnsaveable:
			found = f.unsaveable(found)
		case !stands(found) && found.Status != report.StatusWarn:
			continue
		}
		loss := Item{ID: found.ID, Says: found.Sentence(), Next: found.Advised(), Flag: f.flag(found), Finding: found}
		switch {
		case !stands(found), f.WithoutBackup, f.Accepted(found):
			loss.Flag = ""
		case found.ID == check.BackupStorageOwner:
			loss.Flag = "--without-backup"
			o.Blockers = append(o.Blockers, loss)
			continue
		case f.switched(found.ID):
			loss.Next = f.openSwitch(found)
			loss.Finding.Advise(loss.Next)
			o.Blockers = append(o.Blockers, loss)
			continue
		case !f.CanAsk:
			o.Blockers = append(o.Blockers, loss)
			continue
		default:
			ask++
		}
		o.Losses = append(o.Losses, loss)
	}
	if ask > 0 {
		o.Todo = append(o.Todo, Item{ID: report.StepBackup, Says: message.Say("outlook.todo.losses", "count", ask)})
	}
}

// unsaveable returns the finding about data that cannot be saved as one that is in the
// way, unless its owner has accepted it. On an emulated handset it is nobody's.
func (f Facts) unsaveable(found report.Finding) report.Finding {
	if found.Method == report.MethodAttested || f.Emulated {
		found.Status = report.StatusWarn
	} else {
		found.Status = report.StatusFail
	}
	return found
}

// flag returns the flag that accepts the loss of a finding as it is now, and no larger one.
func (f Facts) flag(found report.Finding) string {
	if f.Preview != nil && found.ID != check.BackupListing {
		if loss, counted := f.Preview.Losses.Of(found.ID); counted && len(loss) > 0 {
			return fmt.Sprintf("--despite=%s=%d", found.ID, len(loss))
		}
	}
	return "--despite=" + found.ID
}

// switched reports whether a switch on the handset would open a kind of data that is
// refused.
func (f Facts) switched(id string) bool {
	return f.Preview != nil && f.Identity.AdbInput.Value != "on" && switchWords[f.Identity.OS.Name.Value] != "" &&
		slices.Contains(f.Preview.Denied, id) && slices.Contains(behindSwitch, id)
}

// behindSwitch are the kinds that "USB debugging (Security settings)" opens. The calendar
// is not on the vendor's list of covered apps.
var behindSwitch = []string{check.BackupContacts, check.BackupMessages}

// switchWords say, by the name of the OS, how the switch is opened.
var switchWords = map[string]message.ID{"MIUI": "outlook.switch.miui", "HyperOS": "outlook.switch.hyperos"}

func (f Facts) openSwitch(found report.Finding) message.Sentence {
	return message.Say(switchWords[f.Identity.OS.Name.Value], "check", found.ID)
}
