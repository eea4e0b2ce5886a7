package locks

import (
	"context"
	"slices"
	"strconv"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
)

// Statuses of a lock.
const (
	Clear   = "clear"
	Set     = "set"
	Unknown = "unknown"
)

// Weight says how much a set lock matters for the repair.
type Weight int

const (
	// Minor: the owner should know; nothing depends on it.
	Minor Weight = iota
	// Matters: the owner would regret posting the handset like this.
	Matters
	// Holds: the service centre cannot work on the handset, or it cannot be used after a reset.
	Holds
)

// Lock is one row of the lock table: something that holds a handset back or
// should not travel with it, how to see it, and how its owner removes it.
// There is no other way to remove it here.
type Lock struct {
	ID     string
	Clear  message.ID // what holds when it is off: "Find Device is off"
	Weight Weight
	Why    string // what happens when it is left
	// Remove says how the owner removes it, in plain words, by the name of the
	// OS; "" holds the words for every other one.
	Remove map[string]message.ID
	// Look says where the owner sees for themselves, for a handset that does not
	// tell; "" where that is not worth asking for.
	Look message.ID
	// Needs is who has to remove it where the owner cannot; "" is the owner, who
	// can within minutes. Read it with RemovedBy.
	Needs message.ID
	// Firm: no reset is made while it is not clear, and --despite does not override it.
	Firm bool
	// Page shows the place on the handset, nil if there is no row for it. A vendor's row may name another.
	Page *handset.Command
	// Vendors are the vendor rows it exists for, nil means all.
	Vendors []string

	read func(context.Context, handset.Reader, Answers) State
}

// State is the state of one lock.
type State struct {
	Status   string           // Clear, Set or Unknown
	Summary  message.ID       // one calm sentence for people
	Count    int              // its {count}; 0 if the sentence has no count
	Remove   message.ID       // how this one is removed, where the lock's own words do not hold; else ""
	Observed string           // the answer of the handset, printable; the reason when it is unknown
	Seen     message.Sentence // the sentence of Observed; empty: Observed is in the handset's own words
	Inferred bool             // concluded from something else than the lock itself
	Refs     []string
}

// Says returns the state of the lock as a sentence for people.
func (s State) Says() message.Sentence {
	if s.Count > 0 {
		return message.Say(s.Summary, "count", s.Count)
	}
	return message.Say(s.Summary)
}

// Saw returns the observation as a sentence. Without an ID it is in the handset's own words,
// or empty.
func (s State) Saw() message.Sentence { return message.Signed(s.Observed, &s.Seen) }

// seen returns the state with this observation.
func (s State) seen(observed message.Sentence) State {
	s.Observed, s.Seen = observed.String(), observed
	return s
}

// Answers are read by the locks: who the handset is, and the answers that several
// locks share. Look again for fresh ones.
type Answers struct {
	Identity handset.Identity
	Users    handset.List[dump.User]
	Accounts handset.List[dump.UserAccounts]
}

// Look asks for the answers that several locks share.
func Look(ctx context.Context, r handset.Reader, id handset.Identity) Answers {
	s := LookUsers(ctx, r, id)
	s.Accounts = handset.AskList(ctx, r, handset.DumpAccounts.Must(), dump.ParseAccounts)
	for _, a := range s.Accounts.Items {
		if s.Users.Known() && !slices.ContainsFunc(s.Users.Items, func(u dump.User) bool { return u.ID == a.User.ID }) {
			s.Users.Unknown = message.Say("lock.why.not-listed", "user", strconv.Itoa(a.User.ID))
		}
		if s.Users.Known() && slices.ContainsFunc(s.Users.Items, func(u dump.User) bool { return u.ID == a.User.ID && u.Managed() != a.User.Managed() }) {
			s.Users.Unknown = message.Say("lock.why.profile", "user", strconv.Itoa(a.User.ID))
		}
	}
	return s
}

// LookUsers asks for the users only, which is enough for a lock that is no account.
func LookUsers(ctx context.Context, r handset.Reader, id handset.Identity) Answers {
	s := Answers{Identity: id, Accounts: handset.List[dump.UserAccounts]{Unknown: message.Say("lock.why.not-asked")}}
	s.Users = handset.AskUsers(ctx, r, s.vendor())
	return s
}

func (s Answers) vendor() *handset.VendorRow {
	if s.Identity.Vendor == nil {
		return handset.Vendors[len(handset.Vendors)-1]
	}
	return s.Identity.Vendor
}

// Read reads the lock. What cannot be read is unknown, never clear.
func (l *Lock) Read(ctx context.Context, r handset.Reader, s Answers) State {
	state := l.read(ctx, r, s)
	state.Refs = slices.DeleteFunc(state.Refs, func(ref string) bool { return ref == "" })
	return state
}

// Concerns reports whether the lock is to be asked of this handset.
func (l *Lock) Concerns(id handset.Identity) bool {
	if l.ID == System && id.PlainEmulator() {
		return false // no maker's system is for it
	}
	return id.Vendor == nil || l.Applies(id.Vendor)
}

// Applies reports whether handsets of vendor v can have the lock.
func (l *Lock) Applies(v *handset.VendorRow) bool {
	return l.Vendors == nil || slices.Contains(l.Vendors, v.Name)
}

// Removal returns how a lock in state s is removed on this handset, in the words of its OS.
func (l *Lock) Removal(id handset.Identity, s State) message.ID {
	if s.Remove != "" {
		return s.Remove
	}
	if words, ok := l.Remove[id.OS.Name.Value]; ok {
		return words
	}
	return l.Remove[""]
}

// RemovedBy returns who has to remove the lock, "" is the owner. how is what [Lock.Removal]
// returned.
func (l *Lock) RemovedBy(how message.ID) message.ID {
	for _, m := range managers {
		if m.removal == how {
			return m.removeBy
		}
	}
	return l.Needs
}

// PageOn returns the row that opens the lock's page on a handset of vendor v, or nil.
func (l *Lock) PageOn(v *handset.VendorRow) *handset.Command {
	if page, ok := v.Pages[l.ID]; ok {
		return page
	}
	return l.Page
}

// ByID returns the row with the ID, or nil.
func ByID(id string) *Lock {
	i := slices.IndexFunc(All, func(l *Lock) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return All[i]
}

// Firm reports whether id is that of a lock that --despite does not override.
func Firm(id string) bool {
	l := ByID(id)
	return l != nil && l.Firm
}

// unknownLock returns an unknown state: a sentence for people, and the reason.
func unknownLock(summary message.ID, why message.Sentence, refs ...string) State {
	return State{Status: Unknown, Summary: summary, Refs: refs}.seen(why)
}

// count sums the accounts for which wanted is true over all users, and lists
// the users whose accounts were not seen.
func (s Answers) count(wanted func(string) bool) (n int, where, unseen []message.Sentence) {
	for _, u := range s.Accounts.Items {
		mine := 0
		for _, a := range u.Accounts {
			if wanted(a.Type) {
				mine++
			}
		}
		if n += mine; mine > 0 {
			where = append(where, message.Say("lock.seen.user-accounts", "user", strconv.Itoa(u.User.ID), "number", strconv.Itoa(mine)))
		}
	}
	for _, u := range s.Users.Items {
		if !slices.ContainsFunc(s.Accounts.Items, func(a dump.UserAccounts) bool { return a.User.ID == u.ID }) {
			unseen = append(unseen, message.Say("lock.seen.user-state", "user", strconv.Itoa(u.ID), "state", u.Kind))
		}
	}
	return n, where, unseen
}

// accountWords are the sentences for people about one kind of account.
type accountWords struct{ notListed, signedIn, unclear, usersNotListed, otherUser, signedOut message.ID }

// spaceWords are the sentences for people about one kind of user; other is for one that is
// neither the owner nor of a kind with a name.
type spaceWords struct{ notListed, there, other, absent message.ID }

// nearly reports whether a type differs from another one by one character: a letter that
// was lost on the way makes an account one of an app that does not exist.
func nearly(kind, other string) bool {
	if len(kind) > len(other) {
		kind, other = other, kind
	}
	if kind == other || len(other)-len(kind) > 1 {
		return false
	}
	at := 0
	for at < len(kind) && kind[at] == other[at] {
		at++
	}
	return kind[at:] == other[at+1:] || len(kind) == len(other) && kind[at+1:] == other[at+1:]
}

// like returns an account type that is nearly one of types, "" is no such account.
func (s Answers) like(types []string) string {
	for _, u := range s.Accounts.Items {
		for _, a := range u.Accounts {
			if !slices.Contains(types, a.Type) && slices.ContainsFunc(types, func(t string) bool { return nearly(a.Type, t) }) {
				return a.Type
			}
		}
	}
	return ""
}

// readAccounts reads a lock that is an account of the types that kinds returns. It is
// clear only when the accounts of every user were seen, and no account has nearly such a type.
func readAccounts(words accountWords, kinds func(Answers) []string) func(context.Context, handset.Reader, Answers) State {
	return readCounted(words, kinds, func(s Answers, kind string) bool { return slices.Contains(kinds(s), kind) })
}

// readCounted reads a lock that is an account for which wanted is true.
func readCounted(words accountWords, kinds func(Answers) []string, wanted func(Answers, string) bool) func(context.Context, handset.Reader, Answers) State {
	return func(_ context.Context, _ handset.Reader, s Answers) State {
		refs := []string{s.Accounts.Ref, s.Users.Ref}
		if !s.Accounts.Known() {
			return unknownLock(words.notListed, s.Accounts.Unknown, refs...)
		}
		n, where, unseen := s.count(func(kind string) bool { return wanted(s, kind) })
		switch {
		case n > 0:
			return State{Status: Set, Summary: words.signedIn, Count: n, Refs: refs}.seen(message.Join(message.Comma, where...))
		case s.like(kinds(s)) != "":
			return unknownLock(words.unclear, message.Say("lock.why.type", "type", strconv.Quote(s.like(kinds(s)))), refs...)
		case !s.Users.Known():
			return unknownLock(words.usersNotListed, s.Users.Unknown, refs...)
		case len(unseen) > 0:
			return unknownLock(words.otherUser, message.Say("lock.why.unseen", "users", unseen), refs...)
		}
		return State{Status: Clear, Summary: words.signedOut, Refs: refs}.seen(message.Say("lock.seen.accounts", "count", len(s.Accounts.Items)))
	}
}

// readUsers reads a lock that is a user of one of kinds. It names every such user, also
// one that is not running.
func readUsers(words spaceWords, kinds ...string) func(context.Context, handset.Reader, Answers) State {
	return func(_ context.Context, _ handset.Reader, s Answers) State {
		if !s.Users.Known() {
			return unknownLock(words.notListed, s.Users.Unknown, s.Users.Ref)
		}
		var there []message.Sentence
		summary := words.other
		for _, u := range s.Users.Items {
			if !slices.Contains(kinds, u.Kind) {
				continue
			}
			if u.Kind != dump.UserSecondary {
				summary = words.there
			}
			there = append(there, message.Say("lock.seen.user-state", "user", strconv.Itoa(u.ID), "state", u.State()))
		}
		if len(there) > 0 {
			return State{Status: Set, Summary: summary, Refs: []string{s.Users.Ref}}.seen(message.Join(message.Comma, there...))
		}
		return State{Status: Clear, Summary: words.absent, Refs: []string{s.Users.Ref}}.seen(message.Say("lock.seen.users", "count", len(s.Users.Items)))
	}
}

// readFact reads a lock that identify has seen already.
func readFact(fact func(handset.Identity) handset.Fact, clear, set string, summary map[string]message.ID) func(context.Context, handset.Reader, Answers) State {
	return func(_ context.Context, _ handset.Reader, s Answers) State {
		f := fact(s.Identity)
		state := State{Refs: []string{f.Ref}}.seen(saw(f))
		switch f.Value {
		case clear:
			state.Status = Clear
		case set:
			state.Status = Set
		default:
			return unknownLock(summary[Unknown], message.Join(message.Colon, f.Unknown, saw(f)), f.Ref)
		}
		state.Summary = summary[state.Status]
		return state
	}
}

// saw is what shows the value of a fact: a sentence, or the handset's own word.
func saw(f handset.Fact) message.Sentence {
	switch {
	case !f.Saw.Empty():
		return f.Saw
	case f.Value == "":
		return message.Sentence{}
	}
	return message.AsIs(f.Value)
}
