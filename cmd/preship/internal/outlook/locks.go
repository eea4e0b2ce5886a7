package outlook

import (
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// doWords are short words for what an owner must do about a lock, or about a
// card inside the handset. The step that waits for it says it in full.
var doWords = map[string]message.ID{
	locks.FindDevice:     "outlook.do.find-device",
	locks.MiAccount:      "outlook.do.mi",
	locks.GoogleAccount:  "outlook.do.google",
	locks.FRP:            "outlook.do.google",
	locks.SIM:            "outlook.do.sim",
	locks.SD:             "outlook.do.sd",
	locks.ESIM:           "outlook.do.esim",
	verify.CheckUnlinked: "outlook.do.unlinked",
}

// judgeLocks takes the locks in the order in which they must go. A lock that needs
// another person than the owner stops the job: that can take days.
func (f Facts) judgeLocks(o *Outlook) {
	for _, l := range f.Locks.Locks {
		found, ok := f.Checked.ByID(l.ID)
		if !ok {
			continue
		}
		row := locks.ByID(l.ID)
		remove := message.Signed(l.Remove, l.RemoveMessage)
		switch {
		case f.Despite(l.ID) && !locks.Firm(l.ID):
		case found.Status == report.StatusUnknown && stands(found):
			f.blockOrAsk(o, found)
		case found.Status == report.StatusFail && row != nil && (locks.Firm(l.ID) || RemovedBy(l) != ""):
			f.blockOrAsk(o, found)
		case found.Status == report.StatusFail, found.Status == report.StatusWarn && inside[l.ID] && found.Method != report.MethodAttested:
			f.todo(o, l.ID, remove)
		}
	}
	if found, ok := f.Checked.ByID(verify.CheckUnlinked); ok && found.Status == report.StatusUnknown {
		f.todo(o, found.ID, found.Advised())
		o.Todo[len(o.Todo)-1].Flag = "--attest " + found.ID
	}
}

// inside are things that must be taken out of the handset.
var inside = map[string]bool{locks.SIM: true, locks.SD: true, locks.ESIM: true}

// todo enters what an owner must do. Two locks that go the same way are entered once.
func (f Facts) todo(o *Outlook, id string, how message.Sentence) {
	says := check.Title(id)
	if words, ok := doWords[id]; ok {
		says = message.Say(words)
	}
	for _, t := range o.Todo {
		if t.Says.String() == says.String() {
			return
		}
	}
	o.Todo = append(o.Todo, Item{ID: id, Says: says, Next: how})
}

// RemovedBy returns who must take a lock off, "" is the owner.
func RemovedBy(l report.Lock) message.ID {
	row := locks.ByID(l.ID)
	switch {
	case row == nil:
		return ""
	case l.RemoveMessage == nil:
		return row.Needs
	}
	return row.RemovedBy(l.RemoveMessage.ID())
}

// todoReset enters what the reset asks for, and the setting up after it.
func (f Facts) todoReset(o *Outlook) {
	if f.Way == nil {
		return
	}
	o.Todo = append(o.Todo,
		Item{ID: report.StepReset, Says: message.Say("outlook.todo.reset", "does", f.Way.Asks), Flag: "--confirm"},
		Item{ID: report.StepVerify, Says: message.Say("outlook.todo.verify")})
}
