package adb

import (
	"errors"
	"strings"
	"testing"

	"preship/report/message"
)

func TestRefusal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		is   error
	}{
		{"device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb kill-server' if that seems wrong.\nOtherwise check for a confirmation dialog on your device.", ErrUnauthorized},
		{"device still authorizing", ErrUnauthorized},
		{"device still connecting", ErrOffline},
		{"device offline", ErrOffline},
		{"device 'x' not found", ErrNoDevice},
		{"no devices/emulators found", ErrNoDevice},
		{"no devices found", ErrNoDevice},
		{"no emulators found", ErrNoDevice},
		{"no device with transport id '7'", ErrNoDevice},
		{"no such device '10.0.0.1:5555'", ErrNoDevice},
		{"more than one device/emulator", ErrManyDevices},
		{"more than one device", ErrManyDevices},
		{"insufficient permissions for device: user in plugdev group; are your udev rules wrong?\nSee [http://developer.android.com/tools/device.html] for more information", ErrNoPermissions},
		{"unknown host service", errUnknownService},
		{"failed to authenticate to 10.0.0.1:5555", ErrUnauthorized},
		{"closed", ErrRefused},
		{"", ErrRefused},
	}
	kinds := []error{ErrUnauthorized, ErrOffline, ErrNoDevice, ErrManyDevices, ErrNoPermissions, ErrRefused}
	for _, tt := range tests {
		err := refusal(tt.text)
		if !errors.Is(err, tt.is) {
			t.Errorf("refusal(%q) = %v, is not %v", tt.text, err, tt.is)
		}
		for _, kind := range kinds {
			if kind != tt.is && errors.Is(err, kind) && !errors.Is(tt.is, kind) {
				t.Errorf("refusal(%q) = %v, is %v too", tt.text, err, kind)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("refusal(%q) = %q, more than a line", tt.text, err)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want string
	}{
		{&StateError{Serial: "s", State: StateUnauthorized}, "s: handset state: unauthorized"},
		{&StateError{Serial: "s", State: StateNoPermissions, Detail: "(x)"}, "s: handset state: no permissions (x)"},
		{&ManyDevicesError{Devices: []DeviceInfo{{Serial: "a"}, {Serial: "b"}}}, "2 handsets: a, b"},
		{&SyncError{Op: "recv", Path: "/a\n", Message: "open failed: Permission denied", Errno: 13}, `recv "/a\n": open failed: Permission denied`},
		{&SyncError{Op: "stat", Path: "/a", Errno: 2}, `stat "/a": no such file or directory`},
		{&SyncError{Op: "stat", Path: "/a", Errno: 99}, `stat "/a": errno 99`},
		{&LostError{Next: 4, Err: ErrGone}, "stream lost at request 4: the handset disconnected"},
		{refusal("closed"), `service refused: "closed"`},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// An error is read by people: it says a thing once.
func TestErrorsSayItOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{refusal("device offline"), "device offline"},
		{refusal("device 'x' not found"), `no such device: "device 'x' not found"`},
		{&goneError{"7f3a", ErrClosed}, "7f3a: the handset disconnected"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if err := error(&strangerError{"h:1", ErrClosed}); !errors.Is(err, ErrStranger) || !errors.Is(err, ErrClosed) {
		t.Errorf("%v is not both ErrStranger and ErrClosed", err)
	}
	if err := error(&goneError{"7f3a", ErrClosed}); !errors.Is(err, ErrGone) || !errors.Is(err, ErrClosed) {
		t.Errorf("%v is not both ErrGone and ErrClosed", err)
	}
}

// The errors that name handsets have words in every language, also behind other errors.
func TestErrorsOfDevicesSpeakTheLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err    error
		es, zh string
	}{
		{&StateError{Serial: "s", State: StateUnauthorized, Detail: "(x)"}, "s: estado del teléfono: sin autorizar (unauthorized) (x)", "s：手机状态：未授权（unauthorized）(x)"},
		{&StateError{Serial: "s", State: "new"}, "s: estado del teléfono: new", "s：手机状态：new"},
		{&ManyDevicesError{Devices: []DeviceInfo{{Serial: "a"}, {Serial: "b"}}}, "2 teléfonos: a, b", "2 部手机：a，b"},
		{message.Error(message.Say("error.no-device"), &ManyDevicesError{Devices: []DeviceInfo{{Serial: "a"}}}), "no está conectado: 1 teléfono: a", "未连接：1 部手机：a"},
	} {
		for language, want := range map[string]string{"es": tt.es, "zh": tt.zh} {
			if got, known := message.Of(tt.err).In(language); got != want || !known {
				t.Errorf("%v in %s: got %q, %v; want %q", tt.err, language, got, known, want)
			}
		}
	}
}
