package android

import (
	"slices"

	"preship/adb/adbtest/profile"
)

// VendorAccount is the type of account that Find Device belongs to.
const VendorAccount = "com.xiaomi"

// Users returns the users with their accounts.
func (s *State) Users() []profile.User {
	return read(s, func(d *data) []profile.User { return slices.Clone(d.users) })
}

// Owned returns what the profile says of the owner's hold on the handset: screen lock,
// managers, a policy against resets, and the user on the screen. A reset ends all of it.
func (s *State) Owned() profile.Owned {
	if read(s, func(d *data) bool { return d.resets > 0 }) {
		return profile.Owned{}
	}
	return s.Profile.Owned
}

// SignIn adds an account to the handset's owner.
func (s *State) SignIn(kind, name string) {
	s.change(func(d *data) {
		for i := range d.users {
			if u := &d.users[i]; u.ID == 0 {
				u.Accounts = append(slices.Clone(u.Accounts), profile.Account{Kind: kind, Name: name})
			}
		}
	}, Event{Kind: Changed})
}

// RemoveAccounts signs every user out of the accounts of one kind, "" for all, and
// returns how many there were. Signing out of the vendor's account switches its Find Device off.
func (s *State) RemoveAccounts(kind string) int {
	s.mu.Lock()
	n, vendor := 0, false
	for i := range s.data.users {
		u := &s.data.users[i]
		left := slices.DeleteFunc(slices.Clone(u.Accounts), func(a profile.Account) bool { return kind == "" || a.Kind == kind })
		n += len(u.Accounts) - len(left)
		u.Accounts = left
		vendor = vendor || slices.ContainsFunc(left, func(a profile.Account) bool { return a.Kind == VendorAccount })
	}
	if s.data.findDevice == "on" && !vendor {
		s.data.findDevice = "off"
	}
	s.mu.Unlock()
	if n > 0 {
		s.publish(Event{Kind: Changed})
	}
	return n
}

// FindDevice returns the vendor's Find Device: on, off, absent or denied.
func (s *State) FindDevice() string { return read(s, func(d *data) string { return d.findDevice }) }

// SwitchFindDeviceOff switches Find Device off, as the vendor's server does for the
// right password.
func (s *State) SwitchFindDeviceOff() {
	s.change(func(d *data) { d.findDevice = "off" }, Event{Kind: Changed})
}

// ShellAllowed reports whether the vendor's second debugging switch, "USB
// debugging (Security settings)", lets the shell send input, write settings and
// read contacts. A handset without that switch allows it.
func (s *State) ShellAllowed() bool {
	return s.Profile.ShellToggle == "" || s.Prop(s.Profile.ShellToggle) == "1"
}

// Apps returns the installed apps.
func (s *State) Apps() []profile.App {
	return read(s, func(d *data) []profile.App { return slices.Clone(d.apps) })
}

// App returns an installed app.
func (s *State) App(name string) (profile.App, bool) {
	apps := s.Apps()
	at := slices.IndexFunc(apps, func(a profile.App) bool { return a.Name == name })
	if at < 0 {
		return profile.App{}, false
	}
	return apps[at], true
}

// PutApp installs an app. An update keeps the time of the first installation, and
// a part of the system stays one.
func (s *State) PutApp(a profile.App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.IndexFunc(s.data.apps, func(old profile.App) bool { return old.Name == a.Name }); at >= 0 {
		a.Installed, a.ThirdParty = s.data.apps[at].Installed, s.data.apps[at].ThirdParty
		s.data.apps = slices.Delete(slices.Clone(s.data.apps), at, at+1)
	}
	s.data.apps = append(slices.Clip(s.data.apps), a)
}

// RemoveApp removes an app and returns it. Parts of the system cannot be removed.
func (s *State) RemoveApp(name string) (profile.App, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.data.apps, func(a profile.App) bool { return a.Name == name && a.ThirdParty })
	if at < 0 {
		return profile.App{}, false
	}
	gone := s.data.apps[at]
	s.data.apps = slices.Delete(slices.Clone(s.data.apps), at, at+1)
	return gone, true
}
