package health

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

// Service is the state of one modem's network. A value that is not printed is empty or nil.
type Service struct {
	Phone       int    // 0 is the first slot
	Voice, Data string // "IN_SERVICE", "OUT_OF_SERVICE", "EMERGENCY_ONLY", "POWER_OFF"
	DBm         *int   // signal of the cell in use
	Level       *int   // bars, 0 to 4
}

// serviceStates are those of android.telephony.ServiceState, which Android 8 and older
// print as numbers.
var serviceStates = []string{"IN_SERVICE", "OUT_OF_SERVICE", "EMERGENCY_ONLY", "POWER_OFF"}

var (
	phoneLine   = pattern.New(`^\s*Phone Id=([0-3])$`)
	voiceState  = pattern.New(`mVoiceRegState=([0-3])(?:\(([A-Z_]{1,20})\))?`)
	dataState   = pattern.New(`mDataRegState=([0-3])(?:\(([A-Z_]{1,20})\))?`)
	oldState    = pattern.New(`^\s*mServiceState=([0-3]) ([0-3]) `)
	cellSignal  = pattern.New(`(?:rsrp|ssRsrp|rscp) ?= ?(-\d{2,3})\b`) // of 4G, 5G and 3G
	gsmSignal   = pattern.New(`rssi ?= ?(-\d{2,3})\b`)
	signalLevel = pattern.New(`\b(?:m?[Ll]evel) ?= ?([0-4])\b`)
)

// ParseServices parses "dumpsys telephony.registry". It reads the state and the signal, and
// neither names of networks nor numbers. The error is dump.ErrNoHeading.
func ParseServices(b []byte) ([]Service, error) {
	var list []Service
	phone, heading := 0, false
	at := func() *Service {
		for i := range list {
			if list[i].Phone == phone {
				return &list[i]
			}
		}
		list = append(list, Service{Phone: phone})
		return &list[len(list)-1]
	}
	for line := range lines(b) {
		if m := phoneLine().FindStringSubmatch(line); m != nil {
			phone, _ = strconv.Atoi(m[1]) // one digit
			heading = true
			continue
		}
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch key {
		case "mServiceState":
			if s := at(); s.Voice == "" {
				s.Voice, s.Data = states(line)
			}
		case "mSignalStrength":
			if s := at(); s.DBm == nil && s.Level == nil {
				s.signal(value)
			}
		}
		// The lines below are earlier notifications to apps, not the current state.
		if strings.HasPrefix(strings.TrimSpace(line), "local logs") || strings.HasPrefix(strings.TrimSpace(line), "listen logs") {
			break
		}
	}
	if !heading || len(list) == 0 {
		return nil, fmt.Errorf("telephony registry: %w", dump.ErrNoHeading)
	}
	return list, nil
}

func states(line string) (voice, data string) {
	if m := oldState().FindStringSubmatch(line); m != nil {
		return serviceStates[m[1][0]-'0'], serviceStates[m[2][0]-'0']
	}
	one := func(re *regexp.Regexp) string {
		if m := re.FindStringSubmatch(line); m != nil {
			return serviceStates[m[1][0]-'0']
		}
		return ""
	}
	return one(voiceState()), one(dataState())
}

// signal takes the strongest technology that has a level: the others print a number that
// stands for none.
func (s *Service) signal(value string) {
	for _, part := range strings.Split(value, "CellSignalStrength") {
		level := signalLevel().FindStringSubmatch(part)
		dbm := cellSignal().FindStringSubmatch(part)
		if dbm == nil {
			dbm = gsmSignal().FindStringSubmatch(part)
		}
		if level == nil || dbm == nil {
			continue
		}
		l, _ := strconv.Atoi(level[1])
		d, _ := strconv.Atoi(dbm[1])
		if d > -20 || d < -150 || s.Level != nil && l <= *s.Level {
			continue
		}
		s.Level, s.DBm = &l, &d
	}
}

var (
	wifiState = pattern.New(`(?m)^Wifi is (enabled|disabled)\r?$`)
	wifiLink  = pattern.New(`(?m)^Wifi is (connected to|not connected)\b`)
	btState   = pattern.New(`(?m)^\s*enabled: (true|false)\r?$`)
)

// ParseWiFi parses "cmd wifi status" (Android 11 on). connected is nil where the switch is
// off. The error is dump.ErrNoHeading.
func ParseWiFi(b []byte) (on bool, connected *bool, err error) {
	m := wifiState().FindSubmatch(b[:min(len(b), Most)])
	if m == nil {
		return false, nil, fmt.Errorf("wifi: %w", dump.ErrNoHeading)
	}
	if on = string(m[1]) == "enabled"; on {
		if m := wifiLink().FindSubmatch(b[:min(len(b), Most)]); m != nil {
			yes := string(m[1]) == "connected to"
			connected = &yes
		}
	}
	return on, connected, nil
}

// ParseBluetooth parses "dumpsys bluetooth_manager". The error is dump.ErrNoHeading.
func ParseBluetooth(b []byte) (on bool, err error) {
	b = b[:min(len(b), 4096)]
	m := btState().FindSubmatch(b)
	if m == nil || !strings.HasPrefix(strings.TrimSpace(string(b)), "Bluetooth Status") {
		return false, fmt.Errorf("bluetooth: %w", dump.ErrNoHeading)
	}
	return string(m[1]) == "true", nil
}
