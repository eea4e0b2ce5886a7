package adb

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// Lines as servers print them: column 23 begins the state.
const noPermLong = "no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html]"

func TestParseDevices(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []DeviceInfo
	}{
		{"none", "", nil},
		{"all attributes", "8a1b2c3d               device usb:1-4 product:sunny_global model:M2101K7AG device:sunny transport_id:3\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: StateDevice, USB: "1-4", Product: "sunny_global", Model: "M2101K7AG", Device: "sunny", TransportID: 3},
		}},
		{"path without its name", "8a1b2c3d               device 3-1 product:p model:m device:d transport_id:5\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: StateDevice, USB: "3-1", Product: "p", Model: "m", Device: "d", TransportID: 5},
		}},
		{"over TCP", "127.0.0.1:5555         device product: model: device: transport_id:2\n", []DeviceInfo{
			{Serial: "127.0.0.1:5555", State: StateDevice, TransportID: 2},
		}},
		{"no permissions", "8a1b2c3d               " + noPermLong + " usb:1-4 transport_id:7\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: StateNoPermissions, Detail: strings.TrimPrefix(noPermLong, "no permissions "), USB: "1-4", TransportID: 7},
		}},
		{"no permissions, no link", "8a1b2c3d               no permissions (verify udev rules) usb:1-4\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: StateNoPermissions, Detail: "(verify udev rules)", USB: "1-4"},
		}},
		{"no permissions, bare", "8a1b2c3d               no permissions\n", []DeviceInfo{{Serial: "8a1b2c3d", State: StateNoPermissions}}},
		{"no serial number", "(no serial number)     unauthorized usb:2-1 transport_id:1\n", []DeviceInfo{
			{Serial: "(no serial number)", State: StateUnauthorized, USB: "2-1", TransportID: 1},
		}},
		{"a serial that holds a state", "my device              offline transport_id:1\n", []DeviceInfo{
			{Serial: "my device", State: StateOffline, TransportID: 1},
		}},
		{"longer than the column", "adb-14141FDF600081-QXjCrW (2)._adb-tls-connect._tcp device product:p model:m device:d transport_id:9\n", []DeviceInfo{
			{Serial: "adb-14141FDF600081-QXjCrW (2)._adb-tls-connect._tcp", State: StateDevice, Product: "p", Model: "m", Device: "d", TransportID: 9},
		}},
		{"exactly the column", "0123456789012345678901 recovery transport_id:4\n", []DeviceInfo{
			{Serial: "0123456789012345678901", State: StateRecovery, TransportID: 4},
		}},
		{"a state of tomorrow", "8a1b2c3d               levitating usb:1-1 transport_id:4\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: "levitating", USB: "1-1", TransportID: 4},
		}},
		{"short form", "8a1b2c3d\tsideload\nemulator-5554\tdevice\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: StateSideload},
			{Serial: "emulator-5554", State: StateDevice},
		}},
		{"short form of two words", "a b\t" + noPermLong + "\r\n", []DeviceInfo{
			{Serial: "a b", State: StateNoPermissions, Detail: strings.TrimPrefix(noPermLong, "no permissions ")},
		}},
		{"a number too large", "s                      device transport_id:99999999999999999999\n", []DeviceInfo{{Serial: "s", State: StateDevice}}},
	}
	for _, state := range []State{
		StateDevice, StateUnauthorized, StateAuthorizing, StateConnecting, StateOffline, StateRecovery,
		StateSideload, StateRescue, StateBootloader, StateHost, StateDetached,
	} {
		tests = append(tests, struct {
			name, text string
			want       []DeviceInfo
		}{string(state), "8a1b2c3d               " + string(state) + " transport_id:1\n", []DeviceInfo{
			{Serial: "8a1b2c3d", State: state, TransportID: 1},
		}})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseDevices(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("parseDevices(%q)\n got %+v\nwant %+v", tt.text, got, tt.want)
			}
		})
	}
}

func TestParseDevicesRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"8a1b2c3d", "8a1b2c3d\n", "\tdevice\n", "serial\t\n", "ok device\nlonely\n"} {
		if got, err := parseDevices(text); !errors.Is(err, ErrProtocol) {
			t.Errorf("parseDevices(%q) = %+v, %v, want ErrProtocol", text, got, err)
		}
	}
}

func FuzzParseDevices(f *testing.F) {
	f.Add(oneDevice)
	f.Add("(no serial number)     " + noPermLong + " usb:1-4 transport_id:7\n")
	f.Add("adb-1-x (2)._adb-tls-connect._tcp device product:p\n8a1b2c3d\tsideload\n")
	f.Add("8a1b2c3d               no permissions ]( usb:")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseDevices(text)
		if err != nil {
			return
		}
		for _, d := range list {
			if d.Serial == "" || d.State == StateAbsent || d.TransportID < 0 {
				t.Errorf("parseDevices(%q) holds %+v", text, d)
			}
		}
	})
}

func TestPick(t *testing.T) {
	ready := DeviceInfo{Serial: "a", State: StateDevice}
	tests := []struct {
		name, list, serial, env string
		want                    DeviceInfo
		is                      []error
	}{
		{name: "none", is: []error{ErrNoDevice}},
		{name: "the only one", list: "a\tdevice\n", want: ready},
		{name: "named", list: "b\tdevice\na\tdevice\n", serial: "a", want: ready},
		{name: "named by the environment", list: "b\tdevice\na\tdevice\n", env: "a", want: ready},
		{name: "the argument beats the environment", list: "b\tdevice\na\tdevice\n", serial: "a", env: "b", want: ready},
		{name: "named and absent", list: "b\tdevice\n", serial: "a", want: DeviceInfo{Serial: "a"}, is: []error{ErrNoDevice}},
		{name: "named by the environment and absent", list: "b\tdevice\n", env: "a", want: DeviceInfo{Serial: "a"}, is: []error{ErrNoDevice}},
		{name: "several", list: "b\tdevice\na\tunauthorized\n", is: []error{ErrManyDevices}},
		{name: "one without permissions is passed over", list: "b\tno permissions\na\tdevice\n", want: ready},
		{name: "unauthorized", list: "a\tunauthorized\n", want: DeviceInfo{Serial: "a", State: StateUnauthorized}, is: []error{ErrUnauthorized, ErrNotReady}},
		{name: "offline", list: "a\toffline\n", want: DeviceInfo{Serial: "a", State: StateOffline}, is: []error{ErrOffline, ErrNotReady}},
		{name: "no permissions", list: "a\tno permissions (x)\n", want: DeviceInfo{Serial: "a", State: StateNoPermissions, Detail: "(x)"}, is: []error{ErrNoPermissions, ErrNotReady}},
		{name: "recovery", list: "a\trecovery\n", want: DeviceInfo{Serial: "a", State: StateRecovery}, is: []error{ErrNotReady}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("ANDROID_SERIAL", tt.env)
			s := newScriptedServer(t)
			s.Devices = tt.list
			d, info, err := s.client(t).Pick(t.Context(), tt.serial)
			if info != tt.want {
				t.Errorf("info = %+v, want %+v", info, tt.want)
			}
			if len(tt.is) == 0 && err != nil {
				t.Errorf("error %v, want none", err)
			}
			for _, is := range tt.is {
				if !errors.Is(err, is) {
					t.Errorf("error %v is not %v", err, is)
				}
			}
			var state *StateError
			if usable := err == nil || errors.As(err, &state); usable != (d != nil) {
				t.Errorf("device = %v with error %v", d, err)
			}
		})
	}
}
