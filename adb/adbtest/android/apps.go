package android

import (
	"slices"

	"preship/adb/adbtest/profile"
)

// Apps returns the installed apps.
func (s *State) Apps() []profile.App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.data.apps)
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
