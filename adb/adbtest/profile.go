package adbtest

import "preship/adb/adbtest/profile"

// Profile describes a model of handset. It is read-only: any number of handsets
// may be built from one.
type Profile = profile.Profile

// ErrProfile is wrapped by every error of [Parse] and [Load].
var ErrProfile = profile.ErrInvalid

// Profiles lists the names of the profiles that come with preship.
func Profiles() []string { return profile.Names() }

// Load reads a profile that comes with preship.
func Load(name string) (*Profile, error) { return profile.Load(name, programs) }

// Parse reads a profile from a txtar archive; see [profile.Parse] for its files.
func Parse(name string, archive []byte) (*Profile, error) {
	return profile.Parse(name, archive, programs)
}
