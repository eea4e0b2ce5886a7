package adbtest

// Profiles lists the names of the profiles that come with preship.
func Profiles() []string { return shippedProfiles() }

// Load reads a profile that comes with preship.
func Load(name string) (*Profile, error) { return loadProfile(name, programs) }

// Parse reads a profile from a txtar archive, whose files are described at
// [profile.Parse]. Every error wraps [ErrProfile].
func Parse(name string, archive []byte) (*Profile, error) {
	return parseProfile(name, archive, programs)
}
