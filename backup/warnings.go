package backup

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"preship/backup/agefile"
	"preship/backup/localbackup"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// encrypted lists files whose copies cannot be opened after the reset, because the
// handset has the key.
var encrypted = []struct {
	what    message.ID
	matches func(name string) bool
	advice  message.Sentence
}{
	{ // .sa and .sav need keys of the vendor's servers
		"backup.encrypted.album",
		func(name string) bool { return strings.Contains(name, "/secretAlbum/") },
		message.Say("backup.encrypted.album.remedy"),
	},
	{
		"backup.encrypted.safe",
		func(name string) bool { return strings.Contains(name, "/FileExplorer/.safebox/") },
		message.Say("backup.encrypted.safe.remedy"),
	},
	{ // .crypt14 takes the app's own key, .crypt15 the owner's 64 digits
		"backup.encrypted.whatsapp",
		func(name string) bool {
			ext := path.Ext(name)
			return len(ext) == len(".crypt14") && strings.HasPrefix(ext, ".crypt1")
		},
		message.Join(message.Colon, message.AsIs("WhatsApp"), message.Say("backup.messenger.whatsapp")),
	},
}

// openFunc opens the copy of an entry.
type openFunc func(i uint32) (io.ReadCloser, error)

// warned returns findings about files whose copies may not be enough: encrypted ones, and
// the handset's own backups, which it reads with open.
func warned(p *plan.Plan, open openFunc) (found report.Findings) {
	counts := make([]int, len(encrypted))
	locals := map[string]map[string]localbackup.File{}
	for i := range p.Len() {
		if p.Type(i) != manifest.TypeFile || p.State(i) == plan.StateKept {
			continue
		}
		name := string(p.Path(i))
		for k := range encrypted {
			if encrypted[k].matches(name) {
				counts[k]++
			}
		}
		if _, rest, ok := strings.Cut(name, manifest.LocalBackups); ok && strings.Count(rest, "/") == 1 {
			dir := path.Dir(name)
			if locals[dir] == nil {
				locals[dir] = map[string]localbackup.File{}
			}
			f := localbackup.File{Size: p.Length(i)}
			if s := p.State(i); s == plan.StateProved || s == plan.StateSaved {
				f.Open = func() (io.ReadCloser, error) { return open(i) }
			}
			locals[dir][path.Base(name)] = f
		}
	}
	var what, advice []message.Sentence
	for k, n := range counts {
		if n > 0 {
			what = append(what, message.Say(encrypted[k].what, "count", n))
			advice = append(advice, encrypted[k].advice)
		}
	}
	if len(what) > 0 {
		all := message.Join(message.Comma, what...)
		f := report.Finding{ID: check.BackupEncrypted, Status: report.StatusWarn, Method: report.MethodObserved}
		f.See(all)
		f.Tell(message.Say("backup.encrypted.files", "files", all))
		f.Advise(message.Join(message.Stop, advice...))
		found = append(found, f)
	}
	if len(locals) > 0 {
		found = append(found, judgeLocals(locals))
	}
	return found
}

func judgeLocals(locals map[string]map[string]localbackup.File) report.Finding {
	f := report.Finding{ID: check.BackupLocalBackup, Status: report.StatusPass, Method: report.MethodObserved}
	var wrong, whole []message.Sentence
	for _, dir := range slices.Sorted(maps.Keys(locals)) {
		apps, blame := localbackup.Judge(locals[dir])
		name := manifest.Display(path.Base(dir))
		if len(blame) == 0 {
			whole = append(whole, message.Say("backup.local.apps", "name", name, "count", apps))
			continue
		}
		if len(blame) > manifest.MaxNamed {
			blame = append(blame[:manifest.MaxNamed], message.Say("backup.local.more"))
		}
		wrong = append(wrong, message.Join(message.Colon, message.AsIs(name), message.Join(message.Comma, blame...)))
	}
	f.See(message.Say("backup.local-backup.seen", "whole", fmt.Sprint(len(whole)), "count", len(locals)))
	if len(wrong) > 0 {
		f.Status = report.StatusWarn
		f.Tell(message.Say("backup.local-backup.broken", "backups", message.Join(message.Semicolon, wrong...)))
		f.Advise(message.Say("backup.local-backup.remedy"))
		return f
	}
	f.Tell(message.Say("backup.local-backup.complete", "backups", message.Join(message.Semicolon, whole...)))
	return f
}

// localHome is a folder of handsets that can make local backups.
const localHome = manifest.OwnerRoot + "/MIUI"

// offerLocal says how to make a local backup, if the handset can make one and did not. It
// runs before files are copied, so that the backup can be made in time. It is the only way
// to save an app's own data. The sentence names the pages as MIUI 12 to HyperOS have them.
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
		j.say(message.Say("job.local-backup", "count", j.apps))
	}
}

// copies opens the copies on the computer for the checks that read them. It is safe
// for concurrent use.
type copies struct {
	root *os.Root
	plan *plan.Plan
	key  *agefile.Key // opens encrypted copies of an earlier run; nil: they stay closed

	mu  sync.Mutex
	own map[uint32]*agefile.Key // opens encrypted copies that this run wrote
}

// wrote keeps the key of an encrypted copy in memory if the run will read the copy.
func (c *copies) wrote(i uint32, key agefile.FileKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if manifest.IsLocalBackup(c.plan.Path(i)) {
		c.own[i] = key.Key()
	}
}

// open opens the copy of an entry. The caller closes it.
func (c *copies) open(i uint32) (io.ReadCloser, error) {
	key := c.key
	c.mu.Lock()
	if own := c.own[i]; own != nil {
		key = own
	}
	c.mu.Unlock()
	return agefile.Open(c.root, c.plan.InCase(i), c.plan.Stored(i).Stored(), key)
}
