package fault

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// maxSilent bounds the sensors that are named for having no event.
const maxSilent = 30

func askSensors(ctx context.Context, c *collection) {
	features := c.featureList(ctx)
	list := ask(ctx, c, handset.Sensors.Must(), health.ParseSensors)
	if !list.Known() {
		c.unknown(check.FaultSensors, "fault.sensors.unknown", list.Why, list.Ref)
		return
	}
	out := &report.FaultSensors{Count: len(list.Items), Absent: []string{}, Silent: []string{}}
	c.out.Sensors = out
	for _, s := range list.Items {
		if !s.Seen && !slices.Contains(out.Silent, s.Kind) && len(out.Silent) < maxSilent {
			out.Silent = append(out.Silent, s.Kind)
		}
	}
	if !features.Known() {
		c.unknown(check.FaultSensors, "fault.sensors.unstated", features.Why, list.Ref, features.Ref)
		return
	}
	out.Absent = append(out.Absent, health.Absent(features.Items, list.Items)...)
	observed := message.Say("fault.seen.sensors", "count", out.Count)
	if len(out.Absent) > 0 {
		c.add(check.FaultSensors, report.StatusWarn, message.Say("fault.sensors.absent", "sensors", named(out.Absent)), observed, list.Ref, features.Ref)
		return
	}
	c.add(check.FaultSensors, report.StatusPass, message.Say("fault.sensors.listed"), observed, list.Ref, features.Ref)
}

// partNames are sensors and cameras in words.
var partNames = map[string]message.ID{
	"accelerometer": "fault.sensor.accelerometer", "gyroscope": "fault.sensor.gyroscope", "magnetic_field": "fault.sensor.magnetic-field",
	"light": "fault.sensor.light", "proximity": "fault.sensor.proximity", "pressure": "fault.sensor.pressure",
	"step_counter": "fault.sensor.step-counter", "step_detector": "fault.sensor.step-detector",
	"back": "fault.camera.back", "front": "fault.camera.front",
}

func named(kinds []string) message.Sentence {
	var names []message.Sentence
	for _, kind := range kinds {
		names = append(names, message.Say(partNames[kind]))
	}
	return message.Join(message.Comma, names...)
}

// cameraFeatures are the features by which a maker states a camera.
var cameraFeatures = []struct{ feature, facing string }{{"android.hardware.camera", "back"}, {"android.hardware.camera.front", "front"}}

func askCameras(ctx context.Context, c *collection) {
	features := c.featureList(ctx)
	list := one(ctx, c, handset.Cameras.Must(), health.ParseCameras)
	if !list.Known() {
		c.unknown(check.FaultCameras, "fault.cameras.unknown", list.Why, list.Ref)
		return
	}
	seen := list.Items[0]
	out := &report.FaultCameras{Count: seen.Count, Facing: seen.Facing, Absent: []string{}}
	c.out.Cameras = out
	if !features.Known() {
		c.unknown(check.FaultCameras, "fault.cameras.unstated", features.Why, list.Ref, features.Ref)
		return
	}
	stated := 0
	for _, f := range cameraFeatures {
		if !slices.Contains(features.Items, f.feature) {
			continue
		}
		stated++
		// Where the list names no directions only the number counts.
		if seen.Count == 0 || len(seen.Facing) > 0 && !slices.Contains(seen.Facing, f.facing) {
			out.Absent = append(out.Absent, f.facing)
		}
	}
	switch {
	case len(out.Absent) > 0:
		c.add(check.FaultCameras, report.StatusWarn, message.Say("fault.cameras.absent", "cameras", named(out.Absent)), message.Sentence{}, list.Ref, features.Ref)
	case seen.Count < stated:
		c.add(check.FaultCameras, report.StatusWarn, message.Say("fault.cameras.fewer", "count", seen.Count, "stated", strconv.Itoa(stated)), message.Sentence{}, list.Ref, features.Ref)
	default:
		c.add(check.FaultCameras, report.StatusPass, message.Say("fault.cameras.listed", "count", seen.Count), message.Sentence{}, list.Ref, features.Ref)
	}
}

func askTouch(ctx context.Context, c *collection) {
	list := ask(ctx, c, handset.InputDevices.Must(), health.ParseTouch)
	if !list.Known() {
		c.unknown(check.FaultTouch, "fault.touch.unknown", list.Why, list.Ref)
		return
	}
	c.out.Touch = &report.FaultTouch{Screens: append([]string{}, list.Items...)}
	if len(list.Items) == 0 {
		c.add(check.FaultTouch, report.StatusWarn, message.Say("fault.touch.absent"), message.Sentence{}, list.Ref)
		return
	}
	c.add(check.FaultTouch, report.StatusPass, message.Say("fault.touch.listed"), message.AsIs(strings.Join(list.Items, ", ")), list.Ref)
}
