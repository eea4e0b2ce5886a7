package health

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

// Sensor is one sensor that Android lists. Seen is that an event of it is among the last
// ones: a sensor that no app used has none.
type Sensor struct {
	Name, Kind string // Kind is "accelerometer", without "android.sensor."
	Seen       bool
}

var (
	sensorLine   = pattern.New(`^\s*0[x0][0-9a-f]{8}\) (.{1,120}?)\s*\|.*\| type: ([\w.]{1,80})\(\d{1,9}\) \|`)
	sensorEvents = pattern.New(`^\s*(.{1,120}?): last [1-9]\d{0,4} events`)
)

// ParseSensors parses "dumpsys sensorservice" of Android 7 on. The error is
// dump.ErrNoHeading or dump.ErrTooLarge. A list without an entry is an error: Android
// itself adds sensors to the list of every phone.
func ParseSensors(b []byte) ([]Sensor, error) {
	var list []Sensor
	section := ""
	for line := range lines(b) {
		switch strings.TrimSpace(line) {
		case "Sensor List:", "Fusion States:", "Recent Sensor events:", "Active sensors:":
			section = strings.TrimSpace(line)
			continue
		}
		switch section {
		case "Sensor List:":
			if m := sensorLine().FindStringSubmatch(line); m != nil {
				if len(list) == maxList {
					return nil, fmt.Errorf("sensors: %w: more than %d", dump.ErrTooLarge, maxList)
				}
				list = append(list, Sensor{Name: short(m[1]), Kind: strings.TrimPrefix(m[2], "android.sensor.")})
			}
		case "Recent Sensor events:":
			if m := sensorEvents().FindStringSubmatch(line); m != nil {
				for i := range list {
					list[i].Seen = list[i].Seen || list[i].Name == short(m[1])
				}
			}
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("sensors: %w", dump.ErrNoHeading)
	}
	return list, nil
}

// sensorFeatures are the features by which a maker states that the handset has a sensor,
// and the kind in Android's list.
var sensorFeatures = map[string]string{
	"android.hardware.sensor.accelerometer": "accelerometer", "android.hardware.sensor.gyroscope": "gyroscope",
	"android.hardware.sensor.compass": "magnetic_field", "android.hardware.sensor.light": "light",
	"android.hardware.sensor.proximity": "proximity", "android.hardware.sensor.barometer": "pressure",
	"android.hardware.sensor.stepcounter": "step_counter", "android.hardware.sensor.stepdetector": "step_detector",
}

// Absent returns the kinds of sensors that the features state and the list lacks, sorted.
func Absent(features []string, list []Sensor) (kinds []string) {
	for feature, kind := range sensorFeatures {
		if slices.Contains(features, feature) && !slices.ContainsFunc(list, func(s Sensor) bool { return s.Kind == kind }) {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// Cameras is what the camera service lists. Facing has "back", "front" or "external" for
// each camera that it describes.
type Cameras struct {
	Count  int
	Facing []string
}

var (
	cameraCount  = pattern.New(`(?m)^\s*Number of camera devices: (\d{1,3})\r?$`)
	cameraFacing = pattern.New(`(?mi)^\s*Facing: (back|front|external)\r?$`)
)

// ParseCameras parses "dumpsys media.camera". The error is dump.ErrNoHeading.
func ParseCameras(b []byte) (Cameras, error) {
	b = b[:min(len(b), Most)]
	m := cameraCount().FindSubmatch(b)
	if m == nil {
		return Cameras{}, fmt.Errorf("cameras: %w", dump.ErrNoHeading)
	}
	c := Cameras{}
	c.Count, _ = strconv.Atoi(string(m[1])) // at most three digits
	for _, f := range cameraFacing().FindAllSubmatch(b, c.Count) {
		c.Facing = append(c.Facing, strings.ToLower(string(f[1])))
	}
	return c, nil
}

var (
	inputDevice  = pattern.New(`^    (-?\d{1,9}): (.{1,80})$`)
	inputClasses = pattern.New(`^      Classes: (.{1,200})$`)
	inputPath    = pattern.New(`^      Path: (/dev/input/\S{1,40})$`)
)

// ParseTouch parses "dumpsys input" and returns the names of the touch screens that are
// built in: those with a device file that no virtual device has. The error is
// dump.ErrNoHeading. An empty list means that Android has input devices, and no touch
// screen among them.
func ParseTouch(b []byte) (names []string, err error) {
	inside, any := false, false
	name, touch := "", false
	for line := range lines(b) {
		switch {
		case strings.HasPrefix(line, "Event Hub State:"):
			inside = true
			continue
		case inside && line != "" && !strings.HasPrefix(line, " "):
			inside = false
		}
		if !inside {
			continue
		}
		if m := inputDevice().FindStringSubmatch(line); m != nil {
			name, touch, any = short(m[2]), false, true
		} else if m := inputClasses().FindStringSubmatch(line); m != nil {
			touch = isTouch(m[1])
		} else if inputPath().MatchString(line) && touch && name != "" {
			names = append(names, name)
			touch = false
		}
	}
	if !any {
		return nil, fmt.Errorf("input: %w", dump.ErrNoHeading)
	}
	return names, nil
}

// wakefulness is the line of "dumpsys power" with the state of the screen.
var wakefulness = pattern.New(`^\s*mWakefulness=(Awake|Asleep|Dozing|Dreaming)$`)

// ParseWakefulness parses "dumpsys power" and returns the state of the screen: Awake, Asleep,
// Dozing or Dreaming. The error is dump.ErrNoHeading if there is no such line, and
// dump.ErrMalformed if there are several.
func ParseWakefulness(b []byte) (state []string, err error) {
	for line := range lines(b) {
		if m := wakefulness().FindStringSubmatch(line); m != nil {
			state = append(state, m[1])
		}
	}
	switch len(state) {
	case 0:
		return nil, fmt.Errorf("power: %w", dump.ErrNoHeading)
	case 1:
		return state, nil
	}
	return nil, fmt.Errorf("power: %w", dump.ErrMalformed)
}

// isTouch reads the classes of an input device: names since Android 11, bits before. Bit 2
// is a touch device, bit 4 one for several fingers.
func isTouch(classes string) bool {
	if bits, ok := strings.CutPrefix(strings.TrimSpace(classes), "0x"); ok {
		n, err := strconv.ParseUint(bits, 16, 32)
		return err == nil && n&0x10 != 0
	}
	return slices.Contains(strings.Split(classes, " | "), "TOUCH_MT") && !bytes.Contains([]byte(classes), []byte("VIRTUAL"))
}
