package adb

import (
	"context"
	"fmt"
	"os"
)

// Pick finds the device to work on: the one named, else the one that
// ANDROID_SERIAL names, else the only one. The error is ErrNoDevice, a
// *ManyDevicesError, or a *StateError when the device is listed in any state
// but "device"; with a *StateError the device and its info are returned too.
func (c *Client) Pick(ctx context.Context, serial string) (*Device, DeviceInfo, error) {
	list, err := c.Devices(ctx)
	if err != nil {
		return nil, DeviceInfo{}, err
	}
	if serial == "" {
		serial = os.Getenv("ANDROID_SERIAL")
	}
	info, err := pick(list, serial)
	if err != nil {
		return nil, info, err
	}
	d := c.Device(info.Serial)
	if info.State != StateDevice {
		return d, info, &StateError{Serial: info.Serial, State: info.State, Detail: info.Detail}
	}
	return d, info, nil
}

func pick(list []DeviceInfo, serial string) (DeviceInfo, error) {
	if serial != "" {
		info := Find(list, serial)
		if info.State == StateAbsent {
			return info, fmt.Errorf("%s: %w", serial, ErrNoDevice)
		}
		return info, nil
	}
	// Like adb itself, a device without permissions is passed over when there is
	// another.
	var usable []DeviceInfo
	for _, d := range list {
		if d.State != StateNoPermissions {
			usable = append(usable, d)
		}
	}
	if len(usable) == 0 {
		usable = list
	}
	switch len(usable) {
	case 0:
		return DeviceInfo{}, ErrNoDevice
	case 1:
		return usable[0], nil
	}
	return DeviceInfo{}, &ManyDevicesError{Devices: usable}
}
