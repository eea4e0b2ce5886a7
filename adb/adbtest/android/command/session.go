package command

import (
	"fmt"
	"strconv"
	"sync"

	"preship/adb/adbtest/android"
)

// installer holds the sessions of pm install-create that are not committed.
type installer struct {
	mu       sync.Mutex
	sessions map[int]*installSession
	made     int
}

// installSession holds what pm install-write brought, and the options of install-create.
type installSession struct {
	options installOptions
	files   []apkFile
}

// maxSessions is how many sessions one app may have open.
const maxSessions = 50

// pmSession is install-create, install-write, install-commit and install-abandon.
func (p *process) pmSession(verb string, args []string) int {
	rest, o := installArgs(args)
	if verb == "install-create" {
		id, ok := p.installs.create(o)
		if !ok {
			return android.Exception(p.Stderr, verb, "java.lang.IllegalStateException: Too many active sessions for UID 2000")
		}
		p.Printf("Success: created install session [%d]\n", id)
		return 0
	}
	id := -1
	if len(rest) > 0 {
		id, _ = strconv.Atoi(rest[0])
	}
	switch {
	case !p.installs.has(id):
		return android.Exception(p.Stderr, verb, "java.lang.SecurityException: Caller has no access to session "+strconv.Itoa(id))
	case verb == "install-write":
		return p.sessionWrite(id, rest[1:], o.size)
	case verb == "install-abandon":
		p.installs.take(id)
	default:
		s := p.installs.take(id)
		if s == nil {
			return p.installFailed(installNoBase)
		}
		if why := p.install(s.files, s.options); why != "" {
			return p.installFailed(why)
		}
	}
	p.Printf("Success\n")
	return 0
}

func (p *process) sessionWrite(id int, rest []string, size int64) int {
	if len(rest) == 0 {
		fmt.Fprintln(p.Stderr, "Error: must specify a split name")
		return 1
	}
	name := "-"
	if len(rest) > 1 {
		name = rest[1]
	}
	if size < 0 && name == "-" {
		fmt.Fprintln(p.Stderr, "Error: must specify a APK size")
		return 1
	}
	apk, why := p.readPackage(name, size)
	if why == notOpened {
		p.cannotOpen(name)
		return 255
	}
	if why != "" {
		return p.installFailed(why)
	}
	if !p.installs.add(id, apk) {
		return p.installFailed(installFull)
	}
	p.Printf("Success: streamed %d bytes\n", len(apk.data))
	return 0
}

func (i *installer) create(o installOptions) (int, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.sessions) >= maxSessions {
		return 0, false
	}
	if i.sessions == nil {
		i.sessions = map[int]*installSession{}
	}
	i.made++
	id := 1000000 + i.made*7919 // as scattered as the real ones, and always the same
	i.sessions[id] = &installSession{options: o}
	return id, true
}

func (i *installer) has(id int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	_, ok := i.sessions[id]
	return ok
}

// add keeps a file of a session; it is false when the sessions hold too much.
func (i *installer) add(id int, apk apkFile) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.sessions[id] == nil { // committed meanwhile
		return false
	}
	held := len(apk.data)
	for _, s := range i.sessions {
		for _, f := range s.files {
			held += len(f.data)
		}
	}
	if held > 4*maxAPK {
		return false
	}
	i.sessions[id].files = append(i.sessions[id].files, apk)
	return true
}

// take ends a session and returns it.
func (i *installer) take(id int) *installSession {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.sessions[id]
	delete(i.sessions, id)
	return s
}
