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

// profileKeys is how each key of handset.txt is read.
var profileKeys = map[string]func(p *Profile, v string) error{
	"title":            func(p *Profile, v string) error { p.Title = v; return nil },                    // shown to a person
	"serial":           func(p *Profile, v string) error { p.Serial = v; return nil },                   // if it differs from ro.serialno
	"features":         func(p *Profile, v string) error { p.Features = strings.Fields(v); return nil }, // of adbd
	"user":             (*Profile).parseUser,
	"current-user":     (*Profile).parseCurrentUser, // user on the screen, if it is not the owner
	"account":          (*Profile).parseAccount,
	"imei":             func(p *Profile, v string) error { p.SIMs = append(p.SIMs, SIM{IMEI: v}); return nil }, // slot by slot, when no Property holds it
	"volume":           (*Profile).parseVolume,
	"battery":          (*Profile).parseBattery,
	"storage":          (*Profile).parseStorage,
	"media-owner":      (*Profile).parseMediaOwner,
	"profile-owner":    func(p *Profile, v string) error { p.ProfileOwner = v; return nil },                      // package/class
	"device-owner":     func(p *Profile, v string) error { p.DeviceOwner = v; return nil },                       // package/class
	"no-factory-reset": func(p *Profile, v string) (err error) { p.ForbidsReset, err = parseYes(v); return err }, // a policy forbids it
	"find-device":      (*Profile).parseFindDevice,
	"screen-lock":      func(p *Profile, v string) (err error) { p.ScreenLock, err = parseYes(v); return err },
	"mask-accounts":    func(p *Profile, v string) (err error) { p.MasksAccounts, err = parseYes(v); return err }, // in dumpsys account
	"shell-toggle":     func(p *Profile, v string) error { p.ShellToggle = v; return nil },                        // the Property that gates input and contacts
	"cpu-id":           func(p *Profile, v string) error { p.CPU = v; return nil },                                // also in /proc/serial_num
}

func (p *Profile) parseMediaOwner(v string) (err error) {
	p.MediaUID, p.MediaGID, err = parseOwner(v)
	return err
}

func (p *Profile) parseCurrentUser(v string) error {
	id, err := strconv.ParseUint(v, 10, 16)
	p.CurrentUser = int(id)
	return err
}

// parseFindDevice reads the state of the vendor's Find Device: absent is a handset
// without it, denied one that refuses the shell an answer.
func (p *Profile) parseFindDevice(v string) (err error) {
	p.FindDevice, err = oneOf(v, "on", "off", "absent", "denied")
	return err
}

// parseKey reads one "key: value" line of handset.txt; given remembers the keys
// of the lines before.
func (p *Profile) parseKey(given map[string]bool, line string) error {
	key, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	read := profileKeys[key]
	switch {
	case !ok || value == "":
		return fmt.Errorf("%q is not key: value", line)
	case read == nil:
		return fmt.Errorf("no key is called %q", key)
	case given[key] && !slices.Contains(repeatable, key):
		return fmt.Errorf("%s is given twice", key)
	}
	given[key] = true
	if err := read(p, value); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// parseUser reads `0 c13 running Owner`: id, flags in hexadecimal, running or
// stopped, name.
func (p *Profile) parseUser(v string) error {
	f := strings.SplitN(v, " ", 4)
	var u User
	if n, _ := fmt.Sscanf(v, "%d %x", &u.ID, &u.Flags); n != 2 || len(f) != 4 || u.ID < 0 {
		return errors.New("want: id flags running|stopped name")
	}
	state, err := oneOf(f[2], "running", "stopped")
	if err == nil && p.userIndex(u.ID) >= 0 {
		err = fmt.Errorf("user %d is there twice", u.ID)
	}
	u.Running, u.Name = state == "running", f[3]
	p.Users = append(p.Users, u)
	return err
}

func (p *Profile) userIndex(id int) int {
	return slices.IndexFunc(p.Users, func(u User) bool { return u.ID == id })
}

// parseAccount reads `0 com.google owner@example.com`: user, type, name.
func (p *Profile) parseAccount(v string) error {
	f := strings.SplitN(v, " ", 3)
	if len(f) != 3 {
		return errors.New("want: user type name")
	}
	id, err := strconv.Atoi(f[0])
	if err != nil {
		return err
	}
	i := p.userIndex(id)
	if i < 0 {
		return fmt.Errorf("there is no user %d above", id)
	}
	p.Users[i].Accounts = append(p.Users[i].Accounts, Account{Kind: f[1], Name: f[2]})
	return nil
}

// parseVolume reads `public:179,65 mounted 6132-3A29`.
func (p *Profile) parseVolume(v string) error {
	f := strings.Fields(v)
	if len(f) != 3 {
		return errors.New("want: id state label")
	}
	p.Volumes = append(p.Volumes, Volume{ID: f[0], State: f[1], Label: f[2]})
	return nil
}

// parseBattery reads `87 2 294 usb`: per cent, health as BatteryManager numbers
// it, tenths of a degree, and the power supply: the word usb or none.
func (p *Profile) parseBattery(v string) error {
	var power string
	n, err := fmt.Sscanf(v, "%d %d %d %s", &p.Battery.Level, &p.Battery.Health, &p.Battery.Tenths, &power)
	if err != nil || n != 4 {
		return errors.New("want: level health tenths usb|none")
	}
	power, err = oneOf(power, "usb", "none")
	p.Battery.Powered = power == "usb"
	if err == nil && (p.Battery.Level < 0 || p.Battery.Level > 100) {
		err = fmt.Errorf("level %d is not within 0 to 100", p.Battery.Level)
	}
	return err
}

// parseStorage reads `112640000 48211968`: size and use of shared storage in KiB.
func (p *Profile) parseStorage(v string) error {
	n, err := fmt.Sscanf(v, "%d %d", &p.Storage.TotalKB, &p.Storage.UsedKB)
	if err != nil || n != 2 {
		return errors.New("want: total used, in KiB")
	}
	if p.Storage.UsedKB < 0 || p.Storage.UsedKB > p.Storage.TotalKB {
		return errors.New("more is used than there is")
	}
	return nil
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

func parseYes(v string) (bool, error) {
	v, err := oneOf(v, "yes", "no")
	return v == "yes", err
}

func oneOf(v string, allowed ...string) (string, error) {
	if !slices.Contains(allowed, v) {
		return "", fmt.Errorf("%q is not one of %s", v, strings.Join(allowed, ", "))
	}
	return v, nil
}
