package record

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/imei"
)

// users records the users. Only names that say their purpose are kept.
func (c *recording) users(context.Context) error {
	for _, u := range c.id.Users.Items {
		state, name := "stopped", fmt.Sprintf("User %d", u.ID)
		if u.Running {
			state = "running"
		}
		switch {
		case u.ID == 0:
			name = "Owner"
		case slices.Contains(c.id.Vendor.SecondSpaceName, u.Name):
			name = u.Name
		}
		c.key("user", fmt.Sprintf("%d %x %s %s", u.ID, u.Flags, state, name))
	}
	if !c.id.Users.Known() {
		c.key("user", "0 13 running Owner")
	}
	return nil
}

// accounts records the types of the accounts, with invented names.
func (c *recording) accounts(ctx context.Context) error {
	a, err := c.ask(ctx, handset.DumpAccounts.Must())
	if err != nil {
		return err
	}
	users, err := dump.ParseAccounts(a.Stdout)
	if err != nil {
		return fmt.Errorf("%s: %w", handset.DumpAccounts.Name, err)
	}
	n, masked := 0, false
	for _, u := range users {
		known := slices.ContainsFunc(c.id.Users.Items, func(other dump.User) bool { return other.ID == u.User.ID })
		if !known && u.User.ID != 0 {
			continue
		}
		for _, account := range u.Accounts {
			n++
			c.hide.learn(account.Name)
			c.hide.learnMasked(account.Name)
			masked = masked || strings.Contains(account.Name, "*")
			name := fmt.Sprintf("owner%d@example.com", n)
			if slices.Contains(c.id.Vendor.MiAccountTypes, account.Type) {
				name = fmt.Sprintf("%010d", 6_000_000_000+n)
			}
			c.key("account", fmt.Sprintf("%d %s %s", u.User.ID, account.Type, name))
		}
	}
	if masked {
		c.key("mask-accounts", "yes")
	}
	return nil
}

// numbers records the IMEIs that no property holds, as the telephony service returns
// them, even if identify would reject them.
func (c *recording) numbers(ctx context.Context) error {
	inProperty := func(i handset.IMEI) bool { return c.props[i.Source] != "" }
	if !c.id.Vendor.IMEIService || slices.ContainsFunc(c.id.IMEIs.Items, inProperty) {
		return nil
	}
	for _, slot := range []string{"0", "1"} {
		for _, code := range []string{"4", "3"} {
			a, err := c.ask(ctx, handset.IMEIService.Must(code, slot))
			if err != nil {
				return err
			}
			if number, err := dump.ParseParcelString(a.Stdout); err == nil && len(number) == 15 && imei.Digits(number) {
				c.key("imei", c.hide.instead(number))
				break
			}
		}
	}
	return nil
}

func (c *recording) locks(ctx context.Context) error {
	a, err := c.ask(ctx, handset.FindDevice.Must())
	if err != nil {
		return err
	}
	value, valueErr := handset.ParseContentValue(a, "isLastStatusOpen")
	switch {
	case valueErr == nil && value == "1":
		c.key("find-device", "on")
	case valueErr == nil:
		c.key("find-device", "off")
	case bytes.Contains(a.Stderr, []byte("Could not find provider")) || bytes.Contains(a.Stdout, []byte("Could not find provider")):
		c.key("find-device", "absent")
	default:
		c.key("find-device", "denied")
	}
	if a, err = c.ask(ctx, handset.LockScreen.Must()); err != nil {
		return err
	}
	if strings.TrimSpace(string(a.Stdout)) == "false" {
		c.key("screen-lock", "yes")
	}
	if c.id.AdbInput.Known() {
		c.key("shell-toggle", c.id.AdbInput.Source)
	}
	return nil
}

// management records that a device owner or an owner of user 0's profile manages the
// handset, under another name: only a parent's app of Google's keeps its own.
func (c *recording) management(ctx context.Context) error {
	a, err := c.ask(ctx, handset.DumpPolicy.Must())
	if err != nil {
		return err
	}
	owners, err := dump.ParsePolicy(a.Stdout)
	if err == nil && slices.ContainsFunc(owners, func(o dump.Owner) bool { return o.Device }) {
		c.key("device-owner", someManager)
	}
	if i := slices.IndexFunc(owners, func(o dump.Owner) bool { return !o.Device && o.User == 0 }); err == nil && i >= 0 {
		admin := owners[i].Admin
		if !strings.HasPrefix(admin, "com.google.android.gms") {
			admin = someManager
		}
		c.key("profile-owner", admin)
	}
	if a, err = c.ask(ctx, handset.DumpUser.Must()); err != nil {
		return err
	}
	restrictions, err := dump.ParseRestrictions(a.Stdout)
	if err == nil && slices.Contains(restrictions.User[0], "no_factory_reset") {
		c.key("no-factory-reset", "yes")
	}
	return nil
}

// someManager stands for the app of an organisation.
const someManager = "com.example.mdm/com.example.mdm.AdminReceiver"

// batteryHealth is how BatteryManager numbers what handset.Battery words.
var batteryHealth = map[string]int{"good": 2, "overheat": 3, "dead": 4, "over voltage": 5, "failure": 6, "cold": 7, "": 1}

func (c *recording) hardware() {
	for _, b := range c.id.Battery.Items {
		power := "none"
		if b.Charging {
			power = "usb"
		}
		c.key("battery", fmt.Sprintf("%d %d %.0f %s", b.Level, batteryHealth[b.Health], b.Celsius*10, power))
	}
	for _, d := range c.id.Disk.Items {
		c.key("storage", fmt.Sprintf("%d %d", d.Total>>10, d.Used>>10))
	}
	for _, v := range c.id.Volumes.Items {
		if v.Removable && v.UUID != "" {
			c.key("volume", fmt.Sprintf("%s %s %s", v.ID, v.State, c.hide.hide(v.UUID)))
		}
	}
	if c.id.CPUID.Source == handset.ProcSerial.Line {
		c.key("cpu-id", c.hide.hide(c.id.CPUID.Value))
	}
}

// settingRows are the settings the checks ask for.
var settingRows = []struct {
	row       *handset.Command
	namespace string
	key       string
	private   bool
}{
	{handset.BootCount, "global", "boot_count", false},
	{handset.EUICC, "global", "euicc_provisioned", false},
	{handset.AndroidID, "secure", "android_id", true},
}

func (c *recording) settings(ctx context.Context) (string, error) {
	var b strings.Builder
	for _, s := range settingRows {
		a, err := c.ask(ctx, s.row.Must())
		if err != nil {
			return "", err
		}
		value := strings.TrimSpace(string(a.Stdout))
		if value == "" || value == "null" || len(value) > 64 || strings.ContainsAny(value, " \n") {
			continue
		}
		if s.private {
			value = c.hide.instead(value)
		}
		fmt.Fprintf(&b, "%s %s=%s\n", s.namespace, s.key, value)
	}
	return b.String(), nil
}

// recordedApps are the apps whose pages preship opens or whose presence it checks. Other
// apps are private and are not recorded.
var recordedApps = []string{
	"com.android.settings", "com.android.phone", "com.android.vending", "com.google.android.gms", "com.miui.home",
	"com.xiaomi.account", "com.xiaomi.finddevice", "com.miui.securitycenter",
}

// buildDate is the date of installation that apps of the system report.
var buildDate = time.Date(2009, 1, 1, 8, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05")

func (c *recording) apps(ctx context.Context) (string, error) {
	var b strings.Builder
	for _, name := range recordedApps {
		a, err := c.ask(ctx, handset.PackagePath.Must(name))
		if err != nil {
			return "", err
		}
		if path, ok := strings.CutPrefix(firstLine(a.Stdout), "package:"); ok && strings.HasPrefix(path, "/") && !strings.ContainsAny(path, " \t") {
			fmt.Fprintf(&b, "%s 1 system %s %s\n", name, buildDate, c.hide.hide(path))
		}
	}
	return b.String(), nil
}

func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(b), []byte("\n"))
	return string(line)
}
