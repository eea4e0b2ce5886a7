package record

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"preship/report/pattern"

	"golang.org/x/tools/txtar"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
)

// recording is a profile while it is made.
type recording struct {
	r     handset.Reader
	hide  *replacer
	id    handset.Identity
	props dump.Properties
	keys  bytes.Buffer // handset.txt
}

// Profile reads what an emulated handset needs to answer like this one, and returns a
// profile in txtar. device and r are the same handset.
func Profile(ctx context.Context, device *adb.Device, r handset.Reader) ([]byte, error) {
	return profile(ctx, device, r, newReplacer(nil))
}

func profile(ctx context.Context, device *adb.Device, r handset.Reader, hide *replacer) ([]byte, error) {
	c := &recording{r: r, hide: hide}
	answer, err := handset.Ask(ctx, r, handset.GetProp.Must())
	if err != nil {
		return nil, err
	}
	if c.props, err = dump.ParseProperties(answer.Stdout); err != nil {
		return nil, err
	}
	if c.id, err = handset.Identify(ctx, r); err != nil {
		return nil, err
	}
	features, err := device.Features(ctx)
	if err != nil {
		return nil, err
	}
	c.learn()
	c.key("title", c.title())
	if c.props["ro.serialno"] == "" {
		c.key("serial", "recorded-1")
	}
	c.key("features", strings.Join(slices.Sorted(maps.Keys(features)), " "))
	for _, read := range []func(context.Context) error{c.users, c.accounts, c.numbers, c.locks, c.management} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	c.hardware()
	settings, err := c.settings(ctx)
	if err != nil {
		return nil, err
	}
	apps, err := c.apps(ctx)
	if err != nil {
		return nil, err
	}
	archive := &txtar.Archive{
		Comment: []byte("A handset as it answered, with other identifiers in the place of its own.\n"),
		Files: []txtar.File{
			{Name: "handset.txt", Data: c.keys.Bytes()},
			{Name: "getprop.txt", Data: []byte(c.properties())},
			{Name: "settings.txt", Data: []byte(settings)},
			{Name: "apps.txt", Data: []byte(apps)},
			{Name: "tree.txt", Data: []byte(recordedTree)},
		},
	}
	return txtar.Format(archive), ctx.Err()
}

// recordedTree takes the place of the owner's files, which are not read.
const recordedTree = `text - - 2026-01-01T00:00:00Z /sdcard/Download/recorded.txt "the owner's files were not recorded\n"
jpeg - - 2026-01-01T00:00:00Z /sdcard/DCIM/Camera/IMG_20260101_000000.jpg 1 160 120
`

func (c *recording) key(name, value string) { fmt.Fprintf(&c.keys, "%s: %s\n", name, value) }

// ask sends a row. The error means that the handset could not be asked; an answer that
// it refuses is left out of the profile.
func (c *recording) ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	return handset.Ask(ctx, c.r, line)
}

// identifierKeys are properties that identify a unit or its owner, by their name.
var identifierKeys = pattern.New(`(?i)serialno|cpuid|chipid|chip_id|psno|\.sno$|\.sn$|imei|meid|imsi|iccid|\.esn|uuid|mac_?addr|\.mac$|wifimac|btmac|bdaddr|device_?id$|android_?id|bt_?addr|bluetooth.?addr|msisdn|line1|phone_?num|own_?num|mi_?id$|xiaomi_?id|account|user_?id$`)

// droppedKeys are properties with the place of a handset or the name that its owner gave
// it. The mark of an emulated handset is set again.
var droppedKeys = pattern.New(`(?i)^(dhcp|net)\.|ssid|hostname|device_?name$|bt\.name|nick_?name|location|(^|[._])(ip|ip_?addr(ess)?|gateway|dns[0-9]?)$|owner_?name|latitude|longitude|^ro\.preship\.`)

// ordinaryName matches the names that Android gives to users, and no person has.
var ordinaryName = pattern.New(`(?i)^(owner|user( ?[0-9]+)?|null|guest|xspace|second ?space|work( profile)?|managed profile|clone|机主|主人|手机分身|访客)$`)

// learn collects the identifiers: values of the properties that the table of vendors or
// their own name marks.
func (c *recording) learn() {
	keys := slices.Concat(c.id.Vendor.MEID, c.id.Vendor.SN, c.id.Vendor.BoardSN)
	for _, slots := range c.id.Vendor.IMEIProperties {
		keys = append(keys, slots...)
	}
	for _, key := range keys {
		c.hide.learn(c.props[key])
	}
	for key, value := range c.props {
		if identifierKeys().MatchString(key) {
			c.hide.learn(value)
		}
	}
	for _, imei := range c.id.IMEIs.Items {
		c.hide.learn(imei.Value)
	}
	c.hide.learn(c.id.CPUID.Value)
	c.hide.learn(c.id.Serial.Value)
	model := strings.Join([]string{c.id.MarketName.Value, c.id.Model.Value, c.id.Codename.Value, c.props["ro.product.manufacturer"], c.props["ro.product.brand"]}, " ")
	for _, u := range c.id.Users.Items {
		if !slices.Contains(c.id.Vendor.SecondSpaceName, u.Name) && !ordinaryName().MatchString(u.Name) {
			c.hide.learnName(u.Name, model)
		}
	}
	for _, v := range c.id.Volumes.Items {
		c.hide.learn(v.UUID)
	}
}

func (c *recording) title() string {
	name := c.id.MarketName.Value
	if name == "" {
		name = c.id.Model.Value
	}
	title := fmt.Sprintf("%s (%s)", name, c.id.Codename.Value)
	if c.id.Vendor.OwnOS {
		title += fmt.Sprintf(", %s %s", c.id.OS.Name.Value, c.id.OS.Version.Value)
	}
	return dump.Printable([]byte(c.hide.hide(title+", Android "+c.id.Android.Value+", recorded")), 120)
}

// properties writes getprop's answer again.
func (c *recording) properties() string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(c.props)) {
		value := c.props[key]
		if droppedKeys().MatchString(key) || strings.Contains(value, "]\n") {
			continue
		}
		if strings.Contains(key, "build") || strings.Contains(key, "fingerprint") {
			value = c.hide.hideKnown(value)
		} else {
			value = c.hide.hide(value)
		}
		fmt.Fprintf(&b, "[%s]: [%s]\n", key, value)
	}
	return b.String()
}
