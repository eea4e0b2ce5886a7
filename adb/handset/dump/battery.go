package dump

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Battery is the state of the battery.
type Battery struct {
	Level    int     // percent
	Health   string  // "good", "overheat", "dead", "over voltage", "failure", "cold", "" is unknown
	Celsius  float64 // temperature
	Charging bool    // a charger or computer powers the handset
}

// batteryHealth is BatteryManager's BATTERY_HEALTH_*.
var batteryHealth = map[int]string{2: "good", 3: "overheat", 4: "dead", 5: "over voltage", 6: "failure", 7: "cold"}

// batteryNumbers are the values that are read. There is one of each.
var batteryNumbers = []string{"level", "scale", "temperature", "health"}

// ParseBattery parses "dumpsys battery". It refuses a state that was set by
// hand ("dumpsys battery set"), which says nothing about the battery.
// The error is ErrNoHeading or ErrMalformed.
func ParseBattery(b []byte) (Battery, error) {
	if !bytes.Contains(b[:min(len(b), maxAnswer)], []byte("Current Battery Service state:")) {
		return Battery{}, fmt.Errorf("battery: %w", ErrNoHeading)
	}
	if bytes.Contains(b, []byte("UPDATES STOPPED")) {
		return Battery{}, fmt.Errorf("battery: %w: its state was set by hand", ErrMalformed)
	}
	values := map[string]int{}
	battery := Battery{}
	lines := bufio.NewScanner(bytes.NewReader(b[:min(len(b), maxAnswer)]))
	for lines.Scan() {
		key, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		value = strings.TrimSpace(value)
		if strings.HasSuffix(key, " powered") && value == "true" {
			battery.Charging = true
		}
		n, err := strconv.Atoi(value)
		if err != nil || !slices.Contains(batteryNumbers, key) {
			continue
		}
		if have, twice := values[key]; twice && have != n {
			return Battery{}, fmt.Errorf("battery: %w: two values of %s", ErrMalformed, key)
		}
		values[key] = n
	}
	level, ok := values["level"]
	scale, hasScale := values["scale"]
	if !hasScale {
		scale = 100
	}
	tenths, hasTemperature := values["temperature"]
	if !ok || !hasTemperature || scale <= 0 || level < 0 || level > scale || tenths < -500 || tenths > 1500 {
		return Battery{}, fmt.Errorf("battery: %w: level %d of %d, temperature %d", ErrMalformed, level, scale, tenths)
	}
	battery.Level = level * 100 / scale
	battery.Celsius = float64(tenths) / 10
	battery.Health = batteryHealth[values["health"]]
	return battery, nil
}
