package health

import (
	"fmt"
	"strconv"
	"strings"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

// Thermal is how warm the handset is. Status is Android's: 0 no throttling, 1 light, 2
// moderate, 3 severe, 4 critical, 5 emergency, 6 shutdown.
type Thermal struct {
	Status       int
	Temperatures []Temperature
}

// Temperature is one sensor. Kind is "cpu", "gpu", "battery", "skin", "usb", "modem" or
// "npu".
type Temperature struct {
	Name, Kind string
	Celsius    float64
	Status     int // as in Thermal
}

// thermalKinds are the types of the thermal service that are temperatures. The others are
// voltages, currents and percentages.
var thermalKinds = map[int]string{0: "cpu", 1: "gpu", 2: "battery", 3: "skin", 4: "usb", 5: "modem", 9: "npu"}

var (
	thermalStatus = pattern.New(`^Thermal Status: ([0-6])$`)
	thermalValue  = pattern.New(`^\s+Temperature\{mValue=(-?\d{1,6}(?:\.\d{1,9})?), mType=(-?\d{1,3}), mName=([^,{}]{1,60}), mStatus=([0-6])\}$`)
)

// ParseThermal parses "dumpsys thermalservice" (Android 10 on). The temperatures are those
// that the hardware states now, and where it states none, those that Android noted last.
// The error is dump.ErrNoHeading or dump.ErrTooLarge.
func ParseThermal(b []byte) (Thermal, error) {
	t := Thermal{Status: -1}
	var now, noted []Temperature
	into := (*[]Temperature)(nil)
	for line := range lines(b) {
		if m := thermalStatus().FindStringSubmatch(line); m != nil && t.Status < 0 {
			t.Status, _ = strconv.Atoi(m[1]) // one digit
			continue
		}
		if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, " ") {
			switch strings.TrimSpace(line) {
			case "Cached temperatures:":
				into = &noted
			case "Current temperatures from HAL:":
				into = &now
			default:
				into = nil
			}
			continue
		}
		m := thermalValue().FindStringSubmatch(line)
		if m == nil || into == nil {
			continue
		}
		kind, _ := strconv.Atoi(m[2])
		value, _ := strconv.ParseFloat(m[1], 64)
		status, _ := strconv.Atoi(m[4])
		name, known := thermalKinds[kind]
		if !known || value == 0 || value < -40 || value > 150 {
			continue // 0 is a sensor that is not fitted
		}
		if len(*into) == maxList {
			return Thermal{}, fmt.Errorf("thermal service: %w: more than %d sensors", dump.ErrTooLarge, maxList)
		}
		*into = append(*into, Temperature{Name: short(m[3]), Kind: name, Celsius: value, Status: status})
	}
	if t.Status < 0 {
		return Thermal{}, fmt.Errorf("thermal service: %w", dump.ErrNoHeading)
	}
	t.Temperatures = now
	if len(now) == 0 {
		t.Temperatures = noted
	}
	return t, nil
}

// Hottest returns the warmest sensor of a kind, false where there is no such sensor.
func (t Thermal) Hottest(kind string) (hottest Temperature, ok bool) {
	for _, one := range t.Temperatures {
		if one.Kind == kind && (!ok || one.Celsius > hottest.Celsius) {
			hottest, ok = one, true
		}
	}
	return hottest, ok
}
