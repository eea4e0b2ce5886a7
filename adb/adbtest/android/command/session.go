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
	held     int // bytes
}

// installSession holds what pm install-write brought, and the options of install-create.
type installSession struct {
	options installOptions
	files   []apkFile
}

// maxSessions is how many sessions one app may have open, and maxHeld how many bytes of files.
const (
	maxSessions = 50
	maxHeld     = 4 * maxAPK
)

// pmCreate is pm install-create.
func pmCreate(p *process, verb string, args []string) int {
	_, o := installArgs(args)
	i := p.installs
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.sessions) >= maxSessions {
		return android.Exception(p.Stderr, verb, "java.lang.IllegalStateException: Too many active sessions for UID 2000")
	}
	if i.sessions == nil {
		i.sessions = map[int]*installSession{}
	}
	i.made++
	id := 1000000 + i.made*7919 // as scattered as the real ones, and always the same
	i.sessions[id] = &installSession{options: o}
	p.Printf("Success: created install session [%d]\n", id)
	return 0
}

// pmSession is install-write, install-commit and install-abandon.
func pmSession(p *process, verb string, args []string) int {
	rest, o := installArgs(args)
	id, _ := strconv.Atoi(append(rest, "")[0])
	session := p.installs.session(id, verb != "install-write")
	switch {
	case session == nil:
		return android.Exception(p.Stderr, verb, "java.lang.SecurityException: Caller has no access to session "+strconv.Itoa(id))
	case verb == "install-write":
		return p.sessionWrite(id, rest[1:], o.size)
	case verb == "install-abandon":
		return p.installed("")
	}
	return p.installed(p.install(session.files, session.options))
}

// session returns a session that is open, else nil, and ends it.
func (i *installer) session(id int, ends bool) *installSession {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.sessions[id]
	if s != nil && ends {
		delete(i.sessions, id)
		for _, f := range s.files {
			i.held -= len(f.data)
		}
	}
	return s
}

func (p *process) sessionWrite(id int, rest []string, size int64) int {
	if len(rest) == 0 {
		fmt.Fprintln(p.Stderr, "Error: must specify a split name")
		return 1
	}
	name := append(rest[1:], "-")[0]
	if size < 0 && name == "-" {
		fmt.Fprintln(p.Stderr, "Error: must specify a APK size")
		return 1
	}
	apk, why := p.readPackage(name, size)
	if why == notOpened {
		return 255
	}
	if why == "" && !p.installs.add(id, apk) {
		why = installFull
	}
	if why != "" {
		return p.installed(why)
	}
	p.Printf("Success: streamed %d bytes\n", len(apk.data))
	return 0
}

// add keeps a file of a session; it is false when the sessions hold too much, or this one
// has ended meanwhile.
func (i *installer) add(id int, apk apkFile) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.sessions[id]
	if s == nil || i.held+len(apk.data) > maxHeld {
		return false
	}
	i.held += len(apk.data)
	s.files = append(s.files, apk)
	return true
}
