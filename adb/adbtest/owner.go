package adbtest

import (
	"sync"
	"time"
)

// Owner is the person with the handset in hand: which of the things a screen
// offers they do, so that whole stories run unattended. The zero value touches
// nothing, and the story waits for as long as its caller does.
type Owner struct {
	AcceptsDebugging bool          // allows this computer when asked, and always
	SignsOut         bool          // removes the account whose page is shown
	PicksAssistant   bool          // "Connect with MIAssistant" in the recovery menu
	LeavesRecovery   bool          // "Reboot" in the recovery menu
	SetsUpAgain      bool          // skips set-up after a reset and turns USB debugging on
	FollowsReset     bool          // goes through the vendor's reset when its pages are shown
	ImportsContacts  bool          // says yes when a file of contacts is opened
	GivesSecrets     bool          // types the screen lock and the account's password where asked
	Pause            time.Duration // before each of these
	// Reads is how often a computer reads a page of the vendor's reset before the owner
	// touches it. 2 is an owner who waits for its instruction: a computer that reads the
	// page again has given it. 0 waits for no computer.
	Reads int
}

// OwnerHelpful does all that is asked, at once.
func OwnerHelpful() Owner {
	return Owner{AcceptsDebugging: true, SignsOut: true, PicksAssistant: true, SetsUpAgain: true, ImportsContacts: true, GivesSecrets: true}
}

// OwnerGuided is OwnerHelpful, who also resets the handset once its settings
// are shown.
func OwnerGuided() Owner {
	o := OwnerHelpful()
	o.FollowsReset = true
	o.Pause = 350 * time.Millisecond // for who reads the screen to see the page
	return o
}

// OwnerIdle touches nothing.
func OwnerIdle() Owner { return Owner{} }

// person lets an Owner act on what a handset shows. It owns the goroutines in
// which the acts happen; close waits for them.
type person struct {
	owner Owner

	mu    sync.Mutex
	gone  chan struct{}
	ended bool
	acts  sync.WaitGroup
}

func newPerson(o Owner) *person {
	return &person{owner: o, gone: make(chan struct{})}
}

// shown puts something on the screen that waits for the person. act runs later, on
// another goroutine, if this is something that the owner does.
func (p *person) shown(does bool, act func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || !does {
		return
	}
	p.acts.Go(func() {
		if p.waits(p.owner.Pause) {
			act()
		}
	})
}

// waits waits, and reports whether the person is still there afterwards.
func (p *person) waits(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.gone:
		return false
	}
}

// close ends all acts under way; shown does nothing afterwards.
func (p *person) close() {
	p.mu.Lock()
	if !p.ended {
		p.ended = true
		close(p.gone)
	}
	p.mu.Unlock()
	p.acts.Wait()
}
