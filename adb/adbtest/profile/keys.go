package profile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// repeatable are the keys of handset.txt that may be given more than once.
var repeatable = []string{"user", "account", "imei", "volume"}

// keys is how each key of handset.txt is read.
func (p *Profile) keys() map[string]func(v string) error {
	return map[string]func(v string) error{
		"title":            text(&p.Title),  // shown to a person
		"serial":           text(&p.Serial), // if it differs from ro.serialno
		"features":         p.parseFeatures,
		"user":             p.parseUser,
		"current-user":     number(&p.CurrentUser, 10), // on the screen, if it is not the owner
		"account":          p.parseAccount,
		"imei":             func(v string) error { p.SIMs = append(p.SIMs, SIM{IMEI: v}); return nil }, // slot by slot, when no Property holds it
		"volume":           p.parseVolume,
		"battery":          p.parseBattery,
		"storage":          p.parseStorage,
		"profile-owner":    text(&p.ProfileOwner), // package/class
		"device-owner":     text(&p.DeviceOwner),  // package/class
		"no-factory-reset": yes(&p.ForbidsReset),  // a policy forbids it
		// absent is a handset without it, denied one that refuses the shell an answer.
		"find-device":   func(v string) (err error) { p.FindDevice, err = oneOf(v, "on", "off", "absent", "denied"); return err },
		"screen-lock":   yes(&p.ScreenLock),
		"mask-accounts": yes(&p.MasksAccounts), // in dumpsys account
		"shell-toggle":  text(&p.ShellToggle),  // the Property that gates input and contacts
		"cpu-id":        text(&p.CPU),          // also in /proc/serial_num
	}
}

// parseFeatures reads those of adbd. delayed_ack is left out: no emulated adbd counts the
// bytes of acknowledgements, and a computer does that only where both offer it.
func (p *Profile) parseFeatures(v string) error {
	p.Features = slices.DeleteFunc(strings.Fields(v), func(feature string) bool { return feature == "delayed_ack" })
	return nil
}

// parseKey reads one "key: value" line of handset.txt; given remembers the keys
// of the lines before.
func (p *Profile) parseKey(given map[string]bool, line string) error {
	key, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	read := p.keys()[key]
	switch {
	case !ok || value == "":
		return fmt.Errorf("%q is not key: value", line)
	case read == nil:
		return fmt.Errorf("no key is called %q", key)
	case given[key] && !slices.Contains(repeatable, key):
		return fmt.Errorf("%s is given twice", key)
	}
	given[key] = true
	if err := read(value); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// parseUser reads `0 c13 running Owner`: id, flags in hexadecimal, running or
// stopped, name.
func (p *Profile) parseUser(v string) error {
	var u User
	err := words(v, "id flags running|stopped name", number(&u.ID, 10), number(&u.Flags, 16), either(&u.Running, "running", "stopped"), text(&u.Name))
	if err == nil && p.user(u.ID) != nil {
		err = fmt.Errorf("user %d is there twice", u.ID)
	}
	p.Users = append(p.Users, u)
	return err
}

func (p *Profile) user(id int) *User {
	if i := slices.IndexFunc(p.Users, func(u User) bool { return u.ID == id }); i >= 0 {
		return &p.Users[i]
	}
	return nil
}

// parseAccount reads `0 com.google owner@example.com`: user, type, name.
func (p *Profile) parseAccount(v string) error {
	var id int
	var a Account
	if err := words(v, "user type name", number(&id, 10), text(&a.Kind), text(&a.Name)); err != nil {
		return err
	}
	u := p.user(id)
	if u == nil {
		return fmt.Errorf("there is no user %d above", id)
	}
	u.Accounts = append(u.Accounts, a)
	return nil
}

// parseVolume reads `public:179,65 mounted 6132-3A29`.
func (p *Profile) parseVolume(v string) error {
	var volume Volume
	err := words(v, "id state label", text(&volume.ID), text(&volume.State), text(&volume.Label))
	p.Volumes = append(p.Volumes, volume)
	return err
}

// parseBattery reads `87 2 294 usb`: per cent, health as BatteryManager numbers
// it, tenths of a degree, and the power supply: the word usb or none.
func (p *Profile) parseBattery(v string) error {
	b := &p.Battery
	tenths := func(v string) (err error) { b.Tenths, err = strconv.Atoi(v); return err } // below zero in a cold room
	err := words(v, "level health tenths usb|none", number(&b.Level, 10), number(&b.Health, 10), tenths, either(&b.Powered, "usb", "none"))
	if err == nil && b.Level > 100 {
		err = fmt.Errorf("level %d is not within 0 to 100", b.Level)
	}
	return err
}

// parseStorage reads `112640000 48211968`: size and use of shared storage in KiB.
func (p *Profile) parseStorage(v string) error {
	err := words(v, "total used, in KiB", number(&p.Storage.TotalKB, 10), number(&p.Storage.UsedKB, 10))
	if err == nil && p.Storage.UsedKB > p.Storage.TotalKB {
		err = errors.New("more is used than there is")
	}
	return err
}

func parseOwner(v string) (uid, gid uint32, err error) {
	u, g, _ := strings.Cut(v, ":")
	uid, ok := vfs.IDOf(u)
	gid, ok2 := vfs.IDOf(g)
	if !ok || !ok2 {
		return 0, 0, fmt.Errorf("%q is not user:group", v)
	}
	return uid, gid, nil
}

// words reads each word of v, and the rest with the last of read. want describes them.
func words(v, want string, read ...func(word string) error) error {
	if len(strings.Fields(v)) < len(read) {
		return errors.New("want: " + want)
	}
	for i, fn := range read {
		word := strings.TrimLeft(v, " ")
		if i < len(read)-1 {
			word, v, _ = strings.Cut(word, " ")
		}
		if err := fn(word); err != nil {
			return err
		}
	}
	return nil
}

func text(to *string) func(string) error { return func(v string) error { *to = v; return nil } }

// number reads a number that is not negative.
func number[T int | int64 | uint32](to *T, base int) func(string) error {
	return func(v string) error {
		n, err := strconv.ParseInt(v, base, 64)
		if *to = T(n); err != nil || n < 0 || int64(*to) != n {
			return fmt.Errorf("%q is not a number", v)
		}
		return nil
	}
}

// either reads one word as true, and another as false.
func either(to *bool, is, not string) func(string) error {
	return func(v string) error {
		v, err := oneOf(v, is, not)
		*to = v == is
		return err
	}
}

func yes(to *bool) func(string) error { return either(to, "yes", "no") }

func oneOf(v string, allowed ...string) (string, error) {
	if !slices.Contains(allowed, v) {
		return "", fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
	}
	return v, nil
}
